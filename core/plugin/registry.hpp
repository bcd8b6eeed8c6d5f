// All plugins of the configured folders, and the components in them by name. One bad plugin is refused with its reason and harms no
// other. Loaded by one thread at start; read by any after that.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "qonduit/host/component.hpp"
#include "qonduit/status.hpp"

namespace qonduit::plugin {

// A component, and the file it was loaded from.
class Component : public host::Component {
 public:
  Component(host::Host& host, const qonduit_plugin& plugin, const qonduit_component& component, std::filesystem::path path)
      : host::Component(host, plugin, component), path_(std::move(path)) {}

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Refusal {
  std::filesystem::path path;
  Status status;
};

class Registry {
 public:
  // Loads every *.so of the folders, in order and lexically within each. A folder that is not there is a refusal too. A plugin with a
  // component whose name another one has taken, as sink or as adapter, is refused whole: a name means one thing.
  std::vector<Refusal> load(const std::vector<std::filesystem::path>& folders);

  // Components and pointers to them are valid until the next load.
  [[nodiscard]] const std::vector<Component>& components() const { return components_; }
  [[nodiscard]] const Component* find_sink(std::string_view name) const { return find(name, false); }
  [[nodiscard]] const Component* find_adapter(std::string_view name) const { return find(name, true); }
  // "there is no sink 'cvs' (did you mean 'csv'?)"
  [[nodiscard]] std::string unknown_sink(std::string_view name) const;
  [[nodiscard]] std::string unknown_adapter(std::string_view name) const;
  [[nodiscard]] std::string unknown_component(std::string_view name) const;

 private:
  [[nodiscard]] const Component* find(std::string_view name, bool adapter) const;
  Status add(const std::filesystem::path& file);

  std::vector<Component> components_;
};

}  // namespace qonduit::plugin

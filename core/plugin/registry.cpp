#include "core/plugin/registry.hpp"

#include <algorithm>
#include <system_error>

#include "core/plugin/library.hpp"
#include "core/plugin/process_host.hpp"
#include "qonduit/suggestion.hpp"

namespace qonduit::plugin {
namespace {

std::string unknown(std::string_view what, std::string_view name, const std::vector<std::string_view>& known) {
  return "there is no " + std::string(what) + " '" + std::string(name) + "'" + suggestion(name, known);
}

std::vector<std::filesystem::path> libraries_in(const std::filesystem::path& folder, std::error_code& error) {
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".so") files.push_back(entry->path());
  }
  return files;
}

}  // namespace

std::vector<Refusal> Registry::load(const std::vector<std::filesystem::path>& folders) {
  std::vector<Refusal> refusals;
  std::vector<std::filesystem::path> seen;
  for (const auto& folder : folders) {
    std::error_code error;
    const auto real = std::filesystem::canonical(folder, error);
    // Naming a folder twice loads it once.
    if (!error && std::find(seen.begin(), seen.end(), real) != seen.end()) continue;
    std::vector<std::filesystem::path> files;
    if (!error) files = libraries_in(folder, error);
    if (error) {
      refusals.push_back({folder, {Code::not_found, "the folder of plugins '" + folder.string() + "' cannot be read: " + error.message()}});
      continue;
    }
    seen.push_back(real);
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      if (auto status = add(file); !status.ok()) refusals.push_back({file, std::move(status)});
    }
  }
  return refusals;
}

Status Registry::add(const std::filesystem::path& file) {
  auto loaded = load_library(file);
  if (!loaded) return std::move(loaded).error();
  const auto& plugin = **loaded;
  for (std::size_t i = 0; i < plugin.component_count; ++i) {
    const Component component(process_host(), plugin, *plugin.components[i], file);
    const auto other =
        std::find_if(components_.begin(), components_.end(), [&](const auto& known) { return known.name() == component.name(); });
    if (other != components_.end()) {
      return {Code::already_exists, "'" + file.string() + "' holds a component named '" + std::string(component.name()) + "', as '" +
                                        other->path().string() + "' does; remove one of them"};
    }
  }
  for (std::size_t i = 0; i < plugin.component_count; ++i) components_.emplace_back(process_host(), plugin, *plugin.components[i], file);
  return {};
}

const Component* Registry::find(std::string_view name, bool adapter) const {
  const auto found = std::find_if(components_.begin(), components_.end(),
                                  [&](const auto& component) { return component.is_adapter() == adapter && component.name() == name; });
  return found == components_.end() ? nullptr : &*found;
}

std::string Registry::unknown_sink(std::string_view name) const {
  std::vector<std::string_view> known;
  for (const auto& component : components_) {
    if (!component.is_adapter()) known.push_back(component.name());
  }
  return unknown("sink", name, known);
}

std::string Registry::unknown_adapter(std::string_view name) const {
  std::vector<std::string_view> known;
  for (const auto& component : components_) {
    if (component.is_adapter()) known.push_back(component.name());
  }
  return unknown("adapter", name, known);
}

std::string Registry::unknown_component(std::string_view name) const {
  std::vector<std::string_view> known;
  for (const auto& component : components_) known.push_back(component.name());
  return unknown("sink or adapter", name, known);
}

}  // namespace qonduit::plugin

// A component of a loaded plugin, and the host that loaded it: a light value that points into tables which live as long
// as the process.
#pragma once

#include <qonduit/abi.h>
#include <qonduit/host/host.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace qonduit::host {

// What an instance is made for.
struct Purpose {
  std::string name = {};      // of the sink, as configured
  std::string pipeline = {};  // empty: for none
  Folders folders = {};
};

class Component {
 public:
  Component(Host& host, const qonduit_plugin& plugin, const qonduit_component& component)
      : host_(&host), plugin_(&plugin), component_(&component) {}

  [[nodiscard]] std::string_view name() const { return {component_->name.data, component_->name.size}; }
  [[nodiscard]] std::string_view describe_json() const { return {component_->describe_json.data, component_->describe_json.size}; }
  [[nodiscard]] std::string_view plugin_name() const { return {plugin_->name.data, plugin_->name.size}; }
  [[nodiscard]] std::string_view plugin_version() const { return {plugin_->version.data, plugin_->version.size}; }
  [[nodiscard]] std::uint32_t plugin_minor() const { return plugin_->minor; }
  [[nodiscard]] bool is_adapter() const { return component_->adapter != nullptr; }
  // REQUIRES: of that kind.
  [[nodiscard]] const qonduit_sink_api& sink() const { return *component_->sink; }
  [[nodiscard]] const qonduit_adapter_api& adapter() const { return *component_->adapter; }
  // "sink 'csv'": for messages.
  [[nodiscard]] std::string text() const { return (is_adapter() ? "adapter '" : "sink '") + std::string(name()) + "'"; }

  // The table of an extension, if the component has one that reaches up to its last member of minor 1; else null.
  template <typename Table>
  [[nodiscard]] const Table* extension(std::string_view extension_name, std::size_t needed) const {
    if (!QONDUIT_HAS(qonduit_component, component_, extension)) return nullptr;
    try {
      const auto* table = static_cast<const Table*>(component_->extension({extension_name.data(), extension_name.size()}));
      return table != nullptr && table->struct_size >= needed ? table : nullptr;
    } catch (...) {
      return nullptr;
    }
  }

  // A place for calls of this component, of an instance or without one.
  [[nodiscard]] std::unique_ptr<Place> place(Purpose purpose = {}) const {
    Origin origin;
    origin.plugin = plugin_name(), origin.component = name();
    origin.name = std::move(purpose.name), origin.pipeline = std::move(purpose.pipeline);
    return std::make_unique<Place>(*host_, std::move(origin), std::move(purpose.folders));
  }

 private:
  Host* host_;
  const qonduit_plugin* plugin_;
  const qonduit_component* component_;
};

}  // namespace qonduit::host

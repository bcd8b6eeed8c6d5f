// Makes a plugin out of components: QONDUIT_PLUGIN defines the one exported symbol and the C tables behind it. Nothing of C++ crosses the
// boundary: exceptions become Code::internal, texts are borrowed or copied by the host, instances are opaque.
//
//   QONDUIT_PLUGIN("lines", "1.0.0", qonduit::sink<LinesSink, kOptions>("lines", "One line per row."))
//
// A sink or adapter is constructed from its options; where a combination of options can be wrong, the class may have instead
//   static qonduit::Result<std::unique_ptr<LinesSink>> create(LinesOptions options);
#pragma once

#include <qonduit/abi.h>
#include <qonduit/adapter.hpp>
#include <qonduit/detail/adapter_table.hpp>
#include <qonduit/detail/sink_table.hpp>
#include <qonduit/log.hpp>
#include <qonduit/options.hpp>
#include <qonduit/sink.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit {

// A component declared: kept until the host asks for the plugin's table.
struct ComponentDeclaration {
  std::string_view name;
  std::string_view summary;
  std::string (*describe)(std::string_view summary);
  const qonduit_sink_api* sink;
  const qonduit_adapter_api* adapter;
  const void* (*extension)(qonduit_str name);
};

template <typename S, const auto& Table = no_options>
ComponentDeclaration sink(std::string_view name, std::string_view summary) {
  return {name,
          summary,
          [](std::string_view text) { return describe_options(Table, text); },
          detail::sink_table<S, Table>(),
          nullptr,
          detail::sink_extension<S>};
}

template <typename A, const auto& Table = no_options>
ComponentDeclaration adapter(std::string_view name, std::string_view summary) {
  return {name,   summary, [](std::string_view text) { return describe_options(Table, text); }, nullptr, detail::adapter_table<A, Table>(),
          nullptr};
}

namespace detail {

// The smallest host table this plugin works with: error_set, and what QONDUIT_REQUIRES_HOST adds.
[[gnu::visibility("hidden")]] inline std::uint32_t& host_size_needed() noexcept {
  static std::uint32_t size = QONDUIT_SIZE_UP_TO(qonduit_host, error_set);
  return size;
}
inline bool require_host(std::size_t size) noexcept {
  auto& needed = host_size_needed();
  if (size > needed) needed = static_cast<std::uint32_t>(size);
  return true;
}

// The plugin's tables, built once and never destroyed: the host holds pointers to them until the process ends.
struct PluginTables {
  std::string name, version;
  std::vector<std::string> names;
  std::vector<std::string> descriptions;
  std::vector<qonduit_component> components;
  std::vector<const qonduit_component*> pointers;
  qonduit_plugin plugin;

  PluginTables(std::string_view plugin_name, std::string_view plugin_version, std::initializer_list<ComponentDeclaration> declared)
      : name(plugin_name), version(plugin_version), names(declared.size()), descriptions(declared.size()), components(declared.size()) {
    std::size_t i = 0;
    for (const auto& component : declared) {
      names[i] = component.name;
      descriptions[i] = component.describe(component.summary);
      components[i] = {sizeof(qonduit_component), 0, borrow(names[i]), borrow(descriptions[i]), component.sink, component.adapter,
                       component.extension};
      pointers.push_back(&components[i]);
      ++i;
    }
    plugin = {sizeof(qonduit_plugin), 0, host_size_needed(), QONDUIT_ABI_MINOR, borrow(name), borrow(version), pointers.size(),
              pointers.data()};
  }
};

// Hidden, so that two plugins in one process never share the tables. A host of any size is given the tables, and says itself when the
// plugin needs more of it.
[[gnu::visibility("hidden")]] inline const qonduit_plugin* make_plugin(const qonduit_context* given, std::string_view name,
                                                                       std::string_view version,
                                                                       std::initializer_list<ComponentDeclaration> declared) noexcept {
  const Context::Scope scope{Context(given)};
  try {
    static const auto* tables = new PluginTables(name, version, declared);
    return &tables->plugin;
  } catch (const std::exception& thrown) {
    log::error("the plugin could not set itself up", {{"reason", thrown.what()}});
  } catch (...) {
    log::error("the plugin could not set itself up");
  }
  return nullptr;
}

}  // namespace detail
}  // namespace qonduit

#define QONDUIT_PLUGIN(name, version, ...) \
  QONDUIT_PLUGIN_ENTRY { return ::qonduit::detail::make_plugin(context, name, version, {__VA_ARGS__}); }

// Once for each function of the host that the plugin cannot do without, beside QONDUIT_PLUGIN: QONDUIT_REQUIRES_HOST(cancelled)
// A host that lacks it refuses the plugin and says that it is too old.
#define QONDUIT_REQUIRES_HOST(member)                                 \
  static const bool qonduit_requires_host_##member [[maybe_unused]] = \
      ::qonduit::detail::require_host(QONDUIT_SIZE_UP_TO(qonduit_host, member))

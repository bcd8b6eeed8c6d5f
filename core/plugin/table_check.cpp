#include "core/plugin/table_check.hpp"

#include <cstddef>
#include <set>
#include <string_view>

#include "core/plugin/description.hpp"

namespace qonduit::plugin {
namespace {

// The smallest tables of version 0: everything up to and including the last member of its first release. A function appended later is
// optional, and read only where struct_size covers it.
// The last members are pointers. NOLINTBEGIN(bugprone-sizeof-expression)
constexpr std::size_t kPluginTable = QONDUIT_SIZE_UP_TO(qonduit_plugin, components);
constexpr std::size_t kComponentTable = QONDUIT_SIZE_UP_TO(qonduit_component, adapter);
constexpr std::size_t kSinkTable = QONDUIT_SIZE_UP_TO(qonduit_sink_api, delivery);
constexpr std::size_t kAdapterTable = QONDUIT_SIZE_UP_TO(qonduit_adapter_api, decode);
// NOLINTEND(bugprone-sizeof-expression)

// Beyond these a table is taken for garbage: nobody reads that far into memory that may not be there.
constexpr std::size_t kMostComponents = 256;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestDescription = 1 << 20;

std::string too_small(std::string_view table, std::size_t size, std::size_t needed) {
  return "is built for an older minor of ABI 0: its table of " + std::string(table) + " has " + std::to_string(size) +
         " bytes, this host needs " + std::to_string(needed) + "; rebuild it against this SDK";
}

bool named_well(qonduit_str name) {
  if (name.data == nullptr || name.size == 0 || name.size > kLongestName) return false;
  for (const char c : std::string_view(name.data, name.size)) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

bool versioned_well(qonduit_str version) {
  if (version.data == nullptr || version.size == 0 || version.size > kLongestName) return false;
  for (const char c : std::string_view(version.data, version.size)) {
    if (c <= ' ' || c > '~') return false;
  }
  return true;
}

// The first function that is null, by name; empty when none is.
struct Member {
  std::string_view name;
  bool set;
};
std::string missing(std::string_view kind, std::initializer_list<Member> members) {
  for (const auto& member : members) {
    if (!member.set) return "leaves out '" + std::string(member.name) + "', which every " + std::string(kind) + " must have";
  }
  return {};
}

std::string check_sink(const qonduit_sink_api& api) {
  if (api.struct_size < kSinkTable) return too_small("a sink", api.struct_size, kSinkTable);
  return missing("sink", {{"create", api.create != nullptr},
                          {"destroy", api.destroy != nullptr},
                          {"guarantees", api.guarantees != nullptr},
                          {"probe", api.probe != nullptr},
                          {"open", api.open != nullptr},
                          {"write", api.write != nullptr},
                          {"commit", api.commit != nullptr},
                          {"abort", api.abort != nullptr},
                          {"committed", api.committed != nullptr},
                          {"delivery", api.delivery != nullptr}});
}

std::string check_adapter(const qonduit_adapter_api& api) {
  if (api.struct_size < kAdapterTable) return too_small("an adapter", api.struct_size, kAdapterTable);
  return missing("adapter", {{"accepts", api.accepts != nullptr},
                             {"datasets", api.datasets != nullptr},
                             {"create", api.create != nullptr},
                             {"destroy", api.destroy != nullptr},
                             {"open", api.open != nullptr},
                             {"next_request", api.next_request != nullptr},
                             {"decode", api.decode != nullptr}});
}

std::string check_description(qonduit_str json) {
  if (json.data == nullptr || json.size == 0) return "does not describe itself: describe_json is empty";
  if (json.size > kLongestDescription) return "describes itself in " + std::to_string(json.size) + " bytes, more than this host reads";
  const auto description = read_description({json.data, json.size});
  return description ? "" : "describes itself in JSON that cannot be read: " + description.error().message();
}

std::string check_component(const qonduit_component& component, const std::string& name) {
  if (component.sink == nullptr && component.adapter == nullptr) return "says of component '" + name + "' neither sink nor adapter";
  if (component.sink != nullptr && component.adapter != nullptr) return "says of component '" + name + "' both sink and adapter";
  auto problem = component.sink != nullptr ? check_sink(*component.sink) : check_adapter(*component.adapter);
  if (problem.empty()) problem = check_description(component.describe_json);
  return problem.empty() ? problem : problem + " (component '" + name + "')";
}

}  // namespace

std::string check_tables(const qonduit_plugin& plugin) {
  if (plugin.struct_size < kPluginTable) return too_small("the plugin", plugin.struct_size, kPluginTable);
  if (plugin.host_size > sizeof(qonduit_host)) {
    return "needs a newer host: it was built for a host table of " + std::to_string(plugin.host_size) + " bytes, this host's has " +
           std::to_string(sizeof(qonduit_host)) + "; update qonduit";
  }
  if (!named_well(plugin.name)) return "has no usable plugin name (lower case letters, digits, '-')";
  if (!versioned_well(plugin.version)) return "has no usable version";
  if (plugin.component_count == 0 || plugin.components == nullptr) return "holds no component";
  if (plugin.component_count > kMostComponents) {
    return "claims to hold " + std::to_string(plugin.component_count) + " components; its table is damaged";
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < plugin.component_count; ++i) {
    const auto* component = plugin.components[i];
    const auto position = "component " + std::to_string(i + 1);
    if (component == nullptr) return "has a null table for " + position;
    if (component->struct_size < kComponentTable) return too_small(position, component->struct_size, kComponentTable);
    if (!named_well(component->name)) return "has no usable name for " + position + " (lower case letters, digits, '-')";
    const std::string name(component->name.data, component->name.size);
    if (!names.insert(name).second) return "holds two components named '" + name + "'";
    if (auto problem = check_component(*component, name); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace qonduit::plugin

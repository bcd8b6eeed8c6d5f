#include "core/plugin/library.hpp"

#define BOOST_DLL_USE_STD_FS
#include <unistd.h>
#include <boost/dll/shared_library.hpp>

#include <cstddef>
#include <set>

#include "core/plugin/host_services.hpp"

namespace qonduit::plugin {
namespace {

namespace dll = boost::dll;

// The smallest tables of version 0: everything up to and including the last member of its first release.
constexpr std::size_t kPluginTable = offsetof(qonduit_plugin, components) + sizeof(void*);
constexpr std::size_t kComponentTable = offsetof(qonduit_component, adapter) + sizeof(void*);
constexpr std::size_t kSinkTable = offsetof(qonduit_sink_api, delivery) + sizeof(void*);
constexpr std::size_t kAdapterTable = offsetof(qonduit_adapter_api, widen) + sizeof(void*);
constexpr int kNewestGuess = 9;

Status refused(const std::filesystem::path& file, const std::string& why) { return {Code::unsupported, "'" + file.string() + "' " + why}; }

std::string too_small(std::string_view table, std::size_t size, std::size_t needed) {
  return "is built for an older minor of ABI 0: its table of " + std::string(table) + " has " + std::to_string(size) +
         " bytes, this host needs " + std::to_string(needed) + "; rebuild it against this SDK";
}

bool named_well(qonduit_str name) {
  if (name.data == nullptr || name.size == 0 || name.size > 64) return false;
  for (std::size_t i = 0; i < name.size; ++i) {
    const char c = name.data[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

std::string check_sink(const qonduit_sink_api& api) {
  if (api.struct_size < kSinkTable) return too_small("a sink", api.struct_size, kSinkTable);
  const bool complete = api.create != nullptr && api.destroy != nullptr && api.guarantees != nullptr && api.probe != nullptr &&
                        api.open != nullptr && api.write != nullptr && api.commit != nullptr && api.abort != nullptr &&
                        api.committed != nullptr && api.delivery != nullptr;
  return complete ? "" : "leaves out a function that every sink must have";
}

std::string check_adapter(const qonduit_adapter_api& api) {
  if (api.struct_size < kAdapterTable) return too_small("an adapter", api.struct_size, kAdapterTable);
  const bool complete = api.accepts != nullptr && api.datasets != nullptr && api.create != nullptr && api.destroy != nullptr &&
                        api.open != nullptr && api.next_request != nullptr && api.decode != nullptr;
  return complete ? "" : "leaves out a function that every adapter must have";
}

// What is wrong with the table; empty when nothing is.
std::string check_tables(const qonduit_plugin& plugin) {
  if (plugin.struct_size < kPluginTable) return too_small("the plugin", plugin.struct_size, kPluginTable);
  if (plugin.host_size > sizeof(qonduit_host)) {
    return "needs a newer host: it was built for a host table of " + std::to_string(plugin.host_size) + " bytes, this host's has " +
           std::to_string(sizeof(qonduit_host)) + "; update qonduit";
  }
  if (!named_well(plugin.name)) return "has no usable plugin name";
  if (plugin.component_count == 0 || plugin.components == nullptr) return "holds no component";
  std::set<std::string> names;
  for (std::size_t i = 0; i < plugin.component_count; ++i) {
    const auto* component = plugin.components[i];
    const auto position = "component " + std::to_string(i + 1);
    if (component == nullptr) return "has a null table for " + position;
    if (component->struct_size < kComponentTable) return too_small(position, component->struct_size, kComponentTable);
    if (!named_well(component->name)) return "has no usable name for " + position + " (lower case letters, digits, '-')";
    const std::string name(component->name.data, component->name.size);
    if (!names.insert(name).second) return "holds two components named '" + name + "'";
    if ((component->sink == nullptr) == (component->adapter == nullptr))
      return "says of component '" + name + "' neither or both of sink and adapter";
    const auto problem = component->sink != nullptr ? check_sink(*component->sink) : check_adapter(*component->adapter);
    if (!problem.empty()) return problem + " (component '" + name + "')";
  }
  return {};
}

// Another major version exports another name.
std::string other_major(const dll::shared_library& library) {
  for (int major = 1; major <= kNewestGuess; ++major) {
    if (!library.has("qonduit_plugin_v" + std::to_string(major))) continue;
    return "is built for ABI " + std::to_string(major) + ", this host speaks ABI " + std::to_string(QONDUIT_ABI_MAJOR);
  }
  return std::string("is no qonduit plugin: it does not export ") + QONDUIT_PLUGIN_SYMBOL;
}

// dlerror names the descriptor's path; the user knows the file.
std::string load_failure(std::string text, const std::string& descriptor_path, const std::filesystem::path& file) {
  for (auto at = text.find(descriptor_path); at != std::string::npos; at = text.find(descriptor_path))
    text.replace(at, descriptor_path.size(), file.filename().string());
  constexpr std::string_view kMissing = ": cannot open shared object file";
  if (const auto end = text.find(kMissing); end != std::string::npos) {
    const auto begin = text.rfind(' ', end - 1);
    return "needs '" + text.substr(begin == std::string::npos ? 0 : begin + 1, end - (begin == std::string::npos ? 0 : begin + 1)) +
           "', which is not installed (" + text + ")";
  }
  return "cannot be loaded: " + text;
}

// Libraries stay for the life of the process: these handles are never destroyed.
dll::shared_library& keep(dll::shared_library library) { return *new dll::shared_library(std::move(library)); }

}  // namespace

Result<const qonduit_plugin*> load_library(const std::filesystem::path& file) {
  auto fd = open_trusted(file);
  if (!fd) return std::move(fd).error();
  // The descriptor's path names exactly the bytes that were checked. It is left open: another plugin must not get the same number, since
  // the loader knows loaded libraries by their path.
  const auto descriptor_path = "/proc/self/fd/" + std::to_string(*fd);
  const qonduit_plugin* table = nullptr;
  try {
    auto& library = keep(dll::shared_library(descriptor_path, dll::load_mode::rtld_now | dll::load_mode::rtld_local));
    if (!library.has(QONDUIT_PLUGIN_SYMBOL)) return refused(file, other_major(library));
    const auto entry = library.get<const qonduit_plugin*(const qonduit_host*)>(QONDUIT_PLUGIN_SYMBOL);
    try {
      table = entry(&host_table());
    } catch (...) {
      return refused(file, std::string("threw an exception in ") + QONDUIT_PLUGIN_SYMBOL);
    }
  } catch (const std::exception& error) {
    return refused(file, load_failure(error.what(), descriptor_path, file));
  }
  if (table == nullptr) return refused(file, "gave no table: it could not set itself up");
  if (const auto problem = check_tables(*table); !problem.empty()) return refused(file, problem);
  return table;
}

}  // namespace qonduit::plugin

#include "core/plugin/library.hpp"

#define BOOST_DLL_USE_STD_FS
#include <unistd.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "core/plugin/elf_file.hpp"
#include "core/plugin/process_host.hpp"
#include "core/plugin/table_check.hpp"

namespace qonduit::plugin {
namespace {

namespace dll = boost::dll;

constexpr std::string_view kSymbolStem = "qonduit_plugin_v";

Status refused(const std::filesystem::path& file, const std::string& why) { return {Code::unsupported, "'" + file.string() + "' " + why}; }

// The major version is in the name of the symbol: another one means another boundary.
std::string check_symbols(const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), QONDUIT_PLUGIN_SYMBOL) != names.end()) return {};
  std::string majors;
  for (const auto& name : names) majors += (majors.empty() ? "" : ", ") + name.substr(kSymbolStem.size());
  if (majors.empty()) return std::string("is no qonduit plugin: it does not export ") + QONDUIT_PLUGIN_SYMBOL;
  return "is built for ABI " + majors + ", this host speaks ABI " + std::to_string(QONDUIT_ABI_MAJOR) + "; rebuild it against this SDK";
}

// What dlerror said: Boost wraps it in its own words, and it names the descriptor's path where the user knows the file.
std::string load_failure(std::string text, const std::string& descriptor_path, const std::filesystem::path& file) {
  constexpr std::string_view kIntroduction = "dlerror system message: ";
  if (const auto begin = text.find(kIntroduction); begin != std::string::npos) {
    text.erase(0, begin + kIntroduction.size());
    if (const auto end = text.rfind("): "); end != std::string::npos) text.erase(end);
  }
  for (auto at = text.find(descriptor_path); at != std::string::npos; at = text.find(descriptor_path))
    text.replace(at, descriptor_path.size(), file.filename().string());
  constexpr std::string_view kMissing = ": cannot open shared object file";
  if (const auto end = text.find(kMissing); end != std::string::npos) {
    const auto space = text.rfind(' ', end);
    const auto begin = space == std::string::npos ? 0 : space + 1;
    return "needs '" + text.substr(begin, end - begin) + "', which is not installed";
  }
  return "cannot be loaded: " + text;
}

// Libraries stay for the life of the process: neither the handles nor what holds them are ever destroyed.
std::deque<dll::shared_library>& kept_libraries() {
  static auto& libraries = *new std::deque<dll::shared_library>();
  return libraries;
}

Result<dll::shared_library*> map_library(int fd, const std::filesystem::path& file) {
  // The descriptor's path names exactly the bytes that were checked.
  const auto path = "/proc/self/fd/" + std::to_string(fd);
  try {
    // The throwing overload: the one with an error_code loses what dlerror said.
    return &kept_libraries().emplace_back(path, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  } catch (const std::exception& error) {
    return refused(file, load_failure(error.what(), path, file));
  } catch (...) {
    return refused(file, "threw an exception while it was loaded");
  }
}

// Where a plugin is as a whole: known by its file until it says what it is called. Lives as long as the process.
const host::Place& place_of(const std::filesystem::path& file) {
  static auto& places = *new std::deque<host::Place>();
  host::Origin origin;
  origin.plugin = file.stem().string();
  return places.emplace_back(process_host(), std::move(origin));
}

Result<const qonduit_plugin*> call_entry(const dll::shared_library& library, const std::filesystem::path& file, const host::Place& place) {
  using Entry = const qonduit_plugin*(const qonduit_context*);
  Entry* entry = nullptr;
  try {
    entry = &library.get<Entry>(QONDUIT_PLUGIN_SYMBOL);
  } catch (const std::exception& error) {
    return refused(file, std::string("cannot be entered: ") + error.what());
  }
  try {
    const auto* table = entry(place.context());
    if (table == nullptr) return refused(file, "gave no table: it could not set itself up, and may have logged why");
    return table;
  } catch (...) {
    return refused(file, std::string("threw an exception in ") + QONDUIT_PLUGIN_SYMBOL);
  }
}

}  // namespace

Result<const qonduit_plugin*> load_library(const std::filesystem::path& file) {
  const auto fd = open_trusted(file);
  if (!fd) return fd.error();
  std::string problem;
  if (const auto names = exported_functions(*fd, kSymbolStem); names)
    problem = check_symbols(*names);
  else
    problem = names.error().message();
  if (!problem.empty()) {
    ::close(*fd);
    return refused(file, problem);
  }
  const auto& place = place_of(file);
  const host::Place::Call open(place, "its first steps, while it is loaded");
  const auto library = map_library(*fd, file);
  if (!library) {
    ::close(*fd);
    return library.error();
  }
  // From here the descriptor stays open: the loader knows what it has loaded by path, and would answer with this library if another
  // file got the same number.
  const auto table = call_entry(**library, file, place);
  if (!table) return table;
  if (problem = check_tables(**table); !problem.empty()) return refused(file, problem);
  return table;
}

}  // namespace qonduit::plugin

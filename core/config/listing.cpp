// What is printed of a configuration: the effective values, and the reference of all keys.
#include <algorithm>

#include "core/config/keys.hpp"
#include "core/config/loader.hpp"
#include "qonduit/detail/option_text.hpp"

namespace qonduit::config {
namespace {

template <typename T>
std::string table_of(const std::string& title, const std::string& prefix, const std::vector<Key<T>>& keys) {
  std::string out = "## " + title + "\n\n| Key | Value | Default | Meaning |\n|---|---|---|---|\n";
  for (const auto& key : keys) {
    out += "| `" + prefix + std::string(key.name) + "` | " + std::string(key.type) + " | ";
    out += key.required ? "required" : key.fallback.empty() ? "" : "`" + std::string(key.fallback) + "`";
    out += " | " + std::string(key.help) + " |\n";
  }
  return out + "\n";
}

}  // namespace

std::string effective_text(const LoadResult& result) {
  std::string out;
  for (const auto& entry : result.effective) out += entry.key + " = " + entry.value + "    # " + entry.origin.text() + "\n";
  return out;
}

std::string effective_json(const LoadResult& result) {
  using qonduit::detail::json_string;
  std::string out = "[";
  for (const auto& entry : result.effective) {
    out += out.size() == 1 ? "\n" : ",\n";
    out += "  {\"key\":" + json_string(entry.key) + ",\"value\":" + json_string(entry.value) +
           ",\"origin\":" + json_string(entry.origin.text()) + "}";
  }
  return out + "\n]\n";
}

std::string reference_markdown() {
  std::string out =
      "# Configuration reference\n\n"
      "Generated from the table of keys in `core/config/keys.cpp`; a test compares the two.\n\n"
      "The main file is read first, then `conf.d/*.properties` beside it in lexical order, then `-D key=value`; the last one wins. "
      "`${key}` is the\n"
      "value of another key, `${application.configDir}` the folder of the main file, `${file:/path}` and `${env:NAME}` are secrets, which "
      "are never\n"
      "printed. Durations are written `250ms`, `30s`, `15m`, `1h`, sizes `64KiB`, `256MiB`. Lists are separated by commas; an item with a "
      "comma is\n"
      "quoted. An unknown key is an error.\n\n";
  out += table_of("Connections", "connection.NAME.", connection_keys());
  out += table_of("Pipelines", "pipeline.NAME.", pipeline_keys());
  out += "`pipeline.NAME.adapter.ADAPTER.OPTION` gives an adapter an option; `qonduit plugins describe ADAPTER` lists them.\n\n";
  out += table_of("Sinks", "sink.NAME.", sink_keys());
  out += "All other keys of a sink are options of its type; `qonduit plugins describe TYPE` lists them.\n\n";
  out += table_of("The host", "", global_keys());
  out.pop_back();
  return out;
}

}  // namespace qonduit::config

#include <iostream>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/table.hpp"

namespace qonduit::app {
namespace {

// A key, or all keys of a section: "sink", "sink.lake", "sink.lake.type".
bool within(const std::string& key, const std::string& section) {
  return key == section || key.starts_with(section.ends_with('.') ? section : section + ".");
}

}  // namespace

int config_command(const Arguments& arguments, const std::string& section) {
  Host host;
  load_configuration(host, arguments);
  if (host.exit_code != 0) return host.exit_code;
  auto& entries = host.loaded.effective;
  if (!section.empty()) std::erase_if(entries, [&](const auto& entry) { return !within(entry.key, section); });
  if (entries.empty()) {
    refuse(host, kConfiguration, "nothing is set below '" + section + "'; qonduit config lists all keys");
    return host.exit_code;
  }
  if (!arguments.json) {
    std::cout << config::effective_text(entries);
    return kDone;
  }
  Table table({{"key"}, {"value"}, {"origin"}});
  for (const auto& entry : entries) table.add({entry.key, entry.value, entry.origin.text()});
  table.print_json(std::cout);
  return kDone;
}

}  // namespace qonduit::app

#include "core/plugin/instances.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/plugin/option_check.hpp"

namespace qonduit::plugin {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

// Where the service keeps what outlives a run: systemd says it to a unit with StateDirectory, the XDG rules to a user.
std::filesystem::path state_root() {
  if (const auto given = environment("STATE_DIRECTORY"); !given.empty()) return given.substr(0, given.find(':'));
  if (const auto given = environment("XDG_STATE_HOME"); !given.empty()) return std::filesystem::path(given) / "qonduit";
  if (const auto home = environment("HOME"); !home.empty()) return std::filesystem::path(home) / ".local/state/qonduit";
  return {};
}

host::Folders folders_of(std::string_view sink) {
  host::Folders folders;
  if (const auto root = state_root(); !root.empty()) folders.state = (root / "sinks" / sink).string();
  std::error_code none;
  folders.temporary = std::filesystem::temp_directory_path(none).string();
  return folders;
}

}  // namespace

OptionPairs::OptionPairs(const Component& component, std::vector<config::Option> options) : options_(std::move(options)) {
  const auto description = read_description(component.describe_json());
  for (auto& option : options_) {
    // What does not fit was reported before, and is left to the plugin.
    if (description) static_cast<void>(take_quotes(description->options, option));
    pairs_.add(option.key, option.value.reveal());
  }
}

Result<host::Sink> create_sink(const Component& component, const config::Sink& sink, std::string_view pipeline) {
  const OptionPairs pairs(component, sink.options);
  return host::Sink::create(component, pairs.wire(), {sink.name, std::string(pipeline), folders_of(sink.name)});
}

Result<host::Adapter> create_adapter(const Component& component, const std::vector<config::Option>& options, std::string_view pipeline) {
  const OptionPairs pairs(component, options);
  return host::Adapter::create(component, pairs.wire(), {{}, std::string(pipeline), {}});
}

}  // namespace qonduit::plugin

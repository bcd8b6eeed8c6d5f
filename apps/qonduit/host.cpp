#include "apps/qonduit/host.hpp"

#include <iostream>
#include <utility>

#include "apps/qonduit/exit_codes.hpp"
#include "core/logging/logging.hpp"
#include "core/plugin/host_services.hpp"
#include "qonduit/detail/option_text.hpp"

namespace qonduit::app {
namespace {

// Plugins of an installation are beside the binary: <prefix>/bin and <prefix>/lib/qonduit/plugins; in a build folder, bin and plugins.
std::vector<std::filesystem::path> default_plugin_folders() {
  std::error_code error;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto root = binary.parent_path().parent_path();
  for (const auto& folder : {root / QONDUIT_PLUGIN_FOLDER, root / "plugins"}) {
    if (std::filesystem::is_directory(folder, error)) return {folder};
  }
  return {};
}

void complain(const std::string& text) { std::cerr << "qonduit: " << text << '\n'; }

}  // namespace

void load_configuration(Host& host, const Arguments& arguments, Need need) {
  std::error_code error;
  const bool absent = need == Need::optional && !arguments.config_given && !std::filesystem::exists(arguments.config_file, error);
  host.loaded = config::load(absent ? "" : arguments.config_file, arguments.overrides);
  for (const auto& secret : host.config().logging.secrets) logging::never_print(secret);
  if (!host.loaded.problems.empty()) {
    for (const auto& problem : host.loaded.problems) complain(problem.text());
    complain(std::to_string(host.loaded.problems.size()) + " problems in the configuration");
    host.exit_code = kConfiguration;
    return;
  }
  logging::init(host.config().logging);
  for (const auto& warning : host.loaded.warnings)
    logging::log(logging::Level::warn, "found an unwise setting", {{"what", warning.text()}});
}

void load_plugins(Host& host) {
  plugin::set_log_sink([](std::uint32_t level, std::string_view message, const std::vector<std::pair<std::string, std::string>>& fields) {
    logging::log(static_cast<logging::Level>(level), message, fields);
  });
  auto folders = host.config().plugin_folders;
  if (folders.empty()) folders = default_plugin_folders();
  if (folders.empty()) {
    complain("no folder of plugins found; set plugins.path");
    host.exit_code = kConfiguration;
    return;
  }
  const auto refusals = host.registry.load(folders);
  for (const auto& refusal : refusals) complain("plugin refused: " + refusal.status.message());
  if (!refusals.empty()) host.exit_code = kPluginRefused;
}

void bind_pipelines(Host& host, const std::vector<std::string>& names) {
  std::vector<const config::Pipeline*> wanted;
  std::vector<std::string> problems;
  if (names.empty()) {
    for (const auto& pipeline : host.config().pipelines) wanted.push_back(&pipeline);
    if (wanted.empty()) problems.emplace_back("the configuration has no pipeline: write pipeline.NAME.connection, .app, .objects, .sinks");
  }
  for (const auto& name : names) {
    if (const auto* pipeline = host.config().find_pipeline(name)) {
      wanted.push_back(pipeline);
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& pipeline : host.config().pipelines) known.push_back(pipeline.name);
    problems.push_back("there is no pipeline '" + name + "'" + qonduit::detail::suggestion(name, known));
  }
  for (const auto* pipeline : wanted) {
    auto binding = pipeline::bind(host.config(), host.registry, *pipeline);
    for (auto& problem : binding.problems) problems.push_back(std::move(problem));
    for (auto& warning : binding.warnings) host.warnings.push_back(std::move(warning));
    host.bound.push_back(std::move(binding.bound));
  }
  if (problems.empty()) return;
  for (const auto& problem : problems) complain(problem);
  host.exit_code = kConfiguration;
}

void load_pipelines(Host& host, const Arguments& arguments, const std::vector<std::string>& names) {
  load_configuration(host, arguments);
  if (host.exit_code == 0) load_plugins(host);
  if (host.exit_code == 0) bind_pipelines(host, names);
}

}  // namespace qonduit::app

#include "apps/qonduit/host.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "apps/qonduit/config_file.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/json_output.hpp"
#include "core/engine/certificates.hpp"
#include "core/logging/logging.hpp"
#include "core/plugin/process_host.hpp"
#include "qonduit/suggestion.hpp"

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

std::vector<std::filesystem::path> plugin_folders(const Host& host) {
  const auto& configured = host.config().plugin_folders;
  return configured.empty() ? default_plugin_folders() : configured;
}

}  // namespace

void complain(Host& host, const config::Problem& problem) {
  say_problem(problem.text());
  host.problems.push_back(problem);
}
void complain(Host& host, const std::string& text) { complain(host, config::problem_of(text)); }

void refuse(Host& host, int exit_code, const std::string& why) {
  complain(host, why);
  host.exit_code = exit_code;
  print_refusal(host);
}

bool certificates_load(Host& host, const std::vector<const config::Connection*>& connections) {
  for (const auto* connection : connections) {
    const auto material = engine::load_certificates(*connection);
    if (material) continue;
    complain(host, config::Problem{connection->origin, "connection." + connection->name, material.error().message()});
    host.exit_code = kConfiguration;
  }
  if (host.exit_code != 0) print_refusal(host);
  return host.exit_code == 0;
}

bool certificates_load(Host& host) {
  std::vector<const config::Connection*> connections;
  for (const auto& bound : host.bound) {
    if (std::find(connections.begin(), connections.end(), bound.connection) == connections.end()) connections.push_back(bound.connection);
  }
  return certificates_load(host, connections);
}

void print_refusal(Host& host) {
  if (!host.json || host.refusal_printed) return;
  host.refusal_printed = true;
  Poco::JSON::Array::Ptr problems = new Poco::JSON::Array;
  for (const auto& problem : host.problems) {
    Poco::JSON::Object::Ptr entry = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    if (!problem.origin.source.empty()) entry->set("file", problem.origin.source);
    if (problem.origin.line > 0) entry->set("line", problem.origin.line);
    if (!problem.key.empty()) entry->set("key", problem.key);
    entry->set("problem", problem.what);
    problems->add(entry);
  }
  Poco::JSON::Object::Ptr all = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  all->set("ok", false);
  all->set("exit_code", host.exit_code);
  all->set("problems", problems);
  print_json(std::cout, all);
}

namespace {

// Whether there is a configuration without mistakes that the loader sees.
bool read_configuration(Host& host, const Arguments& arguments, Need need) {
  host.json = arguments.json;
  const auto file = find_config_file(arguments.config_file);
  if (!file) return refuse(host, kConfiguration, file.error().message()), false;
  if (file->empty() && need == Need::required) {
    refuse(host, kConfiguration,
           "there is no configuration: looked for " + places_of_config_file() +
               "; name one with -c FILE or QONDUIT_CONFIG, or let qonduit init write one");
    return false;
  }
  host.config_file = *file;
  host.loaded = config::load(*file, arguments.overrides);
  for (const auto& secret : host.config().logging.secrets) logging::never_print(secret);
  return host.loaded.problems.empty();
}

namespace {

// Adds what plugins say of the options of sinks to the problems that are known. A key that has a problem already gets no second one.
void add_problems_of_plugins(Host& host) {
  auto& found = host.loaded.problems;
  const auto known = [&found](const std::string& key) {
    return std::any_of(found.begin(), found.end(), [&](const auto& problem) { return problem.key == key; });
  };
  if (known("plugins.path")) return;
  static_cast<void>(host.registry.load(plugin_folders(host)));
  config::Problems more;
  for (const auto& pipeline : host.config().pipelines) {
    for (auto& problem : pipeline::bind(host.config(), host.registry, pipeline).problems) {
      // A type may be one of a plugin that cannot be loaded here.
      const bool of_option = problem.key.starts_with("sink.") && !problem.key.ends_with(".type");
      if (of_option && !known(problem.key)) add_once(more, std::move(problem));
    }
  }
  found.insert(found.end(), more.begin(), more.end());
  config::sort_by_place(found);
}

}  // namespace

void refuse_problems(Host& host) {
  for (const auto& problem : host.loaded.problems) complain(host, problem);
  const auto count = static_cast<std::int64_t>(host.loaded.problems.size());
  std::cerr << "qonduit: " << counted(count, "problem") << " in the configuration\n";
  host.exit_code = kConfiguration;
  print_refusal(host);
}

void begin_log(Host& host, const Arguments& arguments) {
  if (auto status = logging::init(host.config().logging); !status.ok()) return refuse(host, kConfiguration, status.message());
  if (arguments.quiet) logging::least_on_stderr(logging::Level::warn);
  for (const auto& warning : host.loaded.warnings)
    logging::log(logging::Level::warn, "found an unwise setting", {{"what", warning.text()}});
}

}  // namespace

void load_configuration(Host& host, const Arguments& arguments, Need need) {
  if (read_configuration(host, arguments, need)) return begin_log(host, arguments);
  if (host.exit_code == 0) refuse_problems(host);
}

void load_plugins(Host& host) {
  auto& host_of_plugins = plugin::process_host();
  host_of_plugins.set_paranoid(host.config().paranoid_plugins);
  host_of_plugins.log_to([](const host::Origin& origin, std::uint32_t level, std::string_view message, const host::Fields& said) {
    logging::Fields fields(said.begin(), said.end());
    const auto add = [&](const char* key, const std::string& value) {
      if (!value.empty()) fields.emplace_back(key, value);
    };
    add("plugin", origin.plugin);
    add("sink", origin.name);
    add("pipeline", origin.pipeline);
    add("run", origin.run);
    logging::log(static_cast<logging::Level>(level), message, fields);
  });
  const auto folders = plugin_folders(host);
  if (folders.empty()) {
    complain(host, "no folder of plugins found; set plugins.path");
    host.exit_code = kConfiguration;
    return;
  }
  const auto refusals = host.registry.load(folders);
  for (const auto& refusal : refusals) complain(host, "plugin refused: " + refusal.status.message());
  host.plugins_refused = !refusals.empty();
}

void bind_pipelines(Host& host, const std::vector<std::string>& names) {
  std::vector<const config::Pipeline*> wanted;
  config::Problems problems;
  const auto refused = [&](std::string what) { problems.push_back(config::problem_of(std::move(what))); };
  if (names.empty()) {
    for (const auto& pipeline : host.config().pipelines) wanted.push_back(&pipeline);
    if (wanted.empty()) refused("the configuration has no pipeline: write pipeline.NAME.connection, .app, .objects, .sinks");
  }
  for (const auto& name : names) {
    if (const auto* pipeline = host.config().find_pipeline(name)) {
      wanted.push_back(pipeline);
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& pipeline : host.config().pipelines) known.push_back(pipeline.name);
    refused("there is no pipeline '" + name + "'" + suggestion(name, known));
  }
  for (const auto* pipeline : wanted) {
    auto binding = pipeline::bind(host.config(), host.registry, *pipeline);
    for (auto& problem : binding.problems) {
      // A sink of several pipelines is wrong once.
      add_once(problems, std::move(problem));
    }
    for (auto& warning : binding.warnings) host.warnings.push_back(std::move(warning));
    host.bound.push_back(std::move(binding.bound));
  }
  if (problems.empty()) return;
  for (const auto& problem : problems) complain(host, problem);
  host.exit_code = kConfiguration;
}

void load_pipelines(Host& host, const Arguments& arguments, const std::vector<std::string>& names) {
  if (!read_configuration(host, arguments, Need::required)) {
    if (host.exit_code != 0) return;
    add_problems_of_plugins(host);
    return refuse_problems(host);
  }
  begin_log(host, arguments);
  if (host.exit_code != 0) return;
  load_plugins(host);
  if (host.exit_code == 0) bind_pipelines(host, names);
  // What is missing may be in what was refused.
  if (host.exit_code != 0 && host.plugins_refused) host.exit_code = kPluginRefused;
  if (host.exit_code != 0) print_refusal(host);
}

}  // namespace qonduit::app

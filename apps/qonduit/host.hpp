// What every command begins with: configuration, logging, plugins. Problems are printed to stderr, all of them, and become an exit code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/qonduit/command_line.hpp"
#include "core/config/loader.hpp"
#include "core/pipeline/connect.hpp"
#include "core/pipeline/run.hpp"
#include "core/plugin/registry.hpp"

namespace qonduit::app {

struct Host {
  config::LoadResult loaded;
  plugin::Registry registry;
  std::vector<pipeline::Bound> bound;  // the pipelines asked for, in that order
  std::vector<std::string> warnings;   // of them: what is valid, and hardly meant
  pipeline::AppIds app_ids;            // apps that were looked up by their titles
  bool plugins_refused = false;        // some; the others are loaded
  int exit_code = 0;                   // not 0: the problems are printed, and there is nothing to run
  std::vector<config::Problem> problems;
  std::string config_file;  // empty: there is none, and none is needed
  bool json = false;
  bool refusal_printed = false;

  [[nodiscard]] const config::Config& config() const { return loaded.config; }
};

// Reads and checks the configuration, and begins the log. Fills loaded; exit_code kConfiguration when it has problems. Optional: for
// commands that work without one.
enum class Need : std::uint8_t { required, optional };
void load_configuration(Host& host, const Arguments& arguments, Need need = Need::required);
// Loads the plugins of the configured folders. One that is refused is named, and keeps nothing from working that does not need it.
void load_plugins(Host& host);
// Binds these pipelines, or all when there are none. exit_code kConfiguration for unknown names and bad options.
void bind_pipelines(Host& host, const std::vector<std::string>& names);

// Prints what is wrong and keeps it for print_refusal().
void complain(Host& host, const config::Problem& problem);
void complain(Host& host, const std::string& text);
// Prints why there is nothing to do, and answers with this exit code.
void refuse(Host& host, int exit_code, const std::string& why);
// Whether the certificates of these connections can be used; all problems are printed, and exit_code is kConfiguration then.
bool certificates_load(Host& host, const std::vector<const config::Connection*>& connections);
// Those of the bound pipelines.
bool certificates_load(Host& host);

// For machines, what was printed on stderr: {"ok": false, "exit_code": 3, "problems": [...]} on standard output, once. Without --json
// nothing.
void print_refusal(Host& host);

// All three, each after the one before went well.
void load_pipelines(Host& host, const Arguments& arguments, const std::vector<std::string>& names);

}  // namespace qonduit::app

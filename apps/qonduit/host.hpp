// What every command begins with: configuration, logging, plugins. Problems are printed to stderr, all of them, and become an exit code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/qonduit/command_line.hpp"
#include "core/config/loader.hpp"
#include "core/pipeline/run.hpp"
#include "core/plugin/registry.hpp"

namespace qonduit::app {

struct Host {
  config::LoadResult loaded;
  plugin::Registry registry;
  std::vector<pipeline::Bound> bound;  // the pipelines asked for, in that order
  std::vector<std::string> warnings;   // of them: what is valid, and hardly meant
  int exit_code = 0;                   // not 0: the problems are printed, and there is nothing to run

  [[nodiscard]] const config::Config& config() const { return loaded.config; }
};

// Reads and checks the configuration. Fills loaded; exit_code kConfiguration when it has problems. Optional: for commands that work
// without one, where the installed file may be missing.
enum class Need : std::uint8_t { required, optional };
void load_configuration(Host& host, const Arguments& arguments, Need need = Need::required);
// Loads the plugins of the configured folders. exit_code kPluginRefused when one is refused; the others stay loaded.
void load_plugins(Host& host);
// Binds these pipelines, or all when there are none. exit_code kConfiguration for unknown names and bad options.
void bind_pipelines(Host& host, const std::vector<std::string>& names);

// All three, each after the one before went well.
void load_pipelines(Host& host, const Arguments& arguments, const std::vector<std::string>& names);

}  // namespace qonduit::app

// The commands of the host: each prints what a person or, with --json, a machine reads, and answers the exit code.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "apps/qonduit/host.hpp"

namespace qonduit::app {

int run_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const std::stop_token& stop);
int check_command(const Arguments& arguments, bool probe, const std::stop_token& stop);
int config_command(const Arguments& arguments);
int plugins_command(const Arguments& arguments, const std::string& describe);  // describe: a component's name, or empty
int serve_command(const Arguments& arguments);

}  // namespace qonduit::app

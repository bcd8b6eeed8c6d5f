// The commands of the host: each prints what a person or, with --json, a machine reads, and answers the exit code.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "apps/qonduit/command_line.hpp"

namespace qonduit::app {

int run_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const std::stop_token& stop);
int record_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const RecordRequest& request,
                   const std::stop_token& stop);

int rehearse_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const RehearsalRequest& request,
                     const std::stop_token& stop);
int explain_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const std::stop_token& stop);
int check_command(const Arguments& arguments, bool probe, const std::stop_token& stop);
int config_command(const Arguments& arguments, const std::string& section);    // section: the keys to print, or empty
int plugins_command(const Arguments& arguments, const std::string& describe);  // describe: a component's name, or empty
int serve_command(const Arguments& arguments);

// sink: the one to ask; empty: every one of the configuration.
int list_dead_letters_command(const Arguments& arguments, const std::string& sink);
int replay_dead_letters_command(const Arguments& arguments, const std::string& sink, const ReplayRequest& request,
                                const std::stop_token& stop);

// Commands that look into a living app. They read, and change nothing.
int apps_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop);
int sheets_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop);
int objects_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop);
int describe_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop);
int preview_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop);
int eval_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop);
int fields_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop);
int model_command(const Arguments& arguments, const Exploration& what, const std::stop_token& stop);
int init_command(const Arguments& arguments, const Exploration& what, const Beginning& beginning, const std::stop_token& stop);

}  // namespace qonduit::app

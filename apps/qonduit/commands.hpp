// The commands of the host: each prints what a person or, with --json, a machine reads, and answers the exit code.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "apps/qonduit/explorer.hpp"
#include "apps/qonduit/host.hpp"
#include "core/recording/json_scrambler.hpp"

namespace qonduit::app {

int run_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const std::stop_token& stop);
// What record is asked besides pipelines.
struct RecordRequest {
  std::filesystem::path to;  // a file, or a folder: one file for each app
  recording::Scramble scramble = recording::Scramble::values;
  bool overwrite = false;
};
int record_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const RecordRequest& request,
                   const std::stop_token& stop);

// What rehearse is asked besides pipelines.
struct RehearsalRequest {
  std::vector<std::string> cassettes;
  std::string profile = "bad-day";  // of the simulator: a name or a file
  std::uint64_t seed = 1;
  int times = 1;
  std::string simulator;  // the program; empty: the one beside this
};
int rehearse_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const RehearsalRequest& request,
                     const std::stop_token& stop);
int explain_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const std::stop_token& stop);
int check_command(const Arguments& arguments, bool probe, const std::stop_token& stop);
int config_command(const Arguments& arguments);
int plugins_command(const Arguments& arguments, const std::string& describe);  // describe: a component's name, or empty
int serve_command(const Arguments& arguments);

// What dead-letter replay is asked: files, or all there are.
struct ReplayRequest {
  std::vector<std::string> files;
  bool all = false;
};
// sink: the one to ask; empty: every one of the configuration.
int list_dead_letters_command(const Arguments& arguments, const std::string& sink);
int replay_dead_letters_command(const Arguments& arguments, const std::string& sink, const ReplayRequest& request,
                                const std::stop_token& stop);

// What init takes besides: a connection that is not configured, and where to write.
struct Beginning {
  std::string url, user, certificates;
  std::string to;  // empty: standard output
  bool force = false;
};

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

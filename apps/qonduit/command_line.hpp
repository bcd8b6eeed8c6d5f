// What the command line asks for: the command, and what it is given. Reading it touches no file and starts no thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "core/recording/json_scrambler.hpp"

namespace qonduit::app {

enum class Command : std::uint8_t {
  run,
  record,
  rehearse,
  explain,
  check,
  config,
  plugins,
  list_dead_letters,
  replay_dead_letters,
  serve,
  apps,
  sheets,
  objects,
  describe,
  preview,
  eval,
  fields,
  model,
  init,
};

// The options all commands share.
struct Arguments {
  std::string config_file;             // empty: not given; config_file.hpp says which it is then
  std::vector<std::string> overrides;  // -D key=value
  bool json = false;
  bool quiet = false;     // problems only
  bool takeover = false;  // run: targets of other pipelines are taken over
};

// What record is asked besides pipelines.
struct RecordRequest {
  std::filesystem::path to;  // a file, or a folder: one file for each app
  recording::Scramble scramble = recording::Scramble::values;
  bool overwrite = false;
};

// What rehearse is asked besides pipelines.
struct RehearsalRequest {
  std::vector<std::string> cassettes;
  std::string profile = "bad-day";  // of the simulator: a name or a file
  std::uint64_t seed = 1;
  int times = 1;
  std::string simulator;  // the program; empty: the one beside this
};

// What dead-letter replay is asked: files, or all there are.
struct ReplayRequest {
  std::vector<std::string> files;
  bool all = false;
};

// What the commands that look into a living app take.
struct Exploration {
  std::string connection;  // empty: the only one there is
  std::string app;         // id or unique title
  std::string sheet;       // a glob; empty: all
  std::string object;      // id or title
  std::vector<std::string> expressions;
  std::int64_t rows = 20;
};

// What init takes besides: a connection that is not configured, and where to write.
struct Beginning {
  std::string url, user, certificates;
  std::string to;  // empty: standard output
  bool force = false;
};

// Only what the command takes is set.
struct CommandLine {
  Command command = Command::run;
  Arguments arguments;
  std::vector<std::string> pipelines;  // of run, record, rehearse and explain; empty: all
  RecordRequest record;
  RehearsalRequest rehearsal;
  bool probe = false;            // check: reach engine and targets too
  std::string section;           // config: the keys to print; empty: all
  std::string component;         // plugins: the one to describe; empty: list them
  std::string dead_letter_sink;  // the sink whose files are meant; empty: every sink's
  ReplayRequest replay;
  Exploration exploration;
  Beginning beginning;
};

// The command line; or an exit code, when help, the version or what is wrong with it is printed.
std::variant<CommandLine, int> read_command_line(int argc, char** argv);

}  // namespace qonduit::app

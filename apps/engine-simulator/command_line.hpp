// What the command line asks for. Reading it starts no thread, and touches no file but those of faults' profiles.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "options.hpp"

namespace qonduit::simulator {

// What the process says to its caller.
enum ExitCode : int {
  kDone = 0,
  kFailed = 1,  // to serve, or to write the demo app
  kUsage = 2,
};

struct CommandLine {
  Options options;
  std::optional<std::string> demo_folder;  // write the demo app here, and serve nothing
};

// The command line; or an exit code, when help, the version or what is wrong with it is printed.
std::variant<CommandLine, int> read_command_line(int argc, char** argv);

}  // namespace qonduit::simulator

// The host: has its command line read, sets up signals, and calls one command. No exception and no stack trace leaves this file.
#include <cerrno>
#include <cstring>
#include <iostream>
#include <variant>

#include "apps/qonduit/command_line.hpp"
#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/exit_guard.hpp"
#include "apps/qonduit/forced_end.hpp"
#include "apps/qonduit/signals.hpp"
#include "core/logging/masked_output.hpp"

namespace {

using namespace qonduit::app;

int call(const CommandLine& line) {
  const auto& [command, arguments, pipelines, record, rehearsal, probe, section, component, sink, replay, what, beginning] = line;
  const Signals signals(command == Command::serve ? Signals::Stop::elsewhere : Signals::Stop::here);
  const ForcedEnd forced_end(signals.token());
  switch (command) {
    case Command::run: return run_command(arguments, pipelines, signals.token());
    case Command::record: return record_command(arguments, pipelines, record, signals.token());
    case Command::rehearse: return rehearse_command(arguments, pipelines, rehearsal, signals.token());
    case Command::explain: return explain_command(arguments, pipelines, signals.token());
    case Command::check: return check_command(arguments, probe, signals.token());
    case Command::config: return config_command(arguments, section);
    case Command::plugins: return plugins_command(arguments, component);
    case Command::list_dead_letters: return list_dead_letters_command(arguments, sink);
    case Command::replay_dead_letters: return replay_dead_letters_command(arguments, sink, replay, signals.token());
    case Command::apps: return apps_command(arguments, what, signals.token());
    case Command::sheets: return sheets_command(arguments, what, signals.token());
    case Command::objects: return objects_command(arguments, what, signals.token());
    case Command::describe: return describe_command(arguments, what, signals.token());
    case Command::preview: return preview_command(arguments, what, signals.token());
    case Command::eval: return eval_command(arguments, what, signals.token());
    case Command::fields: return fields_command(arguments, what, signals.token());
    case Command::model: return model_command(arguments, what, signals.token());
    case Command::init: return init_command(arguments, what, beginning, signals.token());
    case Command::serve: return serve_command(arguments);
  }
  return kUsage;
}

// The exit code, where all that was printed has arrived; a report that nobody can read is not done.
int printed(qonduit::logging::MaskedOutput& out, int code) {
  const int error = out.finish();
  if (error == 0) return code;
  // Who closed the pipe knows.
  if (error != EPIPE) std::cerr << "qonduit: standard output cannot be written: " << std::strerror(error) << '\n';
  return code == kDone ? kRunFailed : code;
}

}  // namespace

int main(int argc, char** argv) {
  hold_signals();
  const ExitGuard guard;
  qonduit::logging::MaskedOutput out(std::cout);
  const qonduit::logging::MaskedOutput err(std::cerr);
  try {
    const auto line = read_command_line(argc, argv);
    const auto* code = std::get_if<int>(&line);
    return printed(out, code != nullptr ? *code : call(std::get<CommandLine>(line)));
  } catch (const std::exception& error) {
    std::cerr << "qonduit: internal error: " << error.what() << " (this is a bug; please report it)\n";
  }
  return kRunFailed;
}

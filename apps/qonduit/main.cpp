// The host: has its command line read, sets up signals, and calls one command. No exception and no stack trace leaves this file.
#include <pthread.h>
#include <csignal>
#include <iostream>
#include <stop_token>
#include <thread>
#include <variant>

#include "apps/qonduit/command_line.hpp"
#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/exit_guard.hpp"
#include "core/logging/masked_output.hpp"

namespace {

using namespace qonduit::app;

// Turns SIGINT and SIGTERM into a stop request. The signals are blocked in every thread; this one waits for them.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGUSR1);  // our own, to end the thread
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    thread_ = std::thread([this] {
      int signal = 0;
      while (sigwait(&set_, &signal) == 0 && signal != SIGUSR1) stop_.request_stop();
    });
  }
  ~Signals() {
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  sigset_t set_{};
  std::stop_source stop_;
  std::thread thread_;
};

int call(const CommandLine& line) {
  const auto& [command, arguments, pipelines, record, rehearsal, probe, component, sink, replay, what, beginning] = line;
  if (command == Command::serve) return serve_command(arguments);  // Poco's ServerApplication handles the signals
  const Signals signals;
  switch (command) {
    case Command::run: return run_command(arguments, pipelines, signals.token());
    case Command::record: return record_command(arguments, pipelines, record, signals.token());
    case Command::rehearse: return rehearse_command(arguments, pipelines, rehearsal, signals.token());
    case Command::explain: return explain_command(arguments, pipelines, signals.token());
    case Command::check: return check_command(arguments, probe, signals.token());
    case Command::config: return config_command(arguments);
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
    case Command::serve: break;
  }
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  const ExitGuard guard;
  const qonduit::logging::MaskedOutput out(std::cout);
  const qonduit::logging::MaskedOutput err(std::cerr);
  try {
    const auto line = read_command_line(argc, argv);
    if (const auto* code = std::get_if<int>(&line)) return *code;
    std::signal(SIGPIPE, SIG_IGN);
    return call(std::get<CommandLine>(line));
  } catch (const std::exception& error) {
    std::cerr << "qonduit: internal error: " << error.what() << " (this is a bug; please report it)\n";
  }
  return kRunFailed;
}

#include "apps/qonduit/exit_guard.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "apps/qonduit/exit_codes.hpp"
#include "qonduit/host/host.hpp"

namespace qonduit::app {
namespace {

std::atomic<bool> running = false;

// One line on standard error, of texts that are there already: it may be called while the process crashes.
void say(std::initializer_list<const char*> texts) {
  std::array<char, 1024> line{};
  std::size_t size = 0;
  for (const char* text : texts) {
    for (; *text != 0 && size < line.size() - 1; ++text) line[size++] = *text;
  }
  line[size++] = '\n';
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), size);
}

// Runs last of all that is registered: it was first.
void refuse() {
  if (!running) return;
  const auto* call = host::Place::Call::now();
  if (call == nullptr) {
    say({"qonduit: a plugin, or a library that it uses, ended the process by exit(): what was not delivered before is not delivered"});
  } else {
    say({"qonduit: ", call->place().who(), " ended the process by exit() in ", call->function(),
         ": what was not delivered before is not delivered"});
  }
  ::_exit(kRunFailed);
}

constexpr struct {
  int number;
  const char* name;
} kCrashes[] = {{SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"}, {SIGILL, "SIGILL"}};

void crashed(int signal) {
  const char* name = "a signal";
  for (const auto& crash : kCrashes) {
    if (crash.number == signal) name = crash.name;
  }
  const auto* call = host::Place::Call::now();
  if (call == nullptr) {
    say({"qonduit: crashed by ", name, " outside of a call of a plugin, perhaps on a thread of one"});
  } else if (*call->place().run() == 0) {
    say({"qonduit: ", call->place().who(), " crashed by ", name, " in ", call->function()});
  } else {
    say({"qonduit: ", call->place().who(), " crashed by ", name, " in ", call->function(), ", run ", call->place().run()});
  }
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

ExitGuard::ExitGuard() {
  std::atexit(refuse);
  std::at_quick_exit(refuse);
  running = true;
  for (const auto& crash : kCrashes) {
    // A sanitizer has one of its own.
    struct sigaction there {};
    if (::sigaction(crash.number, nullptr, &there) == 0 && there.sa_handler == SIG_DFL) std::signal(crash.number, crashed);
  }
}

ExitGuard::~ExitGuard() { running = false; }

}  // namespace qonduit::app

#include "apps/qonduit/exit_guard.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string_view>

#include "apps/qonduit/exit_codes.hpp"

namespace qonduit::app {
namespace {

std::atomic<bool> running = false;

// Runs last of all that is registered: it was first.
void refuse() {
  if (!running) return;
  constexpr std::string_view kWhy =
      "qonduit: a plugin, or a library that it uses, ended the process by exit(): what was not delivered before is not delivered\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kWhy.data(), kWhy.size());
  ::_exit(kRunFailed);
}

}  // namespace

ExitGuard::ExitGuard() {
  std::atexit(refuse);
  std::at_quick_exit(refuse);
  running = true;
}

ExitGuard::~ExitGuard() { running = false; }

}  // namespace qonduit::app

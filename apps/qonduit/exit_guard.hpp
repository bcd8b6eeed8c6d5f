// Only main ends the process: a plugin, or a library it uses, that calls exit() or quick_exit() would give the caller of a run an exit
// code of its choice.
#pragma once

namespace qonduit::app {

// While it lives, exit() and quick_exit() end the process with kRunFailed, and say so on standard error. The one instance is main's.
class ExitGuard {
 public:
  ExitGuard();
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
  ~ExitGuard();
};

}  // namespace qonduit::app

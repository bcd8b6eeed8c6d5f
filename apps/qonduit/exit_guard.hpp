// Plugins share the process. Only main ends it: a plugin, or a library it uses, that calls exit() or quick_exit() would give the caller of
// a run an exit code of its choice. And one that crashes takes the process along: then it says which one it was.
#pragma once

namespace qonduit::app {

// While it lives, exit() and quick_exit() end the process with kRunFailed, and say so on standard error; a crash says in which plugin,
// function and run it was, before the process ends as it would have. The one instance is main's.
class ExitGuard {
 public:
  ExitGuard();
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
  ~ExitGuard();
};

}  // namespace qonduit::app

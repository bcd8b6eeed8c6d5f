// What the process says to its caller. Documented in docs/operations.md.
#pragma once

#include <iostream>

#include "apps/qonduit/text.hpp"
#include "core/pipeline/report.hpp"

namespace qonduit::app {

enum ExitCode : int {
  kDone = 0,
  kRunFailed = 1,
  kUsage = 2,
  kConfiguration = 3,
  kCannotConnect = 4,
  kPluginRefused = 5,
  kWrongRows = 6,  // a rehearsal delivered other rows than there are, and called it done
  kInterrupted = 130,
};

// On standard error: "qonduit: why". Of several lines each behind the first is indented.
inline void say_problem(const std::string& text) { std::cerr << "qonduit: " << printable_lines(text, 2) << '\n'; }

// Says why, and answers the code.
inline int failed_with(int code, const std::string& text) {
  say_problem(text);
  return code;
}

inline int exit_code(pipeline::RunOutcome outcome) {
  switch (outcome) {
    case pipeline::RunOutcome::done: return kDone;
    case pipeline::RunOutcome::failed: return kRunFailed;
    case pipeline::RunOutcome::cannot_connect: return kCannotConnect;
    case pipeline::RunOutcome::interrupted: return kInterrupted;
  }
  return kRunFailed;
}

}  // namespace qonduit::app

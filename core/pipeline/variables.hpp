// The variables of an app, set for this session and read back. One thread.
#pragma once

#include <stop_token>
#include <string>

#include "core/config/selection.hpp"
#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

struct VariableReading {
  std::string text;     // as the app shows it now
  std::string problem;  // what was set is not what is there; empty: it is
};

// The text the app shows is the text that is set, also where it is a number. not_found when the app has no such variable, with what comes
// near. A text that begins with '=' is a formula: its value is read back.
Result<VariableReading> set_variable(engine::Session& session, const config::VariableValue& value, const std::stop_token& stop);

// The shortest text that reads back as this number.
std::string number_text(double value);

}  // namespace qonduit::pipeline

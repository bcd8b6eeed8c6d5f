// One expression, checked and computed by the engine. Source: Doc.CheckExpression and Doc.EvaluateEx.
#pragma once

#include <limits>
#include <string>

#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct Dual {
  std::string text;
  double number = std::numeric_limits<double>::quiet_NaN();  // NaN: text only
};

// Ok when the engine understands it and every field in it exists: a misspelt field is no error to the engine, and its sum is 0.
Status check_expression(Session& session, const std::string& expression);
// Its value over the current selections. Checks it first.
Result<Dual> evaluate(Session& session, const std::string& expression);

}  // namespace qonduit::engine

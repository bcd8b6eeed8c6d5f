// Expressions, computed by the engine. Source: Doc.EvaluateEx, Doc.GetFieldsFromExpression. Whether an app has what they name:
// expression_check.hpp.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct Dual {
  std::string text;
  double number = std::numeric_limits<double>::quiet_NaN();  // NaN: text only
};

// The expression of a master measure; objects that use it carry only its id. Source: GenericMeasure.GetMeasure.
Result<std::string> measure_expression(Session& session, const std::string& library_id);
// A field's name as it stands in expressions: unbracketed, one with a space is two names to the engine.
std::string bracketed(std::string_view field);
// [Order Date] and "Order Date" are Order Date; every other text is itself.
std::string unbracketed(std::string_view name);

// Its value over the current selections. Checks it first.
Result<Dual> evaluate(Session& session, const std::string& expression);
// Several, already checked, at once. invalid_argument where the value of one would be the engine's error.
Result<std::vector<Dual>> evaluate_all(Session& session, const std::vector<std::string>& expressions);
// The fields each one uses.
Result<std::vector<std::vector<std::string>>> fields_of(Session& session, const std::vector<std::string>& expressions);

}  // namespace qonduit::engine

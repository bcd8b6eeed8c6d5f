// Whether the app has what an object is computed of: the names in its expressions, and the states it is in.
#pragma once

#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/engine/expression_check.hpp"
#include "core/pipeline/dataset_reader.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// What is asked of objects before they count as read.
struct ObjectChecks {
  engine::ExpressionCheck* expressions = nullptr;  // of this session, outlives the items and check(); null: not checked
  config::OnBadExpression on_bad_expression = config::OnBadExpression::warn;
  config::OnNoData on_no_data = config::OnNoData::warn;  // of an object that is named; fail: to plan it is not_found where it holds no data
};

// The two below REQUIRE checks.expressions. attributes: what is computed beside the values is delivered, too, and so checked.

// What check_expressions() will ask. May wait for the lists of what the app has.
void add_questions(const Seen& seen, const ObjectChecks& checks, bool attributes,
                   std::vector<engine::ExpressionCheck::Question>& questions);
// What its expressions, and the states it is in, name that the app has not: a note for each. not_found where that fails the object. Waits.
Result<std::vector<std::string>> check_expressions(const Seen& seen, const std::vector<std::string>& states, const ObjectChecks& checks,
                                                   bool attributes);

}  // namespace qonduit::pipeline

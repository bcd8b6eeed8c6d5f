#include "core/pipeline/object_checks.hpp"

#include <algorithm>
#include <utility>

#include "core/pipeline/object_expressions.hpp"

namespace qonduit::pipeline {
namespace {

// The expressions of an object, and what is asked of each: those of master measures with what these are. An object's expressions that are
// too many to be checked ask nothing.
struct Asked {
  std::vector<ObjectExpression> expressions;
  std::vector<engine::ExpressionCheck::Question> questions;
  bool too_many = false;
};
Result<Asked> questions_of(const Seen& seen, const ObjectChecks& checks, bool attributes) {
  auto expressions = read_object_expressions(seen.snapshot.layout_json(), *seen.properties, attributes);
  if (!expressions) return std::move(expressions).error();
  Asked asked{std::move(*expressions), {}, false};
  asked.too_many = asked.expressions.size() > kMostChecked;
  if (asked.too_many) return asked;
  const bool fails = checks.on_bad_expression == config::OnBadExpression::fail;
  for (auto& expression : asked.expressions) {
    if (!expression.library.empty()) {
      auto master = checks.expressions->measure(expression.library);
      if (!master && retryable(master.error().code())) return std::move(master).error();
      if (!master) continue;  // the object has its values all the same
      expression.expression = std::move(*master);
    }
    asked.questions.push_back({expression.expression, expression.labels, expression.field, expression.optional, !fails});
  }
  std::erase_if(asked.expressions, [](const auto& expression) { return !expression.library.empty() && expression.expression.empty(); });
  return asked;
}

}  // namespace

void add_questions(const Seen& seen, const ObjectChecks& checks, bool attributes,
                   std::vector<engine::ExpressionCheck::Question>& questions) {
  if (!seen.properties) return;
  auto asked = questions_of(seen, checks, attributes);
  if (asked) questions.insert(questions.end(), asked->questions.begin(), asked->questions.end());
}

Result<std::vector<std::string>> check_expressions(const Seen& seen, const std::vector<std::string>& states, const ObjectChecks& checks,
                                                   bool attributes) {
  std::vector<std::string> notes;
  const bool fails = checks.on_bad_expression == config::OnBadExpression::fail;
  std::string problems;
  const auto finish = [&]() -> Result<std::vector<std::string>> {
    if (!fails || problems.empty()) return std::move(notes);
    return Status(Code::not_found, problems + " (on-bad-expression = warn reads it as it is, with a note)");
  };
  const auto add = [&](std::string note) {
    if (std::find(notes.begin(), notes.end(), note) != notes.end()) return;
    problems += (problems.empty() ? "" : "; ") + note;
    notes.push_back(std::move(note));
  };
  for (const auto& state : states) {
    const auto found = checks.expressions->state(state);
    if (found.code() == Code::not_found)
      add(found.message() + ", in which its data is: nothing is selected there");
    else if (!found.ok())
      return found;
  }
  if (!seen.properties) {
    if (seen.properties.error().code() != Code::forbidden) return seen.properties.error();
    if (fails) notes.emplace_back("its expressions were not checked: this user may not see its definition");
    return finish();
  }
  auto asked = questions_of(seen, checks, attributes);
  if (!asked) return std::move(asked).error();
  const auto& expressions = asked->expressions;
  if (asked->too_many) {
    notes.push_back("its " + std::to_string(expressions.size()) + " expressions were not checked: they are more than " +
                    std::to_string(kMostChecked));
    return finish();
  }
  const auto say = [&](const ObjectExpression& expression, const Status& found) {
    const auto shown = expression.field || expression.expression.empty() ? "" : ", " + expression.expression;
    add(found.within(expression.what + shown).message());
  };
  const auto found = checks.expressions->check(asked->questions);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto code = found[i].code();
    if (retryable(code) || code == Code::cancelled) return found[i];
    if (code == Code::not_found || code == Code::invalid_argument)
      say(expressions[i], found[i]);
    else if (!found[i].ok())
      notes.push_back(expressions[i].what + " was not checked: " + found[i].message());
  }
  return finish();
}

}  // namespace qonduit::pipeline

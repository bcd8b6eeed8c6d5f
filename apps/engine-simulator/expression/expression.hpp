// Qlik expressions, the part that is simulated: Sum Avg Min Max Count Count(distinct) Only, If, arithmetic, comparison, & for text, fields
// in brackets, quotes or bare, numbers and 'texts'. Parsed into a tree; what is inside an aggregation becomes SQL (data_model), what is
// outside is computed here.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cube/layout.hpp"

namespace qonduit::simulator {

struct Expression {
  enum class Kind { number, text, field, unary, binary, condition, aggregate };
  Kind kind = Kind::number;
  double number = 0;
  std::string text;  // literal, field name, operator, or the aggregation in lower case
  bool distinct = false;
  std::vector<std::unique_ptr<Expression>> parts;
};

struct Parsed {
  std::unique_ptr<Expression> expression;  // null when wrong
  std::string error;                       // what, when wrong
};

// A leading '=' is allowed.
[[nodiscard]] Parsed parse_expression(const std::string& source);

// Every field named in it, in order, with repeats.
void collect_fields(const Expression& expression, std::vector<std::string>& into);
// Aggregations; a bare field outside one counts as Only(field), as the engine has it. In the order evaluate() asks for them.
void collect_aggregates(const Expression& expression, std::vector<const Expression*>& into);

// A dual or null.
struct Value {
  double number = kNaN;
  std::string text;
  bool has_text = false;
  [[nodiscard]] bool is_null() const { return !has_text && !(number == number); }
};

// Computes what is outside the aggregations, whose values the function supplies.
[[nodiscard]] Value evaluate(const Expression& expression, const std::function<Value(const Expression&)>& aggregate);

}  // namespace qonduit::simulator

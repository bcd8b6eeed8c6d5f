// Qlik expressions, the part that is simulated, parsed into a tree: aggregations with DISTINCT, TOTAL and set analysis; If; the functions
// of functions.hpp; arithmetic, comparison, & for text, and, or, not, like; fields in brackets, quotes or bare; numbers and 'texts'.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "expression/value.hpp"

namespace qonduit::simulator {

struct Function;

// Which values of a field a set expression asks for.
struct SetModifier {
  enum class Operation { replace, add, remove, intersect, differ };  // =  +=  -=  *=  /=
  struct Element {
    std::string text;
    bool search = false;  // "…": wildcards, or a comparison such as ">=10<20"
  };
  std::string field;
  Operation operation = Operation::replace;
  bool clears = false;  // <Field=>
  std::vector<Element> elements;
};

// {…} of an aggregation.
struct SetExpression {
  enum class Kind { identifier, both, either, without, one_only };  // identifier, *, +, -, /
  Kind kind = Kind::identifier;
  std::string identifier = "$";  // $, 1, an alternate state or a bookmark
  std::vector<SetModifier> modifiers;
  std::unique_ptr<SetExpression> left, right;
};

struct Expression {
  enum class Kind { number, text, field, unary, binary, condition, call, aggregate };
  Kind kind = Kind::number;
  double number = 0;
  std::string text;                    // literal, field name, operator, or a function's name in lower case
  const Function* function = nullptr;  // of a call
  bool distinct = false;
  bool total = false;
  std::vector<std::string> total_by;  // Total <A, B>
  std::unique_ptr<SetExpression> set;
  std::vector<std::unique_ptr<Expression>> parts;
};

struct Parsed {
  std::unique_ptr<Expression> expression;  // null when wrong
  std::string error;                       // what, when wrong
};

// A leading '=' is allowed.
[[nodiscard]] Parsed parse_expression(const std::string& source);

// Every field named in it, set expressions included, in order, with repeats.
void collect_fields(const Expression& expression, std::vector<std::string>& into);
// Aggregations; a bare field outside one counts as Only(field), as the engine has it. In the order evaluate() asks for them.
void collect_aggregates(const Expression& expression, std::vector<const Expression*>& into);
// True when it aggregates nothing: it can be computed for one row.
[[nodiscard]] bool is_row_level(const Expression& expression);

// Computes what is outside of leaves (fields and aggregations), whose values the function supplies.
using Leaf = std::function<Value(const Expression&)>;
[[nodiscard]] Value evaluate(const Expression& expression, const Locale& locale, const Leaf& leaf);

}  // namespace qonduit::simulator

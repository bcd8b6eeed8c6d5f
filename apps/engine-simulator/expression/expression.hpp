// Qlik expressions, the part that is simulated, parsed into a tree: aggregations with DISTINCT, TOTAL and set analysis, outer sets, Aggr;
// If; comments; the functions of functions.hpp; arithmetic, comparison, & for text, and, or, not, like; fields in brackets, quotes or bare;
// numbers and 'texts'.
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
  std::string identifier;  // $, 1, an alternate state or a bookmark; empty: none is written, which is the set around it, or $
  std::vector<SetModifier> modifiers;
  std::unique_ptr<SetExpression> left, right;
};

struct Expression {
  // selection: a function over what is selected (GetSelectedCount); scoped: {set} in front of its part; nested: Aggr.
  enum class Kind { number, text, field, unary, binary, condition, call, aggregate, selection, scoped, nested };
  Kind kind = Kind::number;
  double number = 0;
  std::string text;                    // literal, field name, operator, or a function's name in lower case
  const Function* function = nullptr;  // of a call
  std::size_t position = 0;            // of a field's name in the source, in bytes, without its brackets
  std::size_t length = 0;              // of that name as it is written
  bool distinct = false;
  bool total = false;
  std::vector<std::string> total_by;                      // Total <A, B>
  std::vector<std::unique_ptr<Expression>> total_fields;  // the same as fields with their places
  std::shared_ptr<const SetExpression> set;
  std::vector<std::shared_ptr<const SetExpression>> outer;  // sets around an aggregation or a field, from the outermost
  std::vector<std::unique_ptr<Expression>> parts;
};

struct Parsed {
  std::unique_ptr<Expression> expression;  // null when wrong
  std::string error;                       // what, when wrong
};

// A leading '=' is allowed.
[[nodiscard]] Parsed parse_expression(const std::string& source);

// Every field named in it, in order, with repeats; those of set expressions too when asked for.
void collect_fields(const Expression& expression, std::vector<std::string>& into, bool of_sets = true);
// Replaces parts of a tree: what the function answers takes the place of a node, null leaves it. Parts come before what they are part of.
using Replace = std::function<std::unique_ptr<Expression>(Expression& node)>;
void replace_nodes(std::unique_ptr<Expression>& root, const Replace& replace);
// Gives every aggregation and field the sets that stand around it.
void hand_down_sets(Expression& root);
// Aggregations; a bare field or an Aggr outside one counts as Only(…), as the engine has it. In the order evaluate() asks for them.
void collect_aggregates(const Expression& expression, std::vector<const Expression*>& into);
// True when it aggregates nothing: it can be computed for one row.
[[nodiscard]] bool is_row_level(const Expression& expression);

// Computes what is outside of leaves (fields and aggregations), whose values the function supplies.
using Leaf = std::function<Value(const Expression&)>;
[[nodiscard]] Value evaluate(const Expression& expression, const Locale& locale, const Leaf& leaf);

}  // namespace qonduit::simulator

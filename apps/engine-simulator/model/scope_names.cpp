// What expressions call by name beside fields: variables, master measures, labels of columns, functions over what is selected.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <set>

#include "model/number_format.hpp"
#include "model/scope.hpp"

namespace qonduit::simulator {
namespace {

constexpr int kDeepest = 16;

std::unique_ptr<Expression> literal(const Value& value) {
  auto made = std::make_unique<Expression>();
  made->kind = value.is_number() || !value.has_text ? Expression::Kind::number : Expression::Kind::text;
  made->text = value.text;
  made->number = value.number;
  return made;
}

// Without Aggr around it.
bool holds_aggregate(const Expression& node) {
  return node.kind == Expression::Kind::aggregate ||
         (node.kind != Expression::Kind::nested &&
          std::any_of(node.parts.begin(), node.parts.end(), [](const auto& part) { return holds_aggregate(*part); }));
}

// Assumed: Sum([Revenue]) is null where Revenue is a measure that aggregates. Sum(Sum(X)) is an error, which the parser finds.
std::unique_ptr<Expression> null_of_nested(const Expression& node) {
  const bool nested = node.kind == Expression::Kind::aggregate &&
                      std::any_of(node.parts.begin(), node.parts.end(), [](const auto& part) { return holds_aggregate(*part); });
  return nested ? literal({}) : nullptr;
}

std::unique_ptr<Expression> number_literal(double number) { return literal({number, {}, false}); }

}  // namespace

Parsed Scope::parse_as_is(const std::string& source) {
  Parsed parsed = parse_expression(expand(source));
  if (!parsed.expression && !source.empty()) {
    // Once for each expression: a user rehearses to learn what is not there.
    static std::mutex mutex;
    static std::set<std::string> told;
    const std::lock_guard lock(mutex);
    if (told.insert(source).second) std::clog << "expression not computed: " << source << ": " << parsed.error << std::endl;
  }
  return parsed;
}

Parsed Scope::parse(const std::string& source, const Labels& labels) {
  Parsed parsed = parse_as_is(source);
  if (!parsed.expression) return parsed;
  replace_nodes(parsed.expression, [&](Expression& node) { return named(node, labels); });
  replace_nodes(parsed.expression, null_of_nested);
  if (depth_ == 0) hand_down_sets(*parsed.expression);
  return parsed;
}

Value Scope::computed(const std::string& source) {
  if (depth_ >= kDeepest) return {};
  ++depth_;
  const Parsed parsed = parse(source);
  if (parsed.expression) hand_down_sets(*parsed.expression);
  --depth_;
  return parsed.expression ? evaluate(*parsed.expression) : Value{};
}

Value Scope::value_of(const Variable& variable) {
  const std::string& text = variable.definition;
  if (text.starts_with('=')) return computed(text);
  if (!std::isnan(variable.number)) return {variable.number, text, true};
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0' ? Value{number, text, true} : Value::of(text);
}

bool Scope::knows(const std::string& name) const {
  if (model_->find_field(name) >= 0 || variables.contains(name)) return true;
  return std::any_of(library_->measures.begin(), library_->measures.end(),
                     [&](const auto& item) { return library_->title(item.first) == name; });
}

// What a node stands for where it is not itself. A field's name wins; which of the others wins is assumed.
std::unique_ptr<Expression> Scope::named(const Expression& node, const Labels& labels) {
  if (node.kind == Expression::Kind::selection) return selection_value(node);
  if (node.kind != Expression::Kind::field || model_->find_field(node.text) >= 0 || depth_ >= kDeepest) return nullptr;
  std::string source;
  Labels others = labels;
  if (const auto label = others.extract(node.text)) {  // taken out of the others: a column whose expression has its own label is no circle
    source = label.mapped();
  } else if (const auto variable = variables.find(node.text); variable != variables.end()) {
    return literal(value_of(variable->second));
  } else {
    for (const auto& [id, measure] : library_->measures)
      if (library_->title(id) == node.text) source = text_member(measure, "qDef");
    if (source.empty()) return nullptr;
  }
  ++depth_;
  Parsed parsed = parse(source, others);
  --depth_;
  return std::move(parsed.expression);
}

std::unique_ptr<Expression> Scope::selection_value(const Expression& node) const {
  const int index = model_->find_field(node.parts.front()->text);
  if (index < 0) return literal({});
  const auto& symbols = model_->field(index).symbols;
  // Over all values of a field, whatever is selected, in the order they were loaded.
  if (node.text == "fieldvaluecount") return number_literal(static_cast<double>(symbols.size()));
  if (node.text == "fieldvalue" || node.text == "fieldindex") {
    const Value wanted =
        node.parts.size() < 2 ? Value{} : qonduit::simulator::evaluate(*node.parts[1], locale(), [](const Expression&) { return Value{}; });
    if (node.text == "fieldindex") return number_literal(model_->field(index).find(text_of(wanted, locale())) + 1);
    if (!(wanted.number >= 1 && wanted.number <= static_cast<double>(symbols.size()))) return literal({});
    const Symbol& found = symbols[static_cast<std::size_t>(wanted.number) - 1];
    return literal({found.number, found.text, true});
  }
  const auto& all = selections({});
  const auto own = all.find(index);
  if (node.text == "getselectedcount") return number_literal(own == all.end() ? 0 : static_cast<double>(own->second.count()));
  if (node.text == "getfieldselections") {
    if (own == all.end()) return literal({});
    std::string made;
    for (std::size_t i = 0; i < symbols.size(); ++i)
      if (own->second.chosen[i] != 0) made.append(made.empty() ? "" : ", ").append(symbols[i].text);
    return literal(Value::of(made));
  }
  const auto counts = count_states(states({}, index));
  if (node.text == "getpossiblecount") return number_literal(static_cast<double>(counts.option + counts.selected + counts.locked));
  if (node.text == "getalternativecount") return number_literal(static_cast<double>(counts.alternative));
  return number_literal(static_cast<double>(counts.excluded + counts.selected_excluded + counts.locked_excluded));
}

}  // namespace qonduit::simulator

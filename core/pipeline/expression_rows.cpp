// The values of single expressions as one row.
#include <cmath>

#include "core/engine/expression.hpp"
#include "core/pipeline/catalog_rows.hpp"
#include "core/pipeline/rows.hpp"
#include "qonduit/dual.hpp"

namespace qonduit::pipeline {
namespace {

using config::FormatType;

// What a column is delivered as; without a format the value decides.
Type type_of(FormatType format, const engine::Dual& value) {
  switch (format) {
    case FormatType::integer: return Type::int64;
    case FormatType::real:
    case FormatType::fixed:
    case FormatType::money: return Type::float64;
    case FormatType::date: return Type::date32;
    case FormatType::timestamp: return Type::timestamp;
    case FormatType::time:
    case FormatType::interval: return Type::duration;
    case FormatType::none: break;
  }
  return std::isnan(value.number) && !value.text.empty() && value.text != "-" ? Type::utf8 : Type::float64;
}

Status append(Column& column, const engine::Dual& value) {
  if (!std::isnan(value.number)) {
    if (dual::append_number(column, value.number)) return {};
    return {Code::bad_data, "the value " + value.text + " does not fit the type " + std::string(to_string(column.type())) +
                                " that the format behind it asks for"};
  }
  // The dash is how the engine writes a null.
  if (value.text.empty() || value.text == "-") return column.append_null(), Status();
  if (column.type() != Type::utf8)
    return {Code::bad_data, "the value '" + value.text + "' is no number, but the format behind it asks for one"};
  return column.append_text(value.text), Status();
}

Result<Rows> evaluate(engine::Session& session, const std::vector<config::NamedExpression>& expressions) {
  std::vector<std::string> texts;
  for (const auto& expression : expressions) texts.push_back(expression.expression);
  const auto values = engine::evaluate_all(session, texts);
  if (!values) return values.error();
  Rows rows;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const auto& expression = expressions[i];
    const auto type = type_of(expression.format.type, (*values)[i]);
    rows.columns.emplace_back(type);
    if (auto status = append(rows.columns.back(), (*values)[i]); !status.ok()) {
      return std::move(status).within(expression.origin.text() + ": expression." + expression.name + " = " + expression.expression);
    }
    rows.schema.fields.push_back(
        Field{expression.name,
              type,
              true,
              {{"qlik.title", expression.name}, {"qlik.role", "measure"}, {"qlik.expression", expression.expression}},
              false});
  }
  return rows;
}

}  // namespace

std::unique_ptr<Item> make_expressions_item(engine::Session& session, const std::vector<config::NamedExpression>& expressions) {
  std::vector<std::pair<std::string, MakeRows>> datasets;
  datasets.emplace_back(std::string(), [&expressions](engine::Session& engine) { return evaluate(engine, expressions); });
  return std::make_unique<RowsItem>(session, ItemFacts{"expression", "expression", "expressions", ""}, std::move(datasets));
}

}  // namespace qonduit::pipeline

// The values of single expressions as one row.
#include <cmath>

#include "core/engine/expression.hpp"
#include "core/pipeline/catalog_rows.hpp"
#include "core/pipeline/rows.hpp"
#include "qonduit/cell.hpp"

namespace qonduit::pipeline {
namespace {

using config::FormatType;

// What a column is delivered as; without a format the value decides: docs/values.md.
cell::Chosen chosen_for(FormatType format, const engine::Dual& value, const cell::Writing& writing) {
  switch (format) {
    case FormatType::integer: return {Type::int64, false};
    case FormatType::real:
    case FormatType::fixed:
    case FormatType::money: return {Type::float64, false};
    case FormatType::date: return {Type::date32, false};
    case FormatType::timestamp: return {Type::timestamp, false};
    case FormatType::time: return {Type::duration, true};
    case FormatType::interval: return {Type::duration, false};
    case FormatType::none: break;
  }
  if (std::isnan(value.number)) {
    return {value.text == "-" ? Type::float64 : Type::utf8, false};
  }
  const auto kind = value.text.empty() ? cell::Kind::real : writing.kind(value.text, value.number);
  const bool number = kind == cell::Kind::integer || kind == cell::Kind::real;
  return number ? cell::Chosen{Type::float64, false} : cell::choose(cell::bit(kind));
}

Status append(Column& column, const engine::Dual& value, bool of_day) {
  if (column.type() == Type::utf8) return column.append_text(value.text), Status();
  if (!std::isnan(value.number)) {
    if (of_day && std::isfinite(value.number)) return column.append_int64(cell::time_of_day(value.number)), Status();
    if (dual::append_number(column, value.number)) return {};
    return {Code::bad_data, "the value " + value.text + " does not fit the type " + std::string(to_string(column.type())) +
                                " that the format behind it asks for"};
  }
  // The dash is how the engine writes a null.
  if (value.text == "-") return column.append_null(), Status();
  return {Code::bad_data, "the value '" + value.text + "' is no number, but the format behind it asks for one"};
}

Result<Rows> evaluate(engine::Session& session, const std::vector<config::NamedExpression>& expressions) {
  std::vector<std::string> texts;
  for (const auto& expression : expressions) texts.push_back(expression.expression);
  const auto values = engine::evaluate_all(session, texts);
  if (!values) return values.error();
  const cell::Writing writing({}, session.app().locale);
  Rows rows;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const auto& expression = expressions[i];
    const auto chosen = chosen_for(expression.format.type, (*values)[i], writing);
    rows.columns.emplace_back(chosen.type);
    if (auto status = append(rows.columns.back(), (*values)[i], chosen.of_day); !status.ok()) {
      return std::move(status).within(expression.origin.text() + ": expression." + expression.name + " = " + expression.expression);
    }
    Metadata metadata = {{"qlik.title", expression.name}, {"qlik.role", "measure"}, {"qlik.expression", expression.expression}};
    if (chosen.type == Type::duration) metadata.emplace_back("qlik.logical", chosen.of_day ? "time" : "interval");
    rows.schema.fields.push_back(Field{expression.name, chosen.type, true, std::move(metadata), false});
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

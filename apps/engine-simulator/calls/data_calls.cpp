// Calls on the open app about its data model and about expressions.
#include <algorithm>

#include "calls/dispatcher.hpp"
#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

JsonArray tags(const Field& field) {
  JsonArray made = array();
  for (const auto& tag : tags_of(field)) made->add(tag);
  return made;
}

// The share of rows that have a value, and of the field's values that this table has.
JsonObject field_record(const DataModel& model, const Table& table, int index) {
  const Field& field = model.field(index);
  const auto& column = *table.column(index);
  const auto values = std::count_if(column.begin(), column.end(), [](Element element) { return element >= 0; });
  std::vector<char> seen(field.symbols.size(), 0);
  for (const auto element : column)
    if (element >= 0) seen[static_cast<std::size_t>(element)] = 1;
  const auto present = std::count(seen.begin(), seen.end(), char{1});
  const auto rows = static_cast<double>(std::max<std::size_t>(table.rows, 1));
  const bool key = field.tables.size() > 1;
  const bool all_here = present == static_cast<std::ptrdiff_t>(seen.size());
  const bool unique = present == static_cast<std::ptrdiff_t>(table.rows);
  JsonObject record = object({{"qName", field.name}, {"qOriginalFields", array({field.name})}, {"qPresent", true}});
  if (values < static_cast<std::ptrdiff_t>(table.rows)) record->set("qHasNull", true);
  if (present < values) record->set("qHasDuplicates", true);
  record->set("qInformationDensity", static_cast<double>(values) / rows);
  record->set("qnNonNulls", static_cast<std::int64_t>(values));
  record->set("qnRows", static_cast<std::int64_t>(table.rows));
  record->set("qSubsetRatio", seen.empty() ? 0.0 : static_cast<double>(present) / static_cast<double>(seen.size()));
  record->set("qnTotalDistinctValues", static_cast<std::int64_t>(seen.size()));
  record->set("qnPresentDistinctValues", static_cast<std::int64_t>(present));
  record->set("qKeyType", !key ? "NOT_KEY" : unique && all_here ? "PERFECT_KEY" : unique ? "PRIMARY_KEY" : "ANY_KEY");
  record->set("qTags", tags(field));
  record->set("qDerivedFields", array());
  return record;
}

}  // namespace

void Dispatcher::get_tables_and_keys(Call& call) {
  JsonArray tables = array();
  JsonArray keys = array();
  if (!session_->no_data()) {
    const DataModel& model = session_->scope().model();
    for (const auto& table : model.tables()) {
      JsonArray fields = array();
      for (const int index : table.fields) fields->add(field_record(model, table, index));
      tables->add(object({{"qName", table.name}, {"qNoOfRows", static_cast<std::int64_t>(table.rows)}, {"qFields", fields}}));
    }
    for (const auto& key : model.keys()) {
      JsonArray names = array();
      for (const int field : key.fields) names->add(model.field(field).name);
      JsonArray sides = array();
      for (const auto& side : key.sides) sides->add(model.tables()[side.table].name);
      keys->add(object({{"qKeyFields", names}, {"qTables", sides}}));
    }
  }
  call.reply.member("qtr", tables);
  call.reply.member("qk", keys);
}

void Dispatcher::get_table_data(Call& call) {
  const auto offset = call.params.integer(0, "qOffset");
  const auto count = call.params.integer(1, "qRows");
  const std::string name = call.params.text(3, "qTableName");
  const DataModel& model = session_->scope().model();
  const auto table = std::find_if(model.tables().begin(), model.tables().end(), [&](const Table& known) { return known.name == name; });
  if (table == model.tables().end()) throw EngineError{2, name, "Resource not found"};
  const auto cells = static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0)) * table->fields.size();
  if (engine_.faults().max_cells > 0 && cells > engine_.faults().max_cells) throw EngineError{7009, "", "Calculation pages too large"};
  std::string& out = call.reply.begin_member("qData");
  out.push_back('[');
  const auto rows = static_cast<std::int64_t>(table->rows);
  const auto end = std::clamp<std::int64_t>(offset + count, 0, rows);
  for (auto row = std::max<std::int64_t>(offset, 0); row < end; ++row) {
    out.append(out.back() == '[' ? "{\"qValue\":[" : ",{\"qValue\":[");
    for (std::size_t i = 0; i < table->fields.size(); ++i) {
      if (i > 0) out.push_back(',');
      const Element element = table->columns[i][static_cast<std::size_t>(row)];
      if (element < 0) {
        out.append("{\"qText\":\"\",\"qNumber\":\"NaN\"}");  // how null looks here is assumed
        continue;
      }
      const Symbol& symbol = model.symbol(table->fields[i], element);
      out.append("{\"qText\":");
      append_quoted(out, symbol.text);
      if (!std::isnan(symbol.number)) out.append(",\"qIsNumeric\":true");
      out.append(",\"qNumber\":");
      append_number(out, symbol.number);
      out.push_back('}');
    }
    out.append("]}");
  }
  out.push_back(']');
  call.reply.end_member();
}

void Dispatcher::get_field_description(Call& call) {
  const std::string name = call.params.text(0, "qFieldName");
  const DataModel& model = session_->scope().model();
  const int index = model.find_field(name);
  if (index < 0) throw EngineError{2, name, "Resource not found"};
  const Field& field = model.field(index);
  JsonArray tables = array();
  std::int64_t total = 0;
  for (const auto table : field.tables) {
    tables->add(model.tables()[table].name);
    total += static_cast<std::int64_t>(model.tables()[table].rows);
  }
  JsonObject made = object({{"qInternalNumber", index},
                            {"qName", name},
                            {"qSrcTables", tables},
                            {"qCardinal", static_cast<std::int64_t>(field.symbols.size())},
                            {"qTotalCount", total},
                            {"qTags", tags(field)},
                            {"qByteSize", static_cast<std::int64_t>(field.symbols.size() * 16)}});
  if (field.type != FieldType::text) made->set("qIsNumeric", true);
  call.reply.member("qReturn", made);
}

namespace {

// Text and number of an expression over the current selections; the text of an error is its value, as the engine has it.
std::pair<std::string, double> result_of(Scope& scope, const std::string& source) {
  const Parsed parsed = scope.parse(source);
  if (!parsed.expression) return {parsed.error, kNaN};
  const Value value = scope.evaluate(*parsed.expression);
  if (value.is_null()) return {"-", kNaN};
  return {value.has_text ? value.text : format_number(value.number, automatic_format(scope.model(), *parsed.expression)), value.number};
}

}  // namespace

void Dispatcher::evaluate(Call& call) {
  call.reply.member("qReturn", result_of(session_->scope(), call.params.text(0, "qExpression")).first);
}

void Dispatcher::evaluate_ex(Call& call) {
  const auto [text, value] = result_of(session_->scope(), call.params.text(0, "qExpression"));
  JsonObject made = object({{"qText", text}});
  if (std::isfinite(value)) made->set("qIsNumeric", true);
  made->set("qNumber", std::isfinite(value) ? number(value) : Json(0));
  call.reply.member("qValue", made);
}

namespace {

// A length in the engine's characters, which are assumed to be units of UTF-16.
std::int64_t units(std::string_view text) {
  std::int64_t made = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    made += (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
  }
  return made;
}

void collect_unknown(const Expression& node, const std::string& source, const Scope& scope, const JsonArray& labels, JsonArray& into) {
  const auto is_label = [&](const std::string& name) {
    return !labels.isNull() && std::any_of(labels->begin(), labels->end(),
                                           [&](const Json& label) { return label.isString() && label.extract<std::string>() == name; });
  };
  const auto add = [&](const Expression& field) {
    into->add(object({{"qFrom", units(std::string_view(source).substr(0, field.position))},
                      {"qCount", units(std::string_view(source).substr(field.position, field.length))}}));
  };
  for (const auto& field : node.total_fields)
    if (scope.model().find_field(field->text) < 0) add(*field);
  if (node.kind == Expression::Kind::field && !scope.knows(node.text) && !is_label(node.text)) add(node);
  for (const auto& part : node.parts) collect_unknown(*part, source, scope, labels, into);
}

}  // namespace

// Measured: it does not look into sets. That variables and master measures are known to it, and that it looks into TOTAL <>, is assumed.
void Dispatcher::check_expression(Call& call) {
  Scope& scope = session_->scope();
  const std::string source = scope.expand(call.params.text(0, "qExpr"));
  const Parsed parsed = parse_expression(source);
  JsonArray bad = array();
  if (parsed.expression) collect_unknown(*parsed.expression, source, scope, as_array(call.params.get(1, "qLabels")), bad);
  call.reply.member("qErrorMsg", parsed.error);
  call.reply.member("qBadFieldNames", bad);
  call.reply.member("qDangerousFieldNames", array());
}

void Dispatcher::expand_expression(Call& call) {
  call.reply.member("qExpandedExpression", session_->scope().expand(call.params.text(0, "qExpression")));
}

void Dispatcher::get_fields_from_expression(Call& call) {
  const Parsed parsed = session_->scope().parse(call.params.text(0, "qExpr"));
  JsonArray names = array();
  if (parsed.expression) {
    std::vector<std::string> fields;
    collect_fields(*parsed.expression, fields);
    std::vector<std::string> once;
    for (const auto& field : fields) {
      if (session_->scope().model().find_field(field) < 0 || std::find(once.begin(), once.end(), field) != once.end()) continue;
      once.push_back(field);
      names->add(field);
    }
  }
  call.reply.member("qFieldNames", names);
}

}  // namespace qonduit::simulator

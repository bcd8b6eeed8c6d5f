#include "plugins/adapters/hypercube/column_type.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <qonduit/own_name.hpp>
#include <qonduit/text.hpp>

#include "plugins/adapters/hypercube/number_value.hpp"

namespace qonduit::hypercube {
namespace {

bool integral(const std::optional<double>& value) {
  return !value || (std::floor(*value) == *value && std::fabs(*value) <= kExactIntegers);
}

InferredType infer_formatted(const std::string& type) {
  if (type == "D") return {Type::date32, "date"};
  if (type == "TS") return {Type::timestamp, "timestamp"};
  if (type == "T") return {Type::duration, "time"};
  if (type == "IV") return {Type::duration, "interval"};
  if (type == "M") return {Type::float64, "money"};
  if (type == "A") return {Type::utf8, ""};
  return {Type::utf8, "unknown"};
}

InferredType infer_dimension(const ColumnInfo& column) {
  if (auto formatted = infer_formatted(column.format_type); formatted.logical != "unknown") return formatted;
  const auto type = dual::type_of_tags(column.tags);
  if (type == Type::date32) return {type, "date"};
  if (type == Type::timestamp) return {type, "timestamp"};
  if (type != Type::utf8 || column.tagged("$text") || column.tagged("$ascii")) return {type, ""};
  // A calculated dimension has no tags. Its range is one of numbers; that of texts is NaN.
  const bool has_range = column.min && column.max;
  if (!column.continuous && !has_range) return {type, ""};
  return {has_range && integral(column.min) && integral(column.max) ? Type::int64 : Type::float64, ""};
}

InferredType infer_measure(const ColumnInfo& column) {
  if (auto formatted = infer_formatted(column.format_type); formatted.logical != "unknown") return formatted;
  if (column.total_is_text && !column.min && !column.max) return {Type::utf8, ""};
  // The format I is presentation: a fraction may be behind it. The range and the total tell.
  if (column.format_type == "I" && integral(column.min) && integral(column.max) && integral(column.total)) return {Type::int64, ""};
  return {Type::float64, ""};
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

}  // namespace

InferredType infer_type(const ColumnInfo& column) {
  return column.role == Role::dimension ? infer_dimension(column) : infer_measure(column);
}

InferredType infer_type(const AttributeInfo& attribute) {
  if (attribute.kind == AttributeInfo::Kind::dimension) return {Type::utf8, ""};
  if (auto formatted = infer_formatted(attribute.format_type); formatted.logical != "unknown") return formatted;
  const auto& format = attribute.format_type;
  const bool number = format == "I" || format == "R" || format == "F" || attribute.min || attribute.max;
  if (!number) return {Type::utf8, ""};
  return {format == "I" && integral(attribute.min) && integral(attribute.max) ? Type::int64 : Type::float64, ""};
}

Type numeric_type(const ColumnInfo& column, Type inferred) {
  if (inferred != Type::utf8) return inferred;
  return column.tagged("$integer") ? Type::int64 : Type::float64;
}

cell::Writing writing_of(const ColumnInfo& column, const Locale& locale) {
  const bool dates = column.tagged("$date") || column.tagged("$timestamp");
  return {{column.format_type.empty() ? "U" : column.format_type, column.format, column.decimal, column.thousands, dates}, locale};
}

cell::Writing writing_of(const AttributeInfo& attribute, const Locale& locale) {
  return {{attribute.format_type.empty() ? "U" : attribute.format_type, attribute.format, attribute.decimal, attribute.thousands, false},
          locale};
}

std::optional<InferredType> infer_from_total(const ColumnInfo& column, const cell::Writing& writing) {
  if (column.role != Role::measure || column.format_type != "U" || !column.total || column.total_text.empty()) return std::nullopt;
  const auto kind = writing.kind(column.total_text, *column.total);
  if (kind == cell::Kind::integer || kind == cell::Kind::real || kind >= cell::Kind::text) return std::nullopt;
  return type_of_kinds(cell::bit(kind), column);
}

InferredType type_of_kinds(cell::Kinds kinds, const ColumnInfo& column) {
  const auto [type, of_day] = cell::choose(kinds);
  switch (type) {
    case Type::date32: return {type, "date"};
    case Type::timestamp: return {type, "timestamp"};
    case Type::duration: return {type, of_day ? "time" : "interval"};
    case Type::float64: return {type, column.format_type == "M" ? "money" : ""};
    default: return {type, ""};
  }
}

std::vector<std::pair<std::string, std::string>> column_metadata(const ColumnInfo& column, const InferredType& inferred,
                                                                 const std::string& expression) {
  const bool dimension = column.role == Role::dimension;
  std::vector<std::pair<std::string, std::string>> facts = {{"qlik.title", column.title},
                                                            {"qlik.role", dimension ? "dimension" : "measure"}};
  const auto& source = dimension ? column.field : expression;
  if (!source.empty()) facts.emplace_back("qlik.expression", source);
  if (!column.library.empty()) facts.emplace_back("qlik.library", column.library);
  if (!column.tags.empty()) facts.emplace_back("qlik.tags", joined(column.tags));
  if (!column.format_type.empty()) facts.emplace_back("qlik.format_type", column.format_type);
  if (!column.format.empty()) facts.emplace_back("qlik.format", column.format);
  if (!inferred.logical.empty()) facts.emplace_back("qlik.logical", inferred.logical);
  if (!column.own_name.empty()) facts.emplace_back(kOwnName, column.own_name);
  return facts;
}

std::vector<std::pair<std::string, std::string>> attribute_metadata(const AttributeInfo& attribute, const InferredType& inferred,
                                                                    const std::string& title) {
  std::vector<std::pair<std::string, std::string>> facts = {{"qlik.title", title}, {"qlik.role", "attribute"}};
  if (!attribute.title.empty()) facts.emplace_back("qlik.expression", attribute.title);
  if (!attribute.format_type.empty()) facts.emplace_back("qlik.format_type", attribute.format_type);
  if (!attribute.format.empty()) facts.emplace_back("qlik.format", attribute.format);
  if (!inferred.logical.empty()) facts.emplace_back("qlik.logical", inferred.logical);
  return facts;
}

std::string attribute_name(const AttributeInfo& attribute) {
  if (!attribute.id.empty()) return attribute.id;
  if (!attribute.title.empty()) return attribute.title;
  return "attribute_" + std::to_string(attribute.index + 1);
}

namespace {

// What a column has whatever it is called and wherever it stands; empty where the engine tells nothing of the kind.
std::string own_mark(const ColumnInfo& column, const std::string& expression) {
  const bool plain = std::all_of(column.id.begin(), column.id.end(), [](unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; });
  if (!column.id.empty() && plain && column.id.size() <= 16) return column.id;
  for (const auto* text : {&column.id, &column.library, &expression, &column.field}) {
    if (!text->empty()) return short_hash(*text).substr(0, 8);
  }
  return {};
}

}  // namespace

void label_columns(CubeLayout& cube, const std::map<int, std::string>& expressions, const std::vector<std::string_view>& ours) {
  std::map<std::string, int> titles = {{"row_kind", 1}, {"row_kind_of", 1}};
  for (const auto name : ours) titles[std::string(name)] = 1;
  for (const auto& column : cube.visible) ++titles[column.title];
  for (const auto& column : cube.hidden) ++titles[column.title];
  for (const auto& title : cube.unnamed) ++titles[title];
  const auto own_name = [&expressions](const ColumnInfo& column) -> std::string {
    const auto expression = column.role == Role::measure ? expressions.find(column.index) : expressions.end();
    const auto mark = own_mark(column, expression == expressions.end() ? "" : expression->second);
    return mark.empty() ? "" : (column.title.empty() ? "column" : column.title) + "_" + mark;
  };
  // A title that is another column's own name is told from it, whether that column needs the name at present or not.
  for (const auto& column : cube.definition.empty() ? cube.visible : cube.definition) ++titles[own_name(column)];
  std::size_t position = 0;
  for (auto& column : cube.visible) {
    ++position;
    column.own_name = own_name(column);
    column.label = column.title;
    if (!column.title.empty() && titles[column.title] == 1) continue;
    if (!column.own_name.empty()) {
      column.label = column.own_name;
    } else if (column.title.empty()) {
      column.label = "column_" + std::to_string(position);
    }
  }
}

std::string ColumnNames::unique(const std::string& name) {
  auto free = name;
  for (int n = 2; !taken_.insert(free).second; ++n) free = name + "_" + std::to_string(n);
  return free;
}

}  // namespace qonduit::hypercube

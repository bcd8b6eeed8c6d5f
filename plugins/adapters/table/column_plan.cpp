#include "column_plan.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace qonduit::table {
namespace {

constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: above it a double cannot tell neighbours apart

bool integral(const std::optional<double>& value) {
  return !value || (std::floor(*value) == *value && std::fabs(*value) <= kExactIntegers);
}

struct Inferred {
  Type type;
  std::string logical;
};

// The number format decides where it says something; tags and known values decide for the rest.
Inferred infer_formatted(const ColumnInfo& column) {
  const auto& type = column.format_type;
  if (type == "D") return {Type::date32, "date"};
  if (type == "TS") return {Type::timestamp, "timestamp"};
  if (type == "T") return {Type::duration, "time"};
  if (type == "IV") return {Type::duration, "interval"};
  if (type == "M") return {Type::float64, "money"};
  if (type == "A") return {Type::utf8, ""};
  return {Type::utf8, "unknown"};
}

Inferred infer_dimension(const ColumnInfo& column) {
  if (auto formatted = infer_formatted(column); formatted.logical != "unknown") return formatted;
  // A date carries $date and, as a rule, $timestamp too.
  if (column.tagged("$date")) return {Type::date32, "date"};
  if (column.tagged("$timestamp")) return {Type::timestamp, "timestamp"};
  if (column.tagged("$integer")) return {Type::int64, ""};
  if (column.tagged("$numeric")) return {Type::float64, ""};
  if (column.tagged("$text") || column.tagged("$ascii")) return {Type::utf8, ""};
  if (column.continuous) return {Type::float64, ""};
  return {Type::utf8, ""};
}

Inferred infer_measure(const ColumnInfo& column) {
  if (auto formatted = infer_formatted(column); formatted.logical != "unknown") return formatted;
  if (column.total_is_text && !column.min && !column.max) return {Type::utf8, ""};
  // The format I is presentation: a fraction may be behind it. The range and the total tell.
  if (column.format_type == "I" && integral(column.min) && integral(column.max) && integral(column.total)) return {Type::int64, ""};
  return {Type::float64, ""};
}

// The number a user asks for with dual = number | both, where inference would deliver text.
Type numeric_type(const ColumnInfo& column, Type inferred) {
  if (inferred != Type::utf8) return inferred;
  return column.tagged("$integer") ? Type::int64 : Type::float64;
}

class Names {
 public:
  // Empty titles are named by position; a title that is taken gets _2, _3 ... in the order seen by the user.
  std::string unique(const std::string& title, std::size_t position) {
    std::string base = title.empty() ? "column_" + std::to_string(position + 1) : title;
    std::string name = base;
    for (int n = 2; !taken_.insert(name).second; ++n) name = base + "_" + std::to_string(n);
    return name;
  }

 private:
  std::set<std::string> taken_;
};

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

}  // namespace

Type wider(Type type) {
  switch (type) {
    case Type::int64: return Type::float64;
    case Type::date32: return Type::timestamp;
    default: return Type::utf8;
  }
}

ColumnPlan plan_columns(const CubeLayout& cube, const TableOptions& options, const Widening& widening,
                        const std::map<int, std::string>& expressions) {
  ColumnPlan plan;
  Names names;
  for (std::size_t i = 0; i < cube.visible.size(); ++i) {
    const auto& info = cube.visible[i];
    auto inferred = info.role == Role::dimension ? infer_dimension(info) : infer_measure(info);
    const auto own = options.dual_of.find(info.title);
    const auto dual = own == options.dual_of.end() ? options.dual : own->second;

    PlannedColumn column;
    column.title = info.title;
    column.role = info.role;
    switch (dual) {
      case Dual::automatic:
        column.type = inferred.type;
        column.own_text =
            info.role == Role::dimension && (inferred.type == Type::int64 || inferred.type == Type::float64) && info.format_type == "U";
        break;
      case Dual::number:
        column.type = numeric_type(info, inferred.type);
        column.may_widen = false;
        break;
      case Dual::text:
        column.type = Type::utf8;
        inferred.logical.clear();
        break;
      case Dual::both:
        column.type = numeric_type(info, inferred.type);
        column.with_text = true;
        column.nan_is_null = true;
        break;
    }
    if (const auto wide = widening.columns.find(i); wide != widening.columns.end()) {
      column.type = wide->second;
      if (column.type == Type::utf8) column.with_text = false, column.own_text = false, inferred.logical.clear();
    }
    column.name = names.unique(info.title, i);

    Field field;
    field.name = column.name;
    field.type = column.type;
    field.metadata = {{"qlik.title", info.title}, {"qlik.role", info.role == Role::dimension ? "dimension" : "measure"}};
    const auto expression = expressions.find(info.index);
    if (info.role == Role::dimension && !info.field.empty()) field.metadata.emplace_back("qlik.expression", info.field);
    if (info.role == Role::measure && expression != expressions.end()) field.metadata.emplace_back("qlik.expression", expression->second);
    if (!info.tags.empty()) field.metadata.emplace_back("qlik.tags", joined(info.tags));
    if (!info.format_type.empty()) field.metadata.emplace_back("qlik.format_type", info.format_type);
    if (!info.format.empty()) field.metadata.emplace_back("qlik.format", info.format);
    if (!inferred.logical.empty()) field.metadata.emplace_back("qlik.logical", inferred.logical);
    plan.schema.fields.push_back(std::move(field));
    if (column.with_text) {
      plan.schema.fields.push_back(
          Field{names.unique(column.name + "_text", i), Type::utf8, true, {{"qlik.title", info.title}, {"qlik.role", "text"}}, false});
    }
    plan.columns.push_back(std::move(column));
  }
  plan.row_kind = options.special_rows == SpecialRows::mark && (cube.has_others || widening.row_kind);
  if (plan.row_kind) {
    plan.schema.fields.push_back(
        Field{names.unique("row_kind", cube.visible.size()), Type::utf8, false, {{"qlik.role", "row_kind"}}, false});
  }
  return plan;
}

std::size_t output_columns(const ColumnPlan& plan, std::size_t left, std::size_t width) {
  std::size_t count = 0;
  const auto end = std::min(plan.columns.size(), left + width);
  for (std::size_t i = left; i < end; ++i) count += plan.columns[i].with_text ? 2 : 1;
  return count + (plan.row_kind && end == plan.columns.size() ? 1 : 0);
}

}  // namespace qonduit::table

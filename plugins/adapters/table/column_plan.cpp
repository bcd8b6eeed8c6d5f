#include "column_plan.hpp"

#include <algorithm>

namespace qonduit::table {

using hypercube::Role;
ColumnPlan plan_columns(const hypercube::CubeLayout& cube, const TableOptions& options, const Widening& widening,
                        const std::map<int, std::string>& expressions) {
  ColumnPlan plan;
  hypercube::ColumnNames names;
  for (std::size_t i = 0; i < cube.visible.size(); ++i) {
    const auto& info = cube.visible[i];
    auto inferred = hypercube::infer_type(info);
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
        column.type = hypercube::numeric_type(info, inferred.type);
        column.may_widen = false;
        break;
      case Dual::text:
        column.type = Type::utf8;
        inferred.logical.clear();
        break;
      case Dual::both:
        column.type = hypercube::numeric_type(info, inferred.type);
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
    const auto expression = expressions.find(info.index);
    field.metadata = hypercube::column_metadata(
        info, inferred, info.role == Role::measure && expression != expressions.end() ? expression->second : std::string());
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

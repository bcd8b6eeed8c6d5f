#include "plugins/adapters/cube/cube_plan.hpp"

#include <qonduit/own_name.hpp>

#include <algorithm>
#include <set>

namespace qonduit::cube {
namespace {

using hypercube::ColumnInfo;
using hypercube::Role;

bool is_number(Type type) { return type == Type::int64 || type == Type::float64; }

// One column that holds values of every measure: of their type where they agree, a number where all are numbers, else their texts.
ColumnInfo of_all_measures(const LevelLayout& layout, const std::string& title) {
  ColumnInfo made = layout.measure(0);
  const auto first = hypercube::infer_type(made);
  bool same = true;
  bool numbers = is_number(first.type);
  for (std::size_t m = 1; m < layout.measures; ++m) {
    const auto other = hypercube::infer_type(layout.measure(m));
    same = same && other.type == first.type && other.logical == first.logical;
    numbers = numbers && is_number(other.type);
  }
  if (layout.measures > 1) made.attributes.clear();  // which differ from measure to measure
  if (!same) {
    made = ColumnInfo();
    made.role = Role::measure;
    made.format_type = numbers ? "R" : "A";
  }
  made.title = made.label = title;
  made.own_name.clear();
  if (layout.measures > 1) made.index = -1;  // no expression of one measure
  return made;
}

struct Wanted {
  std::vector<ColumnInfo> columns;
  bool names_measure = false;
};

Wanted wanted_columns(const LevelLayout& layout, const std::vector<WideColumn>& wide, CubePlan& plan) {
  Wanted wanted;
  plan.dimension_slots.assign(layout.dimensions, kNoSlot);
  const auto add_dimension = [&](std::size_t i) {
    plan.dimension_slots[i] = wanted.columns.size();
    wanted.columns.push_back(layout.dimension(i));
  };
  if (plan.shape == Shape::wide) {
    for (const auto i : layout.left) add_dimension(i);
  } else {
    for (std::size_t i = 0; i < layout.dimensions; ++i) add_dimension(i);
  }
  plan.first_value = wanted.columns.size();
  switch (plan.shape) {
    case Shape::tidy:
      for (std::size_t m = 0; m < layout.measures; ++m) wanted.columns.push_back(layout.measure(m));
      break;
    case Shape::cells:
      wanted.columns.push_back(of_all_measures(layout, std::string(kValueColumn)));
      wanted.names_measure = true;
      break;
    case Shape::wide:
      wanted.names_measure = layout.measures_left;
      for (const auto& column : wide) {
        wanted.columns.push_back(layout.measures_left ? of_all_measures(layout, column.name) : layout.measure(column.measure));
        wanted.columns.back().title = wanted.columns.back().label = column.name;
        wanted.columns.back().own_name = column.own_name;
      }
      break;
  }
  return wanted;
}

// A column that says which measure a row is of, before the values.
void insert_measure_name(CubePlan& plan) {
  auto& fields = plan.columns.schema.fields;
  std::set<std::string> taken;
  for (const auto& field : fields) taken.insert(field.name);
  std::string name(kMeasureColumn);
  for (int n = 2; taken.contains(name); ++n) name = std::string(kMeasureColumn) + "_" + std::to_string(n);
  plan.measure_output = plan.first_output.size() > plan.first_value ? plan.first_output[plan.first_value] : plan.value_end();
  fields.insert(fields.begin() + static_cast<std::ptrdiff_t>(plan.measure_output),
                Field{name, Type::utf8, false, {{"qlik.title", std::string(kMeasureColumn)}, {"qlik.role", "measure_name"}}, false});
  for (std::size_t slot = plan.first_value; slot < plan.first_output.size(); ++slot) ++plan.first_output[slot];
}

// The columns of values say which dimensions' members name them.
void say_who_heads(const LevelLayout& layout, CubePlan& plan) {
  std::vector<std::string> dimensions;
  for (const auto position : layout.top) {
    const auto& dimension = layout.dimension(position);
    dimensions.push_back(dimension.title);
    if (!dimension.own_name.empty()) dimensions.push_back(dimension.own_name);
  }
  auto& fields = plan.columns.schema.fields;
  for (auto i = plan.first_output.size() > plan.first_value ? plan.first_output[plan.first_value] : fields.size(); i < fields.size(); ++i)
    tell_named_by(fields[i], dimensions);
}

}  // namespace

CubePlan plan_cube(const LevelLayout& layout, const CubeOptions& options, const straight::Widening& widening,
                   const std::map<int, std::string>& expressions, const std::vector<WideColumn>& wide, const Locale& locale) {
  CubePlan plan;
  plan.shape = options.shape == Shape::tidy && layout.place == MeasurePlace::apart ? Shape::cells : options.shape;
  std::vector<WideColumn> kept;
  for (const auto& column : wide) {
    const bool keep = column.kind != RowKind::total || options.totals == Totals::keep;
    plan.wide_slots.push_back(keep ? kept.size() : kNoSlot);
    plan.wide_measures.push_back(column.measure);
    if (keep) kept.push_back(column);
  }
  auto wanted = wanted_columns(layout, kept, plan);
  for (auto& slot : plan.wide_slots) slot += slot == kNoSlot ? 0 : plan.first_value;

  hypercube::CubeLayout cube;
  cube.visible = std::move(wanted.columns);
  cube.hidden = layout.cube.hidden;
  cube.has_others = layout.cube.has_others || layout.collapsed || options.totals == Totals::keep;
  plan.columns = straight::plan_columns(cube, options.of_columns(), widening, expressions, locale);
  for (std::size_t m = 0; m < layout.measures; ++m) {
    plan.measure_writings.push_back(std::make_shared<const cell::Writing>(hypercube::writing_of(layout.measure(m), locale)));
  }
  std::size_t output = 0;
  for (std::size_t slot = 0; slot < plan.columns.columns.size(); ++slot) {
    const auto& column = plan.columns.columns[slot];
    plan.first_output.push_back(output);
    output += column.outputs();
    plan.attributes = plan.attributes || !column.companions.empty();
    if (slot < plan.first_value) {
      plan.numeric_members = plan.numeric_members || column.type != Type::utf8 || column.writing != nullptr;
    } else {
      plan.needs_text = plan.needs_text || column.type == Type::utf8 || column.with_text;
    }
  }
  if (plan.shape == Shape::wide) say_who_heads(layout, plan);
  if (wanted.names_measure) insert_measure_name(plan);
  return plan;
}

}  // namespace qonduit::cube

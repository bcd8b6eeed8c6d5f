#include "plugins/adapters/straight/column_plan.hpp"

#include <qonduit/log.hpp>

namespace qonduit::straight {

using hypercube::AttributeInfo;
using hypercube::ColumnInfo;
using hypercube::Frequency;
using hypercube::Role;

namespace {

struct Inputs {
  const StraightOptions& options;
  const Widening& widening;
  hypercube::ColumnNames& names;
};

// Widened to utf8, a value is its text: nothing of the number is left to say.
void apply_widening(PlannedColumn& column, hypercube::InferredType& inferred, const Widening& widening, std::size_t position) {
  const auto wide = widening.types.find(Slot{position});
  if (wide == widening.types.end()) return;
  column.type = wide->second;
  if (column.type == Type::utf8) column.with_text = false, column.own_text = false, inferred.logical.clear();
}

PlannedColumn plan_column(const ColumnInfo& info, std::size_t position, const Inputs& inputs, hypercube::InferredType& inferred) {
  const auto own = inputs.options.dual_of.find(info.title);
  PlannedColumn column;
  column.title = info.title;
  column.name = inputs.names.unique(info.label);
  column.role = info.role;
  switch (own == inputs.options.dual_of.end() ? inputs.options.dual : own->second) {
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
  apply_widening(column, inferred, inputs.widening, position);
  return column;
}

void add_companion(PlannedColumn& column, Schema& schema, std::size_t position, const Inputs& inputs, Companion companion,
                   Metadata metadata) {
  companion.name = inputs.names.unique(companion.name);
  const auto wide = inputs.widening.types.find(Slot{position, column.companions.size()});
  if (wide != inputs.widening.types.end()) companion.type = wide->second;
  if (companion.type == Type::utf8) companion.own_text = false;
  const bool nullable = companion.kind != Companion::Kind::state && companion.kind != Companion::Kind::element;
  schema.fields.push_back(Field{companion.name, companion.type, nullable, std::move(metadata), false});
  column.companions.push_back(std::move(companion));
}

void add_list_facts(PlannedColumn& column, const ColumnInfo& info, Schema& schema, std::size_t position, const Inputs& inputs) {
  using Kind = Companion::Kind;
  const auto metadata = [&](const char* role) { return Metadata{{"qlik.title", info.title}, {"qlik.role", role}}; };
  add_companion(column, schema, position, inputs, {Kind::state, 0, Type::utf8, "state"}, metadata("state"));
  const auto frequency = info.frequency == Frequency::none && inputs.widening.frequency ? Frequency::count : info.frequency;
  column.no_frequency = frequency == Frequency::none;
  if (frequency != Frequency::none) {
    auto facts = metadata("frequency");
    if (frequency == Frequency::percent) facts.emplace_back("qlik.logical", "percent");
    add_companion(column, schema, position, inputs,
                  {Kind::frequency, 0, frequency == Frequency::count ? Type::int64 : Type::float64, "frequency"}, std::move(facts));
  }
  if (inputs.options.element_numbers)
    add_companion(column, schema, position, inputs, {Kind::element, 0, Type::int64, "element"}, metadata("element"));
}

void add_attributes(PlannedColumn& column, const ColumnInfo& info, Schema& schema, std::size_t position, const Inputs& inputs) {
  for (const auto& attribute : info.attributes) {
    const auto inferred = hypercube::infer_type(attribute);
    const bool expression = attribute.kind == AttributeInfo::Kind::expression;
    Companion companion{expression ? Companion::Kind::expression : Companion::Kind::dimension, attribute.index, inferred.type,
                        column.name + "." + hypercube::attribute_name(attribute)};
    // A colour is a number with a text that says more, "ARGB(255,0,0,0)".
    companion.own_text = expression && inferred.type == Type::float64 && attribute.format_type == "U";
    add_companion(column, schema, position, inputs, std::move(companion), hypercube::attribute_metadata(attribute, inferred, info.title));
  }
}

}  // namespace

ColumnPlan plan_columns(const hypercube::CubeLayout& cube, const StraightOptions& options, const Widening& widening,
                        const std::map<int, std::string>& expressions) {
  ColumnPlan plan;
  hypercube::ColumnNames names;
  const Inputs inputs{options, widening, names};
  for (std::size_t i = 0; i < cube.visible.size(); ++i) {
    const auto& info = cube.visible[i];
    auto inferred = hypercube::infer_type(info);
    const auto expression = expressions.find(info.index);
    const auto source = info.role == Role::measure && expression != expressions.end() ? expression->second : std::string();
    auto column = plan_column(info, i, inputs, inferred);
    plan.schema.fields.push_back(Field{column.name, column.type, true, hypercube::column_metadata(info, inferred, source), false});
    if (column.with_text) {
      plan.schema.fields.push_back(
          Field{names.unique(column.name + "_text"), Type::utf8, true, {{"qlik.title", info.title}, {"qlik.role", "text"}}, false});
    }
    if (info.in_list) add_list_facts(column, info, plan.schema, i, inputs);
    if (options.attributes == Attributes::columns) add_attributes(column, info, plan.schema, i, inputs);
    plan.columns.push_back(std::move(column));
  }
  plan.row_kind = options.special_rows == SpecialRows::mark && (cube.has_others || widening.row_kind);
  if (plan.row_kind) {
    plan.schema.fields.push_back(Field{names.unique("row_kind"), Type::utf8, false, {{"qlik.role", "row_kind"}}, false});
  }
  return plan;
}

Status widen(const Contradiction& contradiction, const ColumnPlan& plan, Conflict conflict, const Status& why, Widening& widening) {
  if (contradiction.special_row || contradiction.frequency) {
    widening.row_kind = widening.row_kind || contradiction.special_row;
    widening.frequency = widening.frequency || contradiction.frequency;
    return {};
  }
  const auto& slot = contradiction.slot;
  if (slot.column >= plan.columns.size()) return why;
  const auto& column = plan.columns[slot.column];
  const auto* companion = slot.companion == Slot::kNone ? nullptr : &column.companions[slot.companion];
  if (conflict == Conflict::fail || (companion == nullptr && !column.may_widen)) return why;
  // A text needs utf8 at once; a number that does not fit goes one step up.
  widening.types[slot] = contradiction.needed;
  log::info("widened a column whose values do not fit its type",
            {{"column", companion == nullptr ? column.title : companion->name},
             {"from", std::string(to_string(companion == nullptr ? column.type : companion->type))},
             {"to", std::string(to_string(contradiction.needed))}});
  return {};
}

}  // namespace qonduit::straight

#include "plugins/adapters/straight/column_plan.hpp"

#include <qonduit/log.hpp>
#include <qonduit/own_name.hpp>
#include <qonduit/text.hpp>
#include <qonduit/type_words.hpp>

#include <algorithm>

namespace qonduit::straight {

using hypercube::AttributeInfo;
using hypercube::ColumnInfo;
using hypercube::Frequency;
using hypercube::Role;

namespace {

// What the user says of a column's duals: by its own name, which is of this column alone, or by its title.
Dual dual_of(const StraightOptions& options, const ColumnInfo& info) {
  for (const auto* name : {&info.own_name, &info.label, &info.title}) {
    const auto said = options.dual_of.find(*name);
    if (!name->empty() && said != options.dual_of.end()) return said->second;
  }
  return options.dual;
}

struct BesideName {
  std::string name, own_name;
};

// What columns of ours are called that stand beside one of the object: "Month_text", "City.latitude". Where the object has a column of that
// title, shown or hidden, or another of ours would be called so, it is named after its column's own name. Nothing depends on the order.
class BesideNames {
 public:
  BesideNames(const hypercube::CubeLayout& cube, const StraightOptions& options) {
    for (const auto& info : cube.visible) {
      ++taken_[info.title];
      if (info.label != info.title) ++taken_[info.label];
    }
    for (const auto& hidden : cube.hidden) ++taken_[hidden.title];
    for (const auto& title : cube.unnamed) ++taken_[title];
    const auto wish = [this](const ColumnInfo& info, const std::string& behind, const std::string& name) {
      ++taken_[name];
      ++owned_[after_own_name(info, behind, name)];
    };
    for (const auto& info : cube.visible) {
      if (dual_of(options, info) == Dual::both) wish(info, "_text", info.label + "_text");
      if (options.attributes != Attributes::columns) continue;
      for (const auto& attribute : info.attributes) {
        const auto behind = "." + hypercube::attribute_name(attribute);
        wish(info, behind, info.label + behind);
      }
    }
  }

  // what: what else tells it from others beside the same column.
  [[nodiscard]] BesideName name_of(const ColumnInfo& info, const std::string& behind, const std::string& what = {}) const {
    return choose(info, behind, info.label + behind, what, 1);
  }
  // What stands beside the values of a list has a name of ours alone.
  [[nodiscard]] BesideName name_of_fact(const ColumnInfo& info, const std::string& name) const { return choose(info, {}, name, {}, 0); }

 private:
  static std::string after_own_name(const ColumnInfo& info, const std::string& behind, const std::string& name) {
    if (!info.own_name.empty() && !behind.empty()) return info.own_name + behind;
    return name + "_" + short_hash(info.title + '\0' + info.field).substr(0, 8);
  }
  static int count(const std::map<std::string, int>& names, const std::string& name) {
    const auto found = names.find(name);
    return found == names.end() ? 0 : found->second;
  }
  // wishes: how many of those who want the name are the column itself.
  [[nodiscard]] BesideName choose(const ColumnInfo& info, const std::string& behind, const std::string& name, const std::string& what,
                                  int wishes) const {
    auto own = after_own_name(info, behind, name);
    const bool alone = count(owned_, own) <= 1 && count(taken_, own) <= (own == name ? wishes : 0);
    if (!alone) own += "_" + short_hash(what).substr(0, 8);
    return {count(taken_, name) <= wishes ? name : own, own};
  }

  std::map<std::string, int> taken_, owned_;
};

struct Inputs {
  const StraightOptions& options;
  const Widening& widening;
  const Locale& locale;
  hypercube::ColumnNames& names;
  const BesideNames& beside;
  std::vector<std::string>& notes;
};

// Widened to utf8, a value is its text: nothing of the number is left to say.
void apply_widening(PlannedColumn& column, hypercube::InferredType& inferred, const Widening& widening, std::size_t position) {
  const auto wide = widening.types.find(Slot{position});
  if (wide == widening.types.end()) return;
  column.type = wide->second;
  if (column.type == Type::utf8) column.with_text = false, inferred.logical.clear();
}

constexpr int kText = cell::bit(cell::Kind::text);

const char* reason(Type type, bool of_day) {
  switch (type) {
    case Type::int64: return "its values are whole numbers";
    case Type::float64: return "its values are numbers, not all of them whole and up to 2^53";
    case Type::date32: return "its texts are dates";
    case Type::timestamp: return "its texts are dates, some with a time of day";
    case Type::duration: return of_day ? "its texts are times of day" : "its texts are intervals";
    default: return "its texts say more than its numbers do";
  }
}

// dual = auto: what the cells are decides; before any was seen, what the layout says.
void plan_auto(PlannedColumn& column, const ColumnInfo& info, std::size_t position, const Inputs& inputs, hypercube::InferredType& inferred,
               std::vector<std::string>& notes) {
  column.writing = std::make_shared<const cell::Writing>(hypercube::writing_of(info, inputs.locale));
  column.texts_alone = inputs.options.on_mixed != Mixed::text;
  const auto met = inputs.widening.kinds.find(position);
  const char* why = nullptr;
  if (met != inputs.widening.kinds.end()) {
    int kinds = met->second;
    if ((kinds & kText) != 0 && kinds != kText && inputs.options.on_mixed == Mixed::null &&
        cell::choose(static_cast<cell::Kinds>(kinds & ~kText)).type != Type::utf8) {
      column.texts_are_null = true;
      kinds &= ~kText;
    }
    inferred = hypercube::type_of_kinds(static_cast<cell::Kinds>(kinds), info);
    column.texts_alone = column.texts_alone && kinds == kText;
    // What is mixed, the cells tell: see Findings.
    if (inferred.type != Type::utf8 || kinds == kText) why = reason(inferred.type, inferred.logical == "time");
  } else if (const auto shown = hypercube::infer_from_total(info, *column.writing)) {
    inferred = *shown;
    why = reason(inferred.type, inferred.logical == "time");
  }
  column.type = inferred.type;
  column.of_day = inferred.logical == "time";
  if (why != nullptr)
    notes.push_back("column '" + info.title + "' is delivered as " +
                    (inferred.logical.empty() ? std::string(type_word(inferred.type)) : inferred.logical) + ": " + why);
}

PlannedColumn plan_column(const ColumnInfo& info, std::size_t position, const Inputs& inputs, hypercube::InferredType& inferred,
                          std::vector<std::string>& notes) {
  PlannedColumn column;
  column.title = info.title;
  column.name = inputs.names.unique(info.label);
  column.role = info.role;
  switch (dual_of(inputs.options, info)) {
    case Dual::automatic: plan_auto(column, info, position, inputs, inferred, notes); break;
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
  if (column.writing == nullptr) {
    apply_widening(column, inferred, inputs.widening, position);
    column.of_day = inferred.logical == "time";
  }
  return column;
}

void add_companion(PlannedColumn& column, Schema& schema, std::size_t position, const Inputs& inputs, Companion companion, BesideName named,
                   Metadata metadata) {
  companion.name = inputs.names.unique(named.name);
  metadata.emplace_back(kOwnName, std::move(named.own_name));
  const auto wide = inputs.widening.types.find(Slot{position, column.companions.size()});
  if (wide != inputs.widening.types.end()) {
    companion.type = wide->second;
    if (companion.type == Type::utf8)
      inputs.notes.push_back("column '" + companion.name + "' is delivered as text: some of its values are neither numbers nor dates");
  }
  const bool nullable = companion.kind != Companion::Kind::state && companion.kind != Companion::Kind::element;
  schema.fields.push_back(Field{companion.name, companion.type, nullable, std::move(metadata), false});
  column.companions.push_back(std::move(companion));
}

void add_list_facts(PlannedColumn& column, const ColumnInfo& info, Schema& schema, std::size_t position, const Inputs& inputs) {
  using Kind = Companion::Kind;
  const auto metadata = [&](const char* role) { return Metadata{{"qlik.title", info.title}, {"qlik.role", role}}; };
  const auto fact = [&](const char* name) { return inputs.beside.name_of_fact(info, name); };
  add_companion(column, schema, position, inputs, {Kind::state, 0, Type::utf8, {}, nullptr}, fact("state"), metadata("state"));
  const auto frequency = info.frequency == Frequency::none && inputs.widening.frequency ? Frequency::count : info.frequency;
  column.no_frequency = frequency == Frequency::none;
  if (frequency != Frequency::none) {
    auto facts = metadata("frequency");
    if (frequency == Frequency::percent) facts.emplace_back("qlik.logical", "percent");
    add_companion(column, schema, position, inputs,
                  {Kind::frequency, 0, frequency == Frequency::count ? Type::int64 : Type::float64, {}, nullptr}, fact("frequency"),
                  std::move(facts));
  }
  if (inputs.options.element_numbers)
    add_companion(column, schema, position, inputs, {Kind::element, 0, Type::int64, {}, nullptr}, fact("element"), metadata("element"));
}

void add_attributes(PlannedColumn& column, const ColumnInfo& info, Schema& schema, std::size_t position, const Inputs& inputs) {
  for (const auto& attribute : info.attributes) {
    const auto inferred = hypercube::infer_type(attribute);
    const bool expression = attribute.kind == AttributeInfo::Kind::expression;
    Companion companion{expression ? Companion::Kind::expression : Companion::Kind::dimension, attribute.index, inferred.type, {}, nullptr};
    // A colour is a number with a text that says more, "ARGB(255,0,0,0)".
    if (expression) companion.writing = std::make_shared<const cell::Writing>(hypercube::writing_of(attribute, inputs.locale));
    auto named = inputs.beside.name_of(info, "." + hypercube::attribute_name(attribute), (expression ? "" : "=") + attribute.title);
    add_companion(column, schema, position, inputs, std::move(companion), std::move(named),
                  hypercube::attribute_metadata(attribute, inferred, info.title));
  }
}

}  // namespace

ColumnPlan plan_columns(const hypercube::CubeLayout& cube, const StraightOptions& options, const Widening& widening,
                        const std::map<int, std::string>& expressions, const Locale& locale) {
  ColumnPlan plan;
  hypercube::ColumnNames names;
  const BesideNames beside(cube, options);
  const Inputs inputs{options, widening, locale, names, beside, plan.notes};
  for (std::size_t i = 0; i < cube.visible.size(); ++i) {
    const auto& info = cube.visible[i];
    auto inferred = hypercube::infer_type(info);
    const auto expression = expressions.find(info.index);
    const auto source = info.role == Role::measure && expression != expressions.end() ? expression->second : std::string();
    auto column = plan_column(info, i, inputs, inferred, plan.notes);
    plan.schema.fields.push_back(Field{column.name, column.type, true, hypercube::column_metadata(info, inferred, source), false});
    if (column.with_text) {
      auto named = beside.name_of(info, "_text");
      plan.schema.fields.push_back(
          Field{names.unique(named.name),
                Type::utf8,
                true,
                {{"qlik.title", info.title}, {"qlik.role", "text"}, {std::string(kOwnName), std::move(named.own_name)}},
                false});
    }
    if (info.in_list) add_list_facts(column, info, plan.schema, i, inputs);
    if (options.attributes == Attributes::columns) add_attributes(column, info, plan.schema, i, inputs);
    plan.columns.push_back(std::move(column));
  }
  plan.row_kind = options.special_rows == SpecialRows::mark && (cube.has_others || widening.row_kind);
  if (plan.row_kind) {
    plan.schema.fields.push_back(Field{names.unique("row_kind"), Type::utf8, false, {{"qlik.role", "row_kind"}}, false});
    const auto dimensions = std::count_if(cube.visible.begin(), cube.visible.end(),
                                          [](const auto& column) { return column.role == hypercube::Role::dimension; });
    plan.row_kind_of = dimensions > 1;
    if (plan.row_kind_of)
      plan.schema.fields.push_back(Field{names.unique("row_kind_of"), Type::utf8, true, {{"qlik.role", "row_kind_of"}}, false});
  }
  return plan;
}

namespace {

std::string word_for(const PlannedColumn& column) { return std::string(to_string(column.type)); }

// Of the columns whose cells say what they are.
Status widen_kinds(const Contradiction& contradiction, const ColumnPlan& plan, const StraightOptions& options, const Status& why,
                   Widening& widening, bool& widened) {
  for (std::size_t i = 0; i < std::min(contradiction.met.size(), plan.columns.size()); ++i) {
    const auto& column = plan.columns[i];
    bool fits = true;
    for (int kind = 1; kind <= cell::kLastKind; kind *= 2) {
      if ((contradiction.met[i] & kind) != 0) fits = fits && column.holds(static_cast<cell::Kind>(kind));
    }
    if (column.writing == nullptr || fits) continue;
    if (options.type_conflict == Conflict::fail) return why;
    auto& kinds = widening.kinds[i];
    kinds = static_cast<cell::Kinds>(kinds | contradiction.met[i]);
    if (options.on_mixed == Mixed::fail && cell::is_mixed(kinds)) return {Code::bad_data, cell::refused_mixture(column.title, kinds)};
    widened = true;
    log::info("widened a column whose values do not fit its type",
              {{"column", column.title}, {"from", word_for(column)}, {"to", std::string(to_string(cell::choose(kinds).type))}});
  }
  return {};
}

}  // namespace

Status widen(const Contradiction& contradiction, const ColumnPlan& plan, const StraightOptions& options, const Status& why,
             Widening& widening) {
  bool widened = false;
  if (auto status = widen_kinds(contradiction, plan, options, why, widening, widened); !status.ok()) return status;
  if (contradiction.special_row || contradiction.frequency) {
    widening.row_kind = widening.row_kind || contradiction.special_row;
    widening.frequency = widening.frequency || contradiction.frequency;
    return {};
  }
  const auto& slot = contradiction.slot;
  if (slot.column >= plan.columns.size()) return widened ? Status() : why;
  const auto& column = plan.columns[slot.column];
  const auto* companion = slot.companion == Slot::kNone ? nullptr : &column.companions[slot.companion];
  if (companion == nullptr && !column.may_widen) {
    return {why.code(), why.message() + ": dual = number delivers nothing else; dual." + column.title + " = auto, text or both takes it"};
  }
  if (options.type_conflict == Conflict::fail) return why;
  // A text needs utf8 at once; a number that does not fit goes one step up.
  widening.types[slot] = contradiction.needed;
  log::info("widened a column whose values do not fit its type",
            {{"column", companion == nullptr ? column.title : companion->name},
             {"from", companion == nullptr ? word_for(column) : std::string(to_string(companion->type))},
             {"to", std::string(to_string(contradiction.needed))}});
  return {};
}

std::string joined_notes(const ColumnPlan& plan) {
  constexpr std::size_t kLongest = 3000;
  std::string text;
  for (std::size_t i = 0; i < plan.notes.size(); ++i) {
    if (text.size() + plan.notes[i].size() > kLongest) return text + "; and " + std::to_string(plan.notes.size() - i) + " columns more";
    text += (text.empty() ? "" : "; ") + plan.notes[i];
  }
  return text;
}

}  // namespace qonduit::straight

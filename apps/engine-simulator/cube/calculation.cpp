#include "cube/calculation.hpp"

#include <algorithm>
#include <numeric>

#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

// Nulls after everything.
int compare_numbers(double left, double right) {
  const bool left_null = std::isnan(left);
  const bool right_null = std::isnan(right);
  if (left_null || right_null) return left_null == right_null ? 0 : left_null ? 1 : -1;
  return left < right ? -1 : left > right ? 1 : 0;
}

void widen(double value, double& least, double& most) {
  if (std::isnan(value)) return;
  least = std::isnan(least) ? value : std::min(least, value);
  most = std::isnan(most) ? value : std::max(most, value);
}

}  // namespace

Calculation::Calculation(Scope& scope, CubeDefinition& definition) : scope_(scope), definition_(definition) {
  if (definition.context) context_ = scope.records_of(*definition.context, definition.state);
  std::vector<Axis*> axes;
  for (std::size_t i = 0; i < definition.dimensions.size(); ++i) {
    if (definition.dimensions[i].info.error != 0) continue;
    visible_.push_back(i);
    axes_.push_back(std::make_unique<Axis>(scope.model(), *definition.dimensions[i].expression));
    axes.push_back(axes_.back().get());
  }
  for (std::size_t i = 0; i < definition.measures.size(); ++i)
    if (definition.measures[i].info.error == 0) visible_measures_.push_back(i);
  aggregation_ = std::make_unique<Aggregation>(
      scope.model(), axes, [this](const Expression& leaf) { return records_of(leaf); }, scope.unknowns.constants_count_rows);
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) limit_to_others(axis);
  find_keys();
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    describe(axis);
    rank(axis);
  }
}

GroupKey Calculation::only(std::size_t axis, Element element) const {
  GroupKey key(axes_.size(), kTotalElement);
  key[axis] = element;
  return key;
}

std::shared_ptr<const RecordSet> Calculation::records_of(const Expression& aggregate) {
  auto& records = records_[&aggregate];
  if (!records) {
    records = scope_.records_of(aggregate, definition_.state);
    // The engine's own rule for both sets at once is not published: what both name is taken.
    const bool own = aggregate.set || !aggregate.outer.empty();
    if (context_) records = own ? std::make_shared<const RecordSet>(combine(*records, *context_, SetOperation::both)) : context_;
  }
  return records;
}

const GroupValues& Calculation::values_of(const Expression& aggregate, const std::vector<char>& by) {
  auto& made = values_[&aggregate];
  if (const auto known = made.find(by); known != made.end()) return known->second;
  return made.emplace(by, aggregation_->values(aggregate, by, *records_of(aggregate))).first->second;
}

Value Calculation::evaluate_at(const Expression& expression, const GroupKey& key) {
  return evaluate(expression, scope_.locale(), [&](const Expression& leaf) {
    at_ = key;
    by_.assign(key.size(), 1);
    for (std::size_t i = 0; i < key.size(); ++i) {
      const auto& total_by = leaf.total_by;
      const bool kept =
          !leaf.total || std::find(total_by.begin(), total_by.end(), definition_.dimensions[visible_[i]].source) != total_by.end();
      if (!kept) at_[i] = kTotalElement;
      by_[i] = at_[i] != kTotalElement ? 1 : 0;
    }
    const auto* found = values_of(leaf, by_).find(at_);
    return found == nullptr ? Aggregation::value_of_nothing(leaf) : *found;
  });
}

Value Calculation::measure(std::size_t index, const GroupKey& key) {
  const auto& measure = definition_.measures[index];
  return measure.expression ? evaluate_at(*measure.expression, key) : Value{};
}

void Calculation::limit_to_others(std::size_t axis) {
  using Mode = OthersSpec::Mode;
  const auto& spec = definition_.dimensions[visible_[axis]].others;
  if (spec.mode == Mode::off || visible_measures_.empty() || std::isnan(spec.limit)) return;
  // Ranked by the first measure over this dimension alone.
  GroupKeys found(axes_.size());
  const auto all = aggregation_->groups(records());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i][axis] >= 0) found.add(only(axis, all[i][axis]));
  std::vector<std::pair<Element, double>> ranked;
  double total = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double value = measure(visible_measures_.front(), only(axis, found[i][axis])).number;
    ranked.emplace_back(found[i][axis], value);
    if (!std::isnan(value)) total += value;
  }
  std::sort(ranked.begin(), ranked.end(), [&](const auto& left, const auto& right) {
    const int order = compare_numbers(left.second, right.second);
    if (order == 0) return left.first < right.first;
    const bool null = std::isnan(left.second) || std::isnan(right.second);
    return null || spec.ascending ? order < 0 : order > 0;
  });
  std::vector<Element> kept;
  double sum = 0;
  const auto passes = [&](double value) {
    if (spec.limit_mode == "OTHER_GE_LIMIT") return value >= spec.limit;
    if (spec.limit_mode == "OTHER_LE_LIMIT") return value <= spec.limit;
    if (spec.limit_mode == "OTHER_LT_LIMIT") return value < spec.limit;
    return value > spec.limit;
  };
  for (const auto& [element, value] : ranked) {
    const double share = total == 0 ? 0 : value / total;
    bool keep = false;
    switch (spec.mode) {
      case Mode::counted: keep = static_cast<double>(kept.size()) < spec.limit; break;
      case Mode::absolute: keep = passes(value); break;
      case Mode::relative: keep = passes(share); break;
      case Mode::absolute_target: keep = sum < spec.limit; break;
      case Mode::relative_target: keep = total != 0 && sum / total < spec.limit; break;
      case Mode::off: break;
    }
    if (!std::isnan(value)) sum += value;
    if (keep) kept.push_back(element);
  }
  if (kept.size() == ranked.size() || kept.empty()) return;
  has_others_ = has_others_ || !spec.suppressed;
  axes_[axis]->keep_only(std::move(kept));
  values_.clear();
}

bool Calculation::suppressed(const GroupKey& key) {
  for (std::size_t i = 0; i < key.size(); ++i) {
    const auto& dimension = definition_.dimensions[visible_[i]];
    if (key[i] == kNullElement && (definition_.suppress_missing || dimension.suppress_null)) return true;
    if (key[i] == kOthersElement && dimension.others.suppressed) return true;
  }
  if (!definition_.suppress_zero || visible_measures_.empty()) return false;
  return std::all_of(visible_measures_.begin(), visible_measures_.end(), [&](std::size_t index) {
    const Value value = measure(index, key);
    return value.is_null() || value.number == 0;
  });
}

void Calculation::find_keys() {
  if (axes_.empty()) {
    if (!definition_.measures.empty()) keys_.emplace_back();
    return;
  }
  auto found = aggregation_->groups(records());
  const std::vector<char> by(axes_.size(), 1);
  for (const auto index : visible_measures_) {
    if (!definition_.measures[index].expression) continue;
    std::vector<const Expression*> aggregates;
    collect_aggregates(*definition_.measures[index].expression, aggregates);
    for (const auto* aggregate : aggregates) {
      if (aggregate->total) continue;
      const auto& keys = values_of(*aggregate, by).keys;
      for (std::size_t i = 0; i < keys.size(); ++i) found.add(keys[i]);
    }
  }
  keys_.reserve(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    GroupKey key(found[i].begin(), found[i].end());
    if (!suppressed(key)) keys_.push_back(std::move(key));
  }
}

void Calculation::describe(std::size_t axis) {
  DimensionInfo& info = definition_.dimensions[visible_[axis]].info;
  const Axis& of = *axes_[axis];
  states_.emplace_back();
  info.cardinal = static_cast<std::int64_t>(of.symbols());
  if (of.field() >= 0) {
    const Field& field = scope_.model().field(of.field());
    info.tags = tags_of(field);
    info.type = field.type == FieldType::text ? "D" : "N";
    info.format = dimension_format(field);
    info.continuous = field.type != FieldType::text;
    states_.back() = scope_.states(definition_.state, of.field());
    info.states = count_states(states_.back());
    info.locked = info.states.locked > 0;
  } else {
    info.states.option = info.cardinal;
  }
  bool numeric = of.symbols() > 0;
  for (std::size_t i = 0; i < of.symbols(); ++i) {
    const Symbol& symbol = of.symbol(static_cast<Element>(i));
    info.glyphs = std::max(info.glyphs, glyphs(symbol.text));
    numeric = numeric && !std::isnan(symbol.number);
    widen(symbol.number, info.min, info.max);
  }
  if (of.calculated()) {
    info.type = numeric ? "N" : "D";
    info.tags = numeric ? std::vector<std::string>{"$numeric"} : std::vector<std::string>{"$ascii", "$text"};
    info.continuous = numeric;
  }
  std::vector<Element> elements;
  elements.reserve(keys_.size());
  for (const auto& key : keys_) elements.push_back(key[axis]);
  std::sort(elements.begin(), elements.end());
  info.cube_cardinal = std::unique(elements.begin(), elements.end()) - elements.begin();
}

void Calculation::rank(std::size_t axis) {
  const Axis& of = *axes_[axis];
  const auto& sort = definition_.dimensions[visible_[axis]].sort;
  std::vector<Element> order(of.symbols());
  std::iota(order.begin(), order.end(), 0);
  std::vector<double> by_expression(order.size(), kNaN);
  if (sort.by_expression != 0) {
    if (const Parsed parsed = scope_.parse(sort.expression); parsed.expression) {
      for (const auto element : order)
        by_expression[static_cast<std::size_t>(element)] = evaluate_at(*parsed.expression, only(axis, element)).number;
      // The tree goes with this block; nothing may be found under its address later.
      values_.clear();
      records_.clear();
    }
  }
  std::vector<double> frequency(order.size(), 0);
  if (sort.by_frequency != 0 && of.field() >= 0) {
    for (const auto table : scope_.model().field(of.field()).tables)
      for (const auto element : *scope_.model().tables()[table].column(of.field()))
        if (element >= 0) ++frequency[static_cast<std::size_t>(element)];
  }
  const auto state_of = [&](Element element) {
    return states_[axis].empty() ? 0 : static_cast<int>(states_[axis][static_cast<std::size_t>(element)]);
  };
  std::stable_sort(order.begin(), order.end(), [&](Element left, Element right) {
    const auto l = static_cast<std::size_t>(left);
    const auto r = static_cast<std::size_t>(right);
    int verdict = sort.by_state * (state_of(left) - state_of(right));
    if (verdict == 0) verdict = sort.by_expression * compare_numbers(by_expression[l], by_expression[r]);
    if (verdict == 0) verdict = sort.by_frequency * compare_numbers(frequency[l], frequency[r]);
    if (verdict == 0) verdict = sort.by_numeric * compare_numbers(of.symbol(left).number, of.symbol(right).number);
    if (verdict == 0) verdict = sort.by_ascii * compare_texts(of.symbol(left).text, of.symbol(right).text);
    if (verdict == 0) verdict = (sort.by_load_order < 0 ? -1 : 1) * (left < right ? -1 : left > right ? 1 : 0);
    return sort.reverse ? verdict > 0 : verdict < 0;
  });
  std::vector<std::int32_t> ranks(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) ranks[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
  ranks_.push_back(std::move(ranks));
}

int Calculation::compare(std::size_t axis, Element left, Element right) const {
  if (left == right) return 0;
  if (left < 0 || right < 0) return left < 0 && right < 0 ? (left > right ? -1 : 1) : left < 0 ? 1 : -1;
  return ranks_[axis][static_cast<std::size_t>(left)] < ranks_[axis][static_cast<std::size_t>(right)] ? -1 : 1;
}

std::string Calculation::label(std::size_t axis, Element element) const {
  const auto& dimension = definition_.dimensions[visible_[axis]];
  switch (element) {
    case kTotalElement: return dimension.total_label;
    case kNullElement: return "-";
    case kOthersElement: return dimension.others_label;
    case kEmptyElement: return "";
    default: return axes_[axis]->symbol(element).text;
  }
}

double Calculation::number(std::size_t axis, Element element) const { return element < 0 ? kNaN : axes_[axis]->symbol(element).number; }

const char* Calculation::state(std::size_t axis, Element element) const {
  if (element < 0) return "L";
  return states_[axis].empty() ? "O" : state_letters(states_[axis][static_cast<std::size_t>(element)]);
}

std::string Calculation::attribute_json(const std::vector<Attribute>& attributes, std::vector<AttributeInfo>& infos, const GroupKey& key) {
  if (attributes.empty()) return {};
  std::string made = ",\"qAttrExps\":{\"qValues\":[";
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const Value value = evaluate_at(*attributes[i].expression, key);
    const std::string text = value.has_text && attributes[i].format.type == "U" ? value.text
                             : value.is_null()                                  ? "-"
                             : attributes[i].format.type == "U"                 ? text_of(value, scope_.locale())
                                                                                : formatted(value, attributes[i].format);
    made.append(i > 0 ? "," : "").append("{\"qText\":");
    append_quoted(made, text);
    made.append(",\"qNum\":");
    append_number(made, value.number);
    made.append("}");
    if (value.is_number() && !(value.number >= infos[i].min)) infos[i].min_text = text;
    if (value.is_number() && !(value.number <= infos[i].max)) infos[i].max_text = text;
    widen(value.number, infos[i].min, infos[i].max);
  }
  return made + "]}";
}

std::string Calculation::dimension_extra(std::size_t axis, Element element) {
  auto& dimension = definition_.dimensions[visible_[axis]];
  std::string made = attribute_json(dimension.attributes, dimension.info.attributes, only(axis, element));
  if (dimension.attribute_dimensions.empty()) return made;
  made += ",\"qAttrDims\":{\"qValues\":[";
  for (std::size_t i = 0; i < dimension.attribute_dimensions.size(); ++i) {
    auto& attribute_axis = attribute_axes_[{axis, i}];
    auto& elements = attribute_elements_[{axis, i}];
    if (!attribute_axis) {
      attribute_axis = std::make_unique<Axis>(scope_.model(), *dimension.attribute_dimensions[i].expression);
      Aggregation pairs(scope_.model(), {axes_[axis].get(), attribute_axis.get()}, {});
      const auto found = pairs.groups(records());
      for (std::size_t j = 0; j < found.size(); ++j) {
        const auto [known, is_new] = elements.try_emplace(found[j][0], found[j][1]);
        if (!is_new && known->second != found[j][1]) known->second = kNullElement;  // several: none
      }
      dimension.info.attribute_dimensions[i].cardinal = static_cast<std::int64_t>(attribute_axis->symbols());
      dimension.info.attribute_dimensions[i].rows = static_cast<std::int64_t>(keys_.size());
    }
    const auto found = elements.find(element);
    const Element value = found == elements.end() ? kNullElement : found->second;
    made.append(i > 0 ? "," : "").append("{");
    if (value >= 0) {
      made.append("\"qText\":");
      append_quoted(made, attribute_axis->symbol(value).text);
      made.append(",");
    }
    made.append("\"qElemNo\":").append(std::to_string(value)).append("}");
  }
  return made + "]}";
}

std::string Calculation::measure_extra(std::size_t index, const GroupKey& key) {
  auto& measure = definition_.measures[index];
  return attribute_json(measure.attributes, measure.info.attributes, key);
}

void Calculation::note(std::size_t index, const Value& value, const std::string& text) {
  MeasureInfo& info = definition_.measures[index].info;
  info.glyphs = std::max(info.glyphs, glyphs(text));
  widen(value.number, info.min, info.max);
}

}  // namespace qonduit::simulator

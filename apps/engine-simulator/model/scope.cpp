#include "model/scope.hpp"

#include <algorithm>
#include <bit>

#include "model/aggregation.hpp"
#include "model/number_format.hpp"
#include "model/search.hpp"

namespace qonduit::simulator {
namespace {

const std::string& name_of(const std::string& state) { return state.empty() ? kDefaultState : state; }

constexpr int kDeepestExpansion = 16;

void add_sized(std::string& to, std::string_view text) { to.append(std::to_string(text.size())).append(":").append(text); }

void add_selections(std::string& to, const std::map<std::string, Selections>& by_name) {
  for (const auto& [name, selections] : by_name) {
    if (selections.empty()) continue;
    add_sized(to, name);
    for (const auto& [field, selection] : selections) {
      to.append(std::to_string(field)).append(selection.locked ? "!" : ".");
      add_sized(to, {selection.chosen.data(), selection.chosen.size()});
    }
    to.push_back(';');
  }
  to.push_back('|');
}

}  // namespace

Scope::Scope(std::shared_ptr<const DataModel> model, std::shared_ptr<const Library> library)
    : model_(std::move(model)), library_(std::move(library)) {}

const Selections& Scope::selections(const std::string& state) const {
  static const Selections none;
  const auto found = selections_.find(name_of(state));
  return found == selections_.end() ? none : found->second;
}

std::shared_ptr<const RecordSet> Scope::shared_records(const std::string& state) {
  auto& cached = records_[name_of(state)];
  if (!cached) cached = std::make_shared<const RecordSet>(possible_rows(*model_, selections(state)));
  return cached;
}

const RecordSet& Scope::records(const std::string& state) { return *shared_records(state); }

void Scope::select(const std::string& state, Selections selections) {
  std::erase_if(selections, [](const auto& item) { return !item.second.any(); });
  selections_[name_of(state)] = std::move(selections);
  records_.erase(name_of(state));
}

std::vector<State> Scope::states(const std::string& state, int field) const { return states_of(*model_, selections(state), field); }

std::string Scope::fingerprint() const {
  std::string made;
  for (const auto number : {back_count, forward_count}) made.append(std::to_string(number)).append(",");
  made.append(std::to_string(recorded_state)).append("|");
  for (const auto& [id, active] : active_fields) {
    add_sized(made, id);
    made.append(std::to_string(active)).append(";");
  }
  made.push_back('|');
  for (const auto& [name, variable] : variables) {
    for (const auto* text : {&name, &variable.id, &variable.name, &variable.definition}) add_sized(made, *text);
    made.append(std::to_string(std::bit_cast<std::uint64_t>(variable.number))).append(";");
  }
  made.push_back('|');
  for (const auto& state : alternate_states) add_sized(made, state);
  made.push_back('|');
  add_selections(made, selections_);
  add_selections(made, bookmarks);
  made.push_back('|');
  for (const auto& [title, id] : bookmark_ids) add_sized(made, title), add_sized(made, id);
  return made;
}

std::string Scope::expand(const std::string& source) {
  std::string made = source;
  for (int depth = 0; depth < kDeepestExpansion; ++depth) {
    // The innermost first: the last "$(" has no other inside.
    const auto begin = made.rfind("$(");
    if (begin == std::string::npos) return made;
    std::size_t end = begin + 2;
    for (int open = 1; end < made.size(); ++end) {
      open += made[end] == '(' ? 1 : made[end] == ')' ? -1 : 0;
      if (open == 0) break;
    }
    if (end >= made.size()) return made;
    const std::string inner = made.substr(begin + 2, end - begin - 2);
    std::string value;
    if (inner.starts_with('=')) {
      value = text_of(computed(inner), locale());
    } else if (const auto found = variables.find(inner); found != variables.end()) {
      value = found->second.definition;
      if (value.starts_with('=')) value = text_of(computed(value), locale());
    }
    made.replace(begin, end - begin + 1, value);
  }
  return made;
}

std::string Scope::expand_label(const std::string& source) {
  std::string made = expand(source);
  if (!made.starts_with('=')) return made;
  const Parsed parsed = parse(made);
  return parsed.expression ? text_of(evaluate(*parsed.expression), locale()) : made;
}

// Nothing where neither a state nor a bookmark has the name: the engine takes no record then, and says nothing.
std::optional<Selections> Scope::identified(const std::string& identifier, const std::string& state) const {
  if (identifier == "1") return Selections();
  if (identifier == "$") return selections(state);
  if (const auto found = bookmarks.find(identifier); found != bookmarks.end()) return found->second;
  if (const auto id = bookmark_ids.find(identifier); id != bookmark_ids.end())
    if (const auto found = bookmarks.find(id->second); found != bookmarks.end()) return found->second;
  if (alternate_states.contains(identifier)) return selections(identifier);
  return std::nullopt;
}

// "=Sum(Amount)>100": computed for each value over what is selected. What cannot be computed holds for none (measured: it gives 0).
std::vector<char> Scope::holding(int field, const std::string& source) {
  const auto& symbols = model_->field(field).symbols;
  std::vector<char> made(symbols.size(), 0);
  if (depth_ >= kDeepestExpansion) return made;
  ++depth_;
  const Parsed parsed = parse(source);
  if (parsed.expression) {
    hand_down_sets(*parsed.expression);
    Expression name;
    name.kind = Expression::Kind::field;
    name.text = model_->field(field).name;
    Axis axis(*model_, name);
    Aggregation aggregation(
        *model_, {&axis}, [&](const Expression& leaf) { return records_of(leaf, {}); }, unknowns.constants_count_rows);
    std::map<const Expression*, GroupValues> known;
    for (std::size_t i = 0; i < made.size(); ++i) {
      const Value value = simulator::evaluate(*parsed.expression, locale(), [&](const Expression& leaf) {
        auto at = known.find(&leaf);
        if (at == known.end())
          at = known.emplace(&leaf, aggregation.values(leaf, {leaf.total ? char{0} : char{1}}, *records_of(leaf, {}))).first;
        const GroupKey key{leaf.total ? kTotalElement : static_cast<Element>(i)};
        const auto* found = at->second.find(key);
        return found == nullptr ? Aggregation::value_of_nothing(leaf) : *found;
      });
      made[i] = value.holds() ? 1 : 0;
    }
  }
  --depth_;
  return made;
}

void Scope::modify(Selections& selections, const SetModifier& modifier) {
  const int index = model_->find_field(modifier.field);
  if (index < 0) return;
  const Field& field = model_->field(index);
  if (modifier.clears) {
    selections.erase(index);
    return;
  }
  std::vector<char> wanted(field.symbols.size(), 0);
  for (const auto& element : modifier.elements) {
    const auto found = element.search && element.text.starts_with('=') ? holding(index, element.text)
                                                                       : match_elements(field, locale(), element.text, element.search);
    for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = static_cast<char>(wanted[i] | found[i]);
  }
  std::vector<char> chosen(field.symbols.size(), 1);  // without a selection every value counts as chosen
  if (const auto own = selections.find(index); own != selections.end()) chosen = own->second.chosen;
  using Operation = SetModifier::Operation;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool a = chosen[i] != 0;
    const bool b = wanted[i] != 0;
    switch (modifier.operation) {
      case Operation::replace: chosen[i] = b; break;
      case Operation::add: chosen[i] = a || b; break;
      case Operation::remove: chosen[i] = a && !b; break;
      case Operation::intersect: chosen[i] = a && b; break;
      case Operation::differ: chosen[i] = a != b; break;
    }
  }
  // Not even an empty choice is no choice: a modifier that matches nothing leaves no record.
  selections[index] = {std::move(chosen), false};
}

RecordSet Scope::possible(const std::optional<Selections>& selections) const {
  if (selections) return possible_rows(*model_, *selections);
  RecordSet none;
  for (const auto& table : model_->tables()) none.rows.emplace_back(table.rows, char{0});
  return none;
}

// Without an identifier a set goes on from the set around it.
std::optional<Selections> Scope::start_of(const SetExpression& set, const std::string& state, const Around& around) {
  auto made = set.identifier.empty() ? around.selections : identified(set.identifier, state);
  if (made)
    for (const auto& modifier : set.modifiers) modify(*made, modifier);
  return made;
}

RecordSet Scope::evaluate_set(const SetExpression& set, const std::string& state, const Around& around) {
  using SetKind = SetExpression::Kind;
  if (set.kind == SetKind::identifier) return possible(start_of(set, state, around));
  const RecordSet left = evaluate_set(*set.left, state, around);
  const RecordSet right = evaluate_set(*set.right, state, around);
  switch (set.kind) {
    case SetKind::both: return combine(left, right, SetOperation::both);
    case SetKind::either: return combine(left, right, SetOperation::either);
    case SetKind::without: return combine(left, right, SetOperation::without);
    default: return combine(combine(left, right, SetOperation::without), combine(right, left, SetOperation::without), SetOperation::either);
  }
}

std::shared_ptr<const RecordSet> Scope::records_of(const Expression& aggregate, const std::string& state) {
  if (!aggregate.set && aggregate.outer.empty()) return shared_records(state);
  Around around{selections(state), {}};
  for (const auto& outer : aggregate.outer) {
    if (outer->kind == SetExpression::Kind::identifier) {
      around.selections = start_of(*outer, state, around);
    } else {
      around.limits.push_back(evaluate_set(*outer, state, around));  // sets put together limit what is inside of them
    }
  }
  // A set with an identifier of its own starts anew; assumed of sets put together.
  const bool anew = aggregate.set && (aggregate.set->kind != SetExpression::Kind::identifier || !aggregate.set->identifier.empty());
  RecordSet made = aggregate.set ? evaluate_set(*aggregate.set, state, around) : possible(around.selections);
  if (!anew)
    for (const auto& limit : around.limits) made = combine(made, limit, SetOperation::both);
  return std::make_shared<const RecordSet>(std::move(made));
}

Value Scope::evaluate(const Expression& expression, const std::string& state) {
  Aggregation aggregation(
      *model_, {}, [&](const Expression& leaf) { return records_of(leaf, state); }, unknowns.constants_count_rows);
  return simulator::evaluate(expression, locale(), [&](const Expression& leaf) {
    const auto found = aggregation.values(leaf, {}, *records_of(leaf, state));
    const auto* value = found.find({});
    return value == nullptr ? Aggregation::value_of_nothing(leaf) : *value;
  });
}

}  // namespace qonduit::simulator

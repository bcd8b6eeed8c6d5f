#include "model/aggregation.hpp"

#include <algorithm>
#include <map>

#include "model/accumulator.hpp"

namespace qonduit::simulator {
namespace {

void add_table(std::vector<std::size_t>& tables, std::size_t table) {
  if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
}

const Expression& argument_of(const Expression& aggregate) {
  return aggregate.kind == Expression::Kind::aggregate ? *aggregate.parts[0] : aggregate;
}

// An Aggr inside an aggregation's argument, or null.
const Expression* nested_in(const Expression& expression) {
  if (expression.kind == Expression::Kind::nested) return &expression;
  for (const auto& part : expression.parts)
    if (const auto* found = nested_in(*part); found != nullptr) return found;
  return nullptr;
}

}  // namespace

std::size_t GroupKeys::slot_of(std::span<const Element> key) const {
  std::uint64_t hash = 0;
  for (const auto element : key) hash = (hash ^ static_cast<std::uint32_t>(element)) * 0x9e3779b97f4a7c15ULL + (hash >> 29);
  const auto mask = slots_.size() - 1;
  for (auto at = static_cast<std::size_t>(hash ^ (hash >> 32)) & mask;; at = (at + 1) & mask) {
    if (slots_[at] == kFree) return at;
    // Keys are too short for memcmp, which std::equal would call.
    const auto known = (*this)[slots_[at]];
    std::size_t i = 0;
    while (i < width_ && known[i] == key[i]) ++i;
    if (i == width_) return at;
  }
}

std::uint32_t GroupKeys::add(std::span<const Element> key) {
  const auto at = slot_of(key);
  if (slots_[at] != kFree) return slots_[at];
  const auto made = static_cast<std::uint32_t>(size_++);
  slots_[at] = made;
  elements_.insert(elements_.end(), key.begin(), key.end());
  if (size_ * 2 > slots_.size()) grow();
  return made;
}

void GroupKeys::grow() {
  slots_.assign(slots_.size() * 4, kFree);
  for (std::size_t i = 0; i < size_; ++i) slots_[slot_of((*this)[i])] = static_cast<std::uint32_t>(i);
}

RowReader::RowReader(const DataModel& model, const Expression& expression) : model_(model), expression_(expression) {
  const std::function<void(const Expression&)> collect = [&](const Expression& node) {
    if (node.kind == Expression::Kind::field) {
      if (const int field = model.find_field(node.text); field >= 0) {
        FieldLeaf leaf{&node, field, {}};
        for (const auto table : model.field(field).tables) leaf.columns.emplace_back(table, model.tables()[table].column(field));
        leaves_.push_back(std::move(leaf));
      }
    }
    for (const auto& part : node.parts) collect(*part);
  };
  collect(expression);
  bare_ = expression.kind == Expression::Kind::field && !leaves_.empty();
  // A key is read where another field is read already, or from its first table.
  for (const auto& leaf : leaves_)
    if (leaf.columns.size() == 1) add_table(tables_, leaf.columns.front().first);
  for (const auto& leaf : leaves_) {
    const bool read = std::any_of(leaf.columns.begin(), leaf.columns.end(), [&](const auto& column) {
      return std::find(tables_.begin(), tables_.end(), column.first) != tables_.end();
    });
    if (!read) add_table(tables_, leaf.columns.front().first);
  }
}

Element RowReader::element(const FieldLeaf& leaf, const Join::Rows& rows) {
  for (const auto& [table, column] : leaf.columns)
    if (rows[table] >= 0) {
      const auto found = (*column)[static_cast<std::size_t>(rows[table])];
      if (found >= 0) return found;
    }
  return kNullElement;
}

Value RowReader::value(const Join::Rows& rows) const {
  return evaluate(expression_, model_.locale(), [&](const Expression& node) -> Value {
    const auto leaf = std::find_if(leaves_.begin(), leaves_.end(), [&](const FieldLeaf& known) { return known.node == &node; });
    if (leaf == leaves_.end()) return {};
    const auto found = element(*leaf, rows);
    if (found < 0) return {};
    const Symbol& symbol = model_.symbol(leaf->field, found);
    return {symbol.number, symbol.text, true};
  });
}

Axis::Axis(const DataModel& model, const Expression& expression) : model_(model), reader_(model, expression) {
  field_ = reader_.bare_field();
  calculated_ = expression.kind != Expression::Kind::field;
  tables_ = field_ >= 0 ? model.field(field_).tables : reader_.tables();
}

const Symbol& Axis::symbol(Element element) const {
  return field_ >= 0 ? model_.symbol(field_, element) : symbols_[static_cast<std::size_t>(element)];
}

std::size_t Axis::symbols() const { return field_ >= 0 ? model_.field(field_).symbols.size() : symbols_.size(); }

Element Axis::element(const Join::Rows& rows) {
  Element found = kNullElement;
  if (field_ >= 0) {
    found = reader_.element(rows);
  } else if (calculated_) {
    const Value value = reader_.value(rows);
    if (!value.is_null()) {
      const auto [known, is_new] = known_.try_emplace(identity(value), static_cast<Element>(symbols_.size()));
      if (is_new) symbols_.push_back({text_of(value, model_.locale()), value.number});
      found = known->second;
    }
  }
  return found >= 0 && !kept_.empty() && !kept_.contains(found) ? kOthersElement : found;
}

void Axis::keep_only(std::vector<Element> kept) { kept_ = {kept.begin(), kept.end()}; }

void Aggregation::read_key(const Join::Rows& rows, const std::vector<char>& by, GroupKey& key) {
  for (std::size_t i = 0; i < axes_.size(); ++i) key[i] = by[i] != 0 ? axes_[i]->element(rows) : kTotalElement;
}

GroupKeys Aggregation::groups(const RecordSet& records) {
  GroupKeys made(axes_.size());
  std::vector<std::size_t> tables;
  for (const auto* axis : axes_)
    for (const auto table : axis->tables()) add_table(tables, table);
  GroupKey key(axes_.size(), kNullElement);
  if (tables.empty()) {  // no axes, or only fields that do not exist
    made.add(key);
    return made;
  }
  const std::vector<char> by(axes_.size(), 1);
  const Join join(model_, tables, records);
  join.for_each([&](const Join::Rows& rows) {
    // What a full join leaves of tables in between is not a group.
    if (std::all_of(tables.begin(), tables.end(), [&](std::size_t table) { return rows[table] < 0; })) return;
    read_key(rows, by, key);
    made.add(key);
  });
  return made;
}

Value Aggregation::value_of_nothing(const Expression& aggregate) { return Accumulator::of_nothing(aggregate); }

std::vector<std::size_t> Aggregation::tables_to_join(const std::vector<std::size_t>& sources, const std::vector<char>& by) const {
  std::vector<std::size_t> tables = sources;
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    if (by[i] == 0) continue;
    // A key is in reach where one of its tables is.
    const auto& wanted = axes_[i]->tables();
    const bool reached = axes_[i]->field() >= 0 && std::any_of(wanted.begin(), wanted.end(), [&](std::size_t table) {
                           return std::find(tables.begin(), tables.end(), table) != tables.end();
                         });
    if (reached) continue;
    if (axes_[i]->field() >= 0) {
      add_table(tables, wanted.front());
    } else {
      for (const auto table : wanted) add_table(tables, table);
    }
  }
  return tables;
}

namespace {

// Groups that have one value: over everything a constant is there once.
void add_to_groups(const GroupKeys& all, const std::vector<char>& by, const Value& value, GroupKeys& keys, Accumulator& into) {
  for (std::size_t index = 0; index < all.size(); ++index) {
    GroupKey key(all[index].begin(), all[index].end());
    for (std::size_t i = 0; i < key.size(); ++i)
      if (by[i] == 0) key[i] = kTotalElement;
    const auto before = keys.size();
    if (const auto group = keys.add(key); group == before) into.add(group, value);
  }
}

}  // namespace

// Measured: in a group a constant is there once for every row of the group, which are the rows of its dimensions' tables. A dimension that
// ties tables together has the rows of the first of them that has any.
GroupValues Aggregation::values_of_constant(const Expression& aggregate, const Value& value, const std::vector<char>& by,
                                            const RecordSet& records) {
  GroupValues made{GroupKeys(axes_.size()), {}};
  Accumulator found(aggregate);
  std::vector<const Axis*> axes;
  std::vector<std::size_t> tables;
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    if (by[i] == 0 || axes_[i]->tables().empty()) continue;
    axes.push_back(axes_[i]);
    for (const auto table : axes_[i]->tables()) add_table(tables, table);
  }
  const bool total = std::find(by.begin(), by.end(), char{1}) == by.end();
  if (total && constants_count_rows_ && !model_.tables().empty()) {
    const auto group = made.keys.add(GroupKey(axes_.size(), kTotalElement));
    for (const char row : records.rows.front())
      if (row != 0) found.add(group, value);
  } else if (axes.empty()) {
    add_to_groups(groups(records), by, value, made.keys, found);
  } else {
    const Join join(model_, tables, records);
    GroupKey key(axes_.size(), kTotalElement);
    GroupKey record(1 + 2 * axes.size());
    GroupKeys counted(record.size());
    join.for_each([&](const Join::Rows& rows) {
      if (std::all_of(tables.begin(), tables.end(), [&](std::size_t table) { return rows[table] < 0; })) return;
      read_key(rows, by, key);
      const auto group = made.keys.add(key);
      record[0] = static_cast<Element>(group);
      for (std::size_t i = 0; i < axes.size(); ++i) {
        const auto& of = axes[i]->tables();
        const auto table = std::find_if(of.begin(), of.end(), [&](std::size_t known) { return rows[known] >= 0; });
        record[1 + 2 * i] = table == of.end() ? -1 : static_cast<Element>(*table);
        record[2 + 2 * i] = table == of.end() ? -1 : rows[*table];
      }
      const auto before = counted.size();
      if (counted.add(record) == before) found.add(group, value);
    });
  }
  made.values = found.results(model_.locale());
  return made;
}

// The inner expression in every combination of the groups' dimensions and Aggr's own; then the aggregation over those of each group.
GroupValues Aggregation::values_of_nested(const Expression& aggregate, const Expression& nested, const std::vector<char>& by,
                                          const RecordSet& records) {
  std::vector<std::unique_ptr<Axis>> own;
  std::vector<Axis*> axes = axes_;
  std::vector<char> inner_by = by;
  for (std::size_t i = 1; i < nested.parts.size(); ++i) {
    own.push_back(std::make_unique<Axis>(model_, *nested.parts[i]));
    axes.push_back(own.back().get());
    inner_by.push_back(1);
  }
  Aggregation inner(model_, axes, records_of_, constants_count_rows_);
  const auto combinations = inner.groups(records);
  std::map<const Expression*, GroupValues> known;
  GroupValues made{GroupKeys(axes_.size()), {}};
  Accumulator found(aggregate);
  GroupKeys seen(axes.size());
  for (std::size_t index = 0; index < combinations.size(); ++index) {
    GroupKey key(combinations[index].begin(), combinations[index].end());
    for (std::size_t i = 0; i < key.size(); ++i)
      if (inner_by[i] == 0) key[i] = kTotalElement;
    const auto before = seen.size();
    if (seen.add(key) != before) continue;
    const auto leaf_value = [&](const Expression& leaf) {
      auto at = known.find(&leaf);
      if (at == known.end()) at = known.emplace(&leaf, inner.values(leaf, inner_by, *records_of_(leaf))).first;
      const auto* value = at->second.find(key);
      return value == nullptr ? value_of_nothing(leaf) : *value;
    };
    const Value of_inner = evaluate(*nested.parts[0], model_.locale(), leaf_value);
    const GroupKey outer(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(axes_.size()));
    // What stands around the Aggr in the argument: everything else of it is read in the same combination.
    const Value value = evaluate(argument_of(aggregate), model_.locale(),
                                 [&](const Expression& leaf) { return &leaf == &nested ? of_inner : leaf_value(leaf); });
    found.add(made.keys.add(outer), value);
  }
  made.values = found.results(model_.locale());
  return made;
}

GroupValues Aggregation::values(const Expression& aggregate, const std::vector<char>& by, const RecordSet& records) {
  if (const auto* nested = nested_in(argument_of(aggregate)); nested != nullptr) return values_of_nested(aggregate, *nested, by, records);
  const RowReader reader(model_, argument_of(aggregate));
  const auto& sources = reader.tables();
  if (sources.empty()) return values_of_constant(aggregate, reader.value({}), by, records);
  GroupValues made{GroupKeys(axes_.size()), {}};
  Accumulator found(aggregate);
  const Join join(model_, tables_to_join(sources, by), records);
  const bool repeats = join.repeats(sources);
  GroupKey key(axes_.size(), kTotalElement);
  GroupKey record(1 + sources.size());
  GroupKeys counted(record.size());
  const int field = reader.bare_field();
  std::unique_ptr<RowReader> weights;
  if (aggregate.kind == Expression::Kind::aggregate && aggregate.text == "concat" && aggregate.parts.size() > 2)
    weights = std::make_unique<RowReader>(model_, *aggregate.parts[2]);
  join.for_each([&](const Join::Rows& rows) {
    if (std::all_of(sources.begin(), sources.end(), [&](std::size_t table) { return rows[table] < 0; })) return;
    read_key(rows, by, key);
    const auto group = made.keys.add(key);
    if (repeats) {
      record.front() = static_cast<Element>(group);
      std::transform(sources.begin(), sources.end(), record.begin() + 1, [&](std::size_t table) { return rows[table]; });
      const auto before = counted.size();
      if (counted.add(record) != before) return;
    }
    const double weight = weights ? weights->value(rows).number : kNaN;
    if (field < 0) {
      found.add(group, reader.value(rows), weight);
    } else if (const Element element = reader.element(rows); element >= 0) {
      found.add(group, element, model_.symbol(field, element), weight);
    } else {
      found.add(group, Value{});
    }
  });
  made.values = found.results(model_.locale());
  return made;
}

}  // namespace qonduit::simulator

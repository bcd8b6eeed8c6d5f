#include "model/aggregation.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace qonduit::simulator {
namespace {

void add_table(std::vector<std::size_t>& tables, std::size_t table) {
  if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
}

const Expression& argument_of(const Expression& aggregate) {
  return aggregate.kind == Expression::Kind::field ? aggregate : *aggregate.parts[0];
}

const std::string& function_of(const Expression& aggregate) {
  static const std::string only = "only";
  return aggregate.kind == Expression::Kind::field ? only : aggregate.text;
}

// What Count(distinct) tells apart: numbers by value, texts by text.
std::string identity(const Value& value) {
  if (!value.is_number()) return "t" + value.text;
  std::array<char, sizeof(double)> bytes{};
  std::memcpy(bytes.data(), &value.number, sizeof(double));
  return std::string(bytes.data(), bytes.size());
}

// As identity() has it, without making texts.
bool same(const Value& left, const Value& right) {
  if (left.is_number() != right.is_number()) return false;
  if (!left.is_number()) return left.text == right.text;
  return std::bit_cast<std::uint64_t>(left.number) == std::bit_cast<std::uint64_t>(right.number);
}

// One aggregation in all groups, which are numbered from 0.
class Accumulator {
 public:
  explicit Accumulator(const Expression& aggregate)
      : function_(function_of(aggregate)), distinct_(aggregate.distinct), wants_only_(function_ == "only") {}

  // A value of a field, by its element.
  void add(std::uint32_t group, Element element, const Symbol& symbol) {
    Group& to = at(group);
    if (distinct_ && !is_new(group, element)) return;
    ++to.count;
    if (wants_only_) {
      if (to.count == 1) {
        to.only = element;
        only_[group] = {symbol.number, symbol.text, true};
      } else {
        to.several = to.several || to.only != element;
      }
    }
    add_number(to, symbol.number);
  }

  // Any value.
  void add(std::uint32_t group, const Value& value) {
    Group& to = at(group);
    if (value.is_null()) return;
    if (distinct_) {
      const auto known = numbers_.try_emplace(identity(value), static_cast<Element>(numbers_.size())).first;
      if (!is_new(group, known->second)) return;
    }
    ++to.count;
    if (wants_only_) {
      if (to.count == 1)
        only_[group] = value;
      else
        to.several = to.several || !same(only_[group], value);
    }
    add_number(to, value.number);
  }

  // Makes room for a group that may have no value.
  void touch(std::uint32_t group) { (void)at(group); }

  [[nodiscard]] std::vector<Value> results() {
    std::vector<Value> made;
    made.reserve(groups_.size());
    for (std::size_t i = 0; i < groups_.size(); ++i) made.push_back(result(i));
    return made;
  }

 private:
  struct Group {
    std::int64_t count = 0;
    std::int64_t numbers = 0;
    double sum = 0;
    double rest = 0;
    double least = kNaN;
    double most = kNaN;
    Element only = kNullElement;
    bool several = false;
  };

  Group& at(std::uint32_t group) {
    if (group >= groups_.size()) {
      groups_.resize(group + std::size_t{1});
      if (wants_only_) only_.resize(groups_.size());
    }
    return groups_[group];
  }

  bool is_new(std::uint32_t group, Element value) {
    const auto before = seen_.size();
    const std::array key = {static_cast<Element>(group), value};
    return seen_.add(key) == before;
  }

  static void add_number(Group& to, double number) {
    if (std::isnan(number)) return;
    to.least = to.numbers == 0 || number < to.least ? number : to.least;
    to.most = to.numbers == 0 || number > to.most ? number : to.most;
    ++to.numbers;
    // Neumaier's sum: the order of records does not show.
    const double next = to.sum + number;
    to.rest += std::fabs(to.sum) >= std::fabs(number) ? (to.sum - next) + number : (number - next) + to.sum;
    to.sum = next;
  }

  [[nodiscard]] Value result(std::size_t index) {
    const Group& group = groups_[index];
    if (function_ == "count") return Value::of(static_cast<double>(group.count));
    if (function_ == "sum") return Value::of(group.sum + group.rest);
    if (function_ == "avg") return group.numbers == 0 ? Value{} : Value::of((group.sum + group.rest) / static_cast<double>(group.numbers));
    if (function_ == "min") return Value{group.least, {}, false};
    if (function_ == "max") return Value{group.most, {}, false};
    return group.several ? Value{} : std::move(only_[index]);
  }

  const std::string& function_;
  bool distinct_;
  bool wants_only_;
  std::vector<Group> groups_;
  std::vector<Value> only_;                           // of Only: the first value of each group
  GroupKeys seen_{2};                                 // of distinct values: group and element
  std::unordered_map<std::string, Element> numbers_;  // of distinct values that are no field's: a number for each
};

}  // namespace

std::size_t GroupKeys::slot_of(std::span<const Element> key) const {
  std::uint64_t hash = 0;
  for (const auto element : key) hash = (hash ^ static_cast<std::uint32_t>(element)) * 0x9e3779b97f4a7c15ULL + (hash >> 29);
  const auto mask = slots_.size() - 1;
  for (auto at = static_cast<std::size_t>(hash ^ (hash >> 32)) & mask;; at = (at + 1) & mask) {
    const auto index = slots_[at];
    if (index == kFree || std::equal(key.begin(), key.end(), elements_.begin() + static_cast<std::ptrdiff_t>(index * width_))) return at;
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

Value Aggregation::value_of_nothing(const Expression& aggregate) {
  const auto& function = function_of(aggregate);
  return function == "sum" || function == "count" ? Value::of(0.0) : Value{};
}

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

GroupValues Aggregation::values(const Expression& aggregate, const std::vector<char>& by, const RecordSet& records) {
  const RowReader reader(model_, argument_of(aggregate));
  GroupValues made{GroupKeys(axes_.size()), {}};
  Accumulator found(aggregate);
  const auto& sources = reader.tables();
  if (sources.empty()) {
    // Nothing of the data is read: one value for a group.
    const Value value = reader.value({});
    const auto all = groups(records);
    for (std::size_t index = 0; index < all.size(); ++index) {
      GroupKey key(all[index].begin(), all[index].end());
      for (std::size_t i = 0; i < key.size(); ++i)
        if (by[i] == 0) key[i] = kTotalElement;
      const auto before = made.keys.size();
      if (const auto group = made.keys.add(key); group == before) found.add(group, value);
    }
    made.values = found.results();
    return made;
  }
  const Join join(model_, tables_to_join(sources, by), records);
  const bool repeats = join.repeats(sources);
  GroupKey key(axes_.size(), kTotalElement);
  GroupKey record(1 + sources.size());
  GroupKeys counted(record.size());
  const int field = reader.bare_field();
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
    if (field < 0) {
      found.add(group, reader.value(rows));
    } else if (const Element element = reader.element(rows); element >= 0) {
      found.add(group, element, model_.symbol(field, element));
    } else {
      found.touch(group);
    }
  });
  made.values = found.results();
  return made;
}

}  // namespace qonduit::simulator

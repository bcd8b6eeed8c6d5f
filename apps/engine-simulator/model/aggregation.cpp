#include "model/aggregation.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace qonduit::simulator {
namespace {

void add_table(std::vector<std::size_t>& tables, std::size_t table) {
  if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
}

std::size_t mix(std::size_t seed, std::size_t value) { return (seed ^ value) * 0x9e3779b97f4a7c15ULL + (seed >> 29); }

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

class Accumulator {
 public:
  void add(const Value& value, bool distinct) {
    if (value.is_null()) return;
    if (distinct && !seen_.insert(identity(value)).second) return;
    ++count_;
    if (count_ == 1) {
      only_ = value;
    } else if (!several_ && identity(only_) != identity(value)) {
      several_ = true;
    }
    if (!value.is_number()) return;
    least_ = numbers_ == 0 || value.number < least_.number ? value : least_;
    most_ = numbers_ == 0 || value.number > most_.number ? value : most_;
    ++numbers_;
    // Neumaier's sum: the order of records does not show.
    const double next = sum_ + value.number;
    rest_ += std::fabs(sum_) >= std::fabs(value.number) ? (sum_ - next) + value.number : (value.number - next) + sum_;
    sum_ = next;
  }

  [[nodiscard]] Value result(const std::string& function) const {
    if (function == "count") return Value::of(static_cast<double>(count_));
    if (function == "sum") return Value::of(sum_ + rest_);
    if (function == "avg") return numbers_ == 0 ? Value{} : Value::of((sum_ + rest_) / static_cast<double>(numbers_));
    if (function == "min") return Value{least_.number, {}, false};
    if (function == "max") return Value{most_.number, {}, false};
    return several_ ? Value{} : only_;
  }

 private:
  std::int64_t count_ = 0;
  std::int64_t numbers_ = 0;
  double sum_ = 0;
  double rest_ = 0;
  Value least_, most_, only_;
  bool several_ = false;
  std::unordered_set<std::string> seen_;
};

}  // namespace

std::size_t GroupKeyHash::operator()(const GroupKey& key) const noexcept {
  std::size_t seed = key.size();
  for (const auto element : key) seed = mix(seed, static_cast<std::size_t>(static_cast<std::uint32_t>(element)));
  return seed;
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

GroupSet Aggregation::groups(const RecordSet& records) {
  GroupSet made;
  std::vector<std::size_t> tables;
  for (const auto* axis : axes_)
    for (const auto table : axis->tables()) add_table(tables, table);
  GroupKey key(axes_.size(), kNullElement);
  if (tables.empty()) {  // no axes, or only fields that do not exist
    made.insert(key);
    return made;
  }
  const std::vector<char> by(axes_.size(), 1);
  const Join join(model_, tables, records);
  join.for_each([&](const Join::Rows& rows) {
    // What a full join leaves of tables in between is not a group.
    if (std::all_of(tables.begin(), tables.end(), [&](std::size_t table) { return rows[table] < 0; })) return;
    read_key(rows, by, key);
    made.insert(key);
  });
  return made;
}

Value Aggregation::value_of_nothing(const Expression& aggregate) {
  const auto& function = function_of(aggregate);
  return function == "sum" || function == "count" ? Value::of(0.0) : Value{};
}

GroupValues Aggregation::values(const Expression& aggregate, const std::vector<char>& by, const RecordSet& records) {
  const RowReader reader(model_, argument_of(aggregate));
  const auto& function = function_of(aggregate);
  std::unordered_map<GroupKey, Accumulator, GroupKeyHash> found;
  const auto& sources = reader.tables();
  if (sources.empty()) {
    // Nothing of the data is read: one value for a group.
    const Value value = reader.value({});
    for (auto key : groups(records)) {
      for (std::size_t i = 0; i < key.size(); ++i)
        if (by[i] == 0) key[i] = kTotalElement;
      auto& accumulator = found[key];
      accumulator = {};
      accumulator.add(value, aggregate.distinct);
    }
  } else {
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
    const Join join(model_, tables, records);
    const bool repeats = join.repeats(sources);
    std::unordered_set<GroupKey, GroupKeyHash> counted;
    GroupKey key(axes_.size(), kTotalElement);
    GroupKey record(axes_.size() + sources.size());
    join.for_each([&](const Join::Rows& rows) {
      if (std::all_of(sources.begin(), sources.end(), [&](std::size_t table) { return rows[table] < 0; })) return;
      read_key(rows, by, key);
      if (repeats) {
        std::copy(key.begin(), key.end(), record.begin());
        std::transform(sources.begin(), sources.end(), record.begin() + static_cast<std::ptrdiff_t>(key.size()),
                       [&](std::size_t table) { return rows[table]; });
        if (!counted.insert(record).second) return;
      }
      found[key].add(reader.value(rows), aggregate.distinct);
    });
  }
  GroupValues made;
  made.reserve(found.size());
  for (const auto& [key, accumulator] : found) made.emplace(key, accumulator.result(function));
  return made;
}

}  // namespace qonduit::simulator

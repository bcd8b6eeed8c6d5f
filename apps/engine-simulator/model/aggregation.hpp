// Groups and aggregations over the data model: which combinations of dimension values exist, and what Sum, Avg, Min, Max, Count, Only and
// their like give in each. A record counts once in a group, however many ways lead to it. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "expression/expression.hpp"
#include "model/data_model.hpp"
#include "model/join.hpp"

namespace qonduit::simulator {

// One element per axis; kTotalElement where a value is taken over all of an axis.
using GroupKey = std::vector<Element>;

// Keys of one width, each once, numbered from 0 as they come. A hash table with open addressing; the keys stand one behind the other.
class GroupKeys {
 public:
  explicit GroupKeys(std::size_t width) : width_(width), slots_(kFewest, kFree) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<const Element> operator[](std::size_t index) const { return {elements_.data() + index * width_, width_}; }
  // The number of a key, which is added where it is new. REQUIRES: the key has the width, and is not one of these in place.
  std::uint32_t add(std::span<const Element> key);
  // Its number, or kFree.
  [[nodiscard]] std::uint32_t find(std::span<const Element> key) const { return slots_[slot_of(key)]; }
  static constexpr std::uint32_t kFree = UINT32_MAX;

 private:
  static constexpr std::size_t kFewest = 16;
  [[nodiscard]] std::size_t slot_of(std::span<const Element> key) const;
  void grow();

  std::size_t width_;
  std::size_t size_ = 0;
  std::vector<Element> elements_;
  std::vector<std::uint32_t> slots_;  // a power of two, at least half of them free
};

// A value for each key.
struct GroupValues {
  GroupKeys keys;
  std::vector<Value> values;  // as keys

  // Null when the key is not there.
  [[nodiscard]] const Value* find(std::span<const Element> key) const {
    const auto index = keys.find(key);
    return index == GroupKeys::kFree ? nullptr : &values[index];
  }
};

// The values of a field, or of an expression over the fields of a row, on the rows of a join.
class RowReader {
 public:
  RowReader(const DataModel& model, const Expression& expression);

  [[nodiscard]] Value value(const Join::Rows& rows) const;
  // The tables whose rows it reads; a key is read from its first table.
  [[nodiscard]] const std::vector<std::size_t>& tables() const { return tables_; }
  // Of a bare field that exists: its index and its element; else -1. No two elements of a field are the same value.
  [[nodiscard]] int bare_field() const { return bare_ ? leaves_.front().field : -1; }
  [[nodiscard]] Element element(const Join::Rows& rows) const { return element(leaves_.front(), rows); }

 private:
  struct FieldLeaf {
    const Expression* node;
    int field;
    std::vector<std::pair<std::size_t, const std::vector<Element>*>> columns;  // every table that has it
  };
  static Element element(const FieldLeaf& leaf, const Join::Rows& rows);

  const DataModel& model_;
  const Expression& expression_;
  std::vector<FieldLeaf> leaves_;
  std::vector<std::size_t> tables_;
  bool bare_ = false;
};

// A dimension: a field or a calculated one, whose values get numbers as they occur.
class Axis {
 public:
  // An expression that is a bare field makes that field's axis. A field that does not exist is null everywhere.
  Axis(const DataModel& model, const Expression& expression);

  [[nodiscard]] int field() const { return field_; }
  [[nodiscard]] bool calculated() const { return calculated_; }
  [[nodiscard]] const std::vector<std::size_t>& tables() const { return tables_; }
  [[nodiscard]] const Symbol& symbol(Element element) const;
  [[nodiscard]] std::size_t symbols() const;

  // Element of a row of a join.
  [[nodiscard]] Element element(const Join::Rows& rows);
  // From now on every element but these (and null) is Others; empty: all as they are.
  void keep_only(std::vector<Element> kept);

 private:
  const DataModel& model_;
  RowReader reader_;
  int field_ = -1;
  bool calculated_ = false;
  std::vector<std::size_t> tables_;
  std::vector<Symbol> symbols_;  // calculated
  std::unordered_map<std::string, Element> known_;
  std::unordered_set<Element> kept_;
};

class Aggregation {
 public:
  // The records of an aggregation inside another one.
  using RecordsOf = std::function<std::shared_ptr<const RecordSet>(const Expression& leaf)>;
  // constants_count_rows: an aggregation of a constant over everything counts the rows of the first table; else it counts once.
  // REQUIRES: model and axes outlive this.
  Aggregation(const DataModel& model, std::vector<Axis*> axes, RecordsOf records_of, bool constants_count_rows = false)
      : model_(model), axes_(std::move(axes)), records_of_(std::move(records_of)), constants_count_rows_(constants_count_rows) {}

  // The combinations that exist in the records. Without axes: one, the empty key.
  [[nodiscard]] GroupKeys groups(const RecordSet& records);
  // An aggregation or bare field by group. by: which axes count; the others are kTotalElement in the keys. Groups without a record are
  // not in it: value_of_nothing holds there.
  [[nodiscard]] GroupValues values(const Expression& aggregate, const std::vector<char>& by, const RecordSet& records);

  // Sum and Count of no records are 0, the others null.
  [[nodiscard]] static Value value_of_nothing(const Expression& aggregate);

 private:
  void read_key(const Join::Rows& rows, const std::vector<char>& by, GroupKey& key);
  // Tables that lead from those an aggregation reads to the axes that count.
  [[nodiscard]] std::vector<std::size_t> tables_to_join(const std::vector<std::size_t>& sources, const std::vector<char>& by) const;

  [[nodiscard]] GroupValues values_of_constant(const Expression& aggregate, const Value& value, const std::vector<char>& by,
                                               const RecordSet& records);
  [[nodiscard]] GroupValues values_of_nested(const Expression& aggregate, const Expression& nested, const std::vector<char>& by,
                                             const RecordSet& records);

  const DataModel& model_;
  std::vector<Axis*> axes_;
  RecordsOf records_of_;
  bool constants_count_rows_;
};

}  // namespace qonduit::simulator

// One aggregation in many groups, which are numbered from 0: values in, a result for each group out. Used by one thread.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "expression/expression.hpp"
#include "model/aggregation.hpp"

namespace qonduit::simulator {

class Accumulator {
 public:
  // An aggregation, or a bare field or Aggr, which is an Only. REQUIRES: it outlives this.
  explicit Accumulator(const Expression& aggregate);

  // A value of a field, by its element; of an expression; weight: the third parameter of Concat.
  void add(std::uint32_t group, Element element, const Symbol& symbol, double weight = kNaN);
  void add(std::uint32_t group, const Value& value, double weight = kNaN);

  [[nodiscard]] std::vector<Value> results(const Locale& locale);
  // Sum and the counts of no values are 0, the others null.
  [[nodiscard]] static Value of_nothing(const Expression& aggregate);

 private:
  enum class Function { sum, avg, min, max, count, only, null_count, numeric_count, text_count, median, mode, stdev, fractile, concat };
  struct Group {
    std::int64_t count = 0;
    std::int64_t nulls = 0;
    std::int64_t numbers = 0;
    double sum = 0;
    double rest = 0;
    double least = kNaN;
    double most = kNaN;
    Element only = kNullElement;
    bool several = false;
  };
  struct Kept {  // of what needs every value
    Value value;
    double weight;
  };

  [[nodiscard]] static Function function_of(const Expression& aggregate);
  Group& at(std::uint32_t group);
  bool is_new(std::uint32_t group, Element value);
  static void note(Group& to, double number);
  [[nodiscard]] Value result(std::size_t index, const Locale& locale);
  [[nodiscard]] Value fractile(std::size_t index, double fraction) const;
  [[nodiscard]] Value most_frequent(std::size_t index) const;
  [[nodiscard]] Value deviation(std::size_t index) const;
  [[nodiscard]] Value joined(std::size_t index, const Locale& locale) const;
  [[nodiscard]] Value extreme(std::size_t index, bool largest) const;

  const Expression& aggregate_;
  Function function_;
  bool distinct_;
  bool keeps_only_;
  bool keeps_all_;
  double parameter_ = kNaN;  // the second, where it is a number: the fraction of Fractile, the rank of Min and Max
  std::vector<Group> groups_;
  std::vector<Value> only_;  // of Only: the first value of each group
  std::vector<std::vector<Kept>> kept_;
  GroupKeys seen_{2};                                 // of distinct values: group and element
  std::unordered_map<std::string, Element> numbers_;  // of distinct values that are no field's: a number for each
};

// What Count(distinct) tells apart: numbers by value, texts by text.
[[nodiscard]] std::string identity(const Value& value);

}  // namespace qonduit::simulator

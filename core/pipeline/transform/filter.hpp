// A filter bound to the columns it compares, and its evaluation over a batch: one loop per comparison, one per and, or and not. Truth has
// three values; a row is kept where the whole is true. Used by one thread: the stack of truths is kept from batch to batch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/pipeline/transform/filter_text.hpp"
#include "core/pipeline/transform/owned_columns.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline::transform {

class Filter {
 public:
  // Ordered so that and is the smaller, or the larger, and not the mirror image.
  static constexpr std::uint8_t kFalse = 0, kUnknown = 1, kTrue = 2;

  // What a filter may name: the columns, in their order, with the types they have when it is evaluated.
  struct Named {
    std::string name;
    Type type;
    std::string own_name = {};  // a filter may use it where no column has it for a name
  };
  // invalid_config where a column is not there, or is compared with what it cannot be.
  static Result<Filter> bind(const FilterText& text, const std::vector<Named>& columns);

  // Whether it looks at that column.
  [[nodiscard]] bool reads(std::size_t column) const;
  // The truth of each row. REQUIRES: columns as they were bound, each of so many rows. Valid until the next call.
  const std::vector<std::uint8_t>& evaluate(const std::vector<OwnedColumn>& columns, std::int64_t rows);

  // A comparison with what it needs at hand. Whole numbers, dates, times and bools are tested against a range or a set.
  struct Test {
    std::size_t column = 0;
    Type type = Type::utf8;
    Compare compare = Compare::equal;
    bool negated = false;             // of the range or the set
    std::int64_t low = 0, high = -1;  // inclusive; low > high: nothing
    std::vector<std::int64_t> wholes;
    std::vector<double> reals;
    std::vector<std::string> texts;
  };

 private:
  std::vector<Test> tests_;
  std::vector<FilterStep> steps_;
  std::vector<std::vector<std::uint8_t>> stack_;
};

}  // namespace qonduit::pipeline::transform

// What was met in the cells of a dataset that its user must know of, gathered by all threads that decode it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plugins/adapters/straight/column_plan.hpp"

namespace qonduit::straight {

// Bits, of a column of values.
inline constexpr std::uint8_t kMetNumbers = 1;  // numbers or dates, in a column of texts
inline constexpr std::uint8_t kMetTexts = 2;    // texts, in a column of texts or made null
inline constexpr std::uint8_t kMetLong = 4;     // a whole number beyond 2^53, in a column of texts

class Findings {
 public:
  void reset(std::size_t columns) {
    size_ = columns;
    met_ = std::make_unique<std::atomic<std::uint8_t>[]>(columns);
  }
  void add(std::size_t column, std::uint8_t met) noexcept {
    if (column < size_ && met != 0) met_[column].fetch_or(met, std::memory_order_relaxed);
  }
  [[nodiscard]] std::vector<std::string> notes(const ColumnPlan& plan) const;

 private:
  std::size_t size_ = 0;
  std::unique_ptr<std::atomic<std::uint8_t>[]> met_;
};

}  // namespace qonduit::straight

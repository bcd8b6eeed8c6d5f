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

class Findings {
 public:
  void reset(std::size_t columns) {
    size_ = columns;
    met_ = std::make_unique<std::atomic<cell::Kinds>[]>(columns);
  }
  // met: what the cells of a column of texts are, and the texts that were made null.
  void add(std::size_t column, cell::Kinds met) noexcept {
    if (column < size_ && met != 0) met_[column].fetch_or(met, std::memory_order_relaxed);
  }
  [[nodiscard]] std::vector<std::string> notes(const ColumnPlan& plan) const;

 private:
  std::size_t size_ = 0;
  std::unique_ptr<std::atomic<cell::Kinds>[]> met_;
};

}  // namespace qonduit::straight

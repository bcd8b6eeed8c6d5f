// How many cells a run may still read: pipeline.NAME.budget.cells less what its datasets have taken. Shared by runs, which stop at it,
// and estimates, which say so before. A value; one thread.
#pragma once

#include <cstdint>

#include "qonduit/status.hpp"

namespace qonduit::pipeline {

class CellBudget {
 public:
  // 0: there is none.
  explicit CellBudget(std::int64_t cells) noexcept : cells_(cells) {}

  [[nodiscard]] std::int64_t cells() const noexcept { return cells_; }
  // Ok when a dataset of so many cells fits in what is left; forbidden otherwise. -1, not known: Ok, for the time being.
  [[nodiscard]] Status check(std::int64_t wanted) const;
  // A dataset has taken so many for good.
  void take(std::int64_t cells) noexcept { taken_ += cells; }
  // It came to nothing after all.
  void give_back(std::int64_t cells) noexcept { taken_ -= cells; }

 private:
  std::int64_t cells_;
  std::int64_t taken_ = 0;
};

}  // namespace qonduit::pipeline

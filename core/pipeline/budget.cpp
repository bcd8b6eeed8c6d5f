#include "core/pipeline/budget.hpp"

#include <string>

namespace qonduit::pipeline {

Status CellBudget::check(std::int64_t wanted) const {
  if (cells_ == 0 || wanted <= cells_ - taken_) return {};
  const auto before = taken_ == 0 ? std::string() : ", of which other datasets take " + std::to_string(taken_);
  return {Code::forbidden, "has " + std::to_string(wanted) + " cells, more than budget.cells = " + std::to_string(cells_) +
                               " allows the run" + before + "; raise it, or leave something out of 'objects'"};
}

}  // namespace qonduit::pipeline

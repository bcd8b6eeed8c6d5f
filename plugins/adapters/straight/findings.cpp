#include "plugins/adapters/straight/findings.hpp"

#include <algorithm>

namespace qonduit::straight {

std::vector<std::string> Findings::notes(const ColumnPlan& plan) const {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < std::min(size_, plan.columns.size()); ++i) {
    const auto met = met_[i].load(std::memory_order_relaxed);
    const auto column = "column '" + plan.columns[i].title + "' ";
    if ((met & kMetTexts) != 0 && plan.columns[i].texts_are_null) {
      notes.push_back(column + "holds texts beside its other values; they are delivered as null (on-mixed = null)");
    } else if ((met & kMetTexts) != 0 && (met & kMetNumbers) != 0) {
      notes.push_back(column +
                      "holds texts beside numbers or dates, and is delivered as text: numbers with all their digits and a decimal point, "
                      "dates as 2024-12-31 (on-mixed = null delivers null in place of the texts)");
    }
    if ((met & kMetLong) != 0) {
      notes.push_back(
          column +
          "holds whole numbers beyond 2^53, from where on the engine's numbers are not exact, and is delivered as text: the digits "
          "that are seen");
    }
  }
  return notes;
}

}  // namespace qonduit::straight

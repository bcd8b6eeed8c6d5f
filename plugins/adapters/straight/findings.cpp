#include "plugins/adapters/straight/findings.hpp"

#include <algorithm>
#include <cmath>

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
      notes.push_back(column + "holds whole numbers with more digits than the engine's numbers have; their texts are delivered");
    }
  }
  return notes;
}

bool is_long_integer(std::string_view text, double number) noexcept {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return std::fabs(number) >= dual::kExactIntegers && !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace qonduit::straight

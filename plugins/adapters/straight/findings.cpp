#include "plugins/adapters/straight/findings.hpp"

#include <algorithm>
#include <utility>

namespace qonduit::straight {

std::vector<std::string> Findings::notes(const ColumnPlan& plan) const {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < std::min(size_, plan.columns.size()); ++i) {
    const auto met = met_[i].load(std::memory_order_relaxed);
    const auto& column = plan.columns[i];
    if (column.texts_are_null && (met & cell::bit(cell::Kind::text)) != 0) {
      notes.push_back("column '" + column.title + "' holds texts beside its other values; they are delivered as null (on-mixed = null)");
    } else {
      for (auto& note : cell::notes_of_mixed(column.title, met)) notes.push_back(std::move(note));
    }
  }
  return notes;
}

}  // namespace qonduit::straight

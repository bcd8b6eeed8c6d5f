#include "model/association.hpp"

#include <algorithm>
#include <functional>

namespace qonduit::simulator {
namespace {

void keep_selected(const DataModel& model, int field, const FieldSelection& selection, RecordSet& records, std::vector<char>& constrained) {
  for (const auto t : model.field(field).tables) {
    const auto& column = *model.tables()[t].column(field);
    constrained[t] = 1;
    for (std::size_t row = 0; row < column.size(); ++row)
      if (column[row] < 0 || selection.chosen[static_cast<std::size_t>(column[row])] == 0) records.rows[t][row] = 0;
  }
}

// The values of a key that every constrained table still has, imposed on all its tables. True when a row went.
bool pass_through(const Key& key, RecordSet& records, std::vector<char>& constrained) {
  std::vector<char> allowed(key.values, 1);
  bool any = false;
  for (const auto& side : key.sides) {
    if (constrained[side.table] == 0) continue;
    any = true;
    std::vector<char> here(key.values, 0);
    for (std::size_t row = 0; row < side.value_of_row.size(); ++row)
      if (side.value_of_row[row] >= 0 && records.rows[side.table][row] != 0) here[static_cast<std::size_t>(side.value_of_row[row])] = 1;
    std::transform(allowed.begin(), allowed.end(), here.begin(), allowed.begin(), std::bit_and<>());
  }
  if (!any) return false;
  bool changed = false;
  for (const auto& side : key.sides) {
    changed = changed || constrained[side.table] == 0;
    constrained[side.table] = 1;
    for (std::size_t row = 0; row < side.value_of_row.size(); ++row) {
      const auto value = side.value_of_row[row];
      if (records.rows[side.table][row] == 0 || (value >= 0 && allowed[static_cast<std::size_t>(value)] != 0)) continue;
      records.rows[side.table][row] = 0;
      changed = true;
    }
  }
  return changed;
}

}  // namespace

bool FieldSelection::any() const { return std::find(chosen.begin(), chosen.end(), char{1}) != chosen.end(); }

std::size_t FieldSelection::count() const { return static_cast<std::size_t>(std::count(chosen.begin(), chosen.end(), char{1})); }

RecordSet possible_rows(const DataModel& model, const Selections& selections) {
  RecordSet records;
  for (const auto& table : model.tables()) records.rows.emplace_back(table.rows, char{1});
  std::vector<char> constrained(model.tables().size(), 0);
  for (const auto& [field, selection] : selections) keep_selected(model, field, selection, records, constrained);
  // Tables and keys form a forest, so this ends after as many rounds as the longest way has keys.
  for (bool changed = !selections.empty(); changed;) {
    changed = false;
    for (const auto& key : model.keys()) changed = pass_through(key, records, constrained) || changed;
  }
  return records;
}

RecordSet combine(const RecordSet& left, const RecordSet& right, SetOperation operation) {
  RecordSet made = left;
  for (std::size_t t = 0; t < made.rows.size(); ++t)
    for (std::size_t row = 0; row < made.rows[t].size(); ++row) {
      const bool a = left.rows[t][row] != 0;
      const bool b = right.rows[t][row] != 0;
      const bool keep = operation == SetOperation::both ? a && b : operation == SetOperation::either ? a || b : a && !b;
      made.rows[t][row] = keep ? 1 : 0;
    }
  return made;
}

std::vector<char> elements_in(const DataModel& model, const RecordSet& records, int field) {
  std::vector<char> made(model.field(field).symbols.size(), 0);
  for (const auto t : model.field(field).tables) {
    const auto& column = *model.tables()[t].column(field);
    for (std::size_t row = 0; row < column.size(); ++row)
      if (column[row] >= 0 && records.rows[t][row] != 0) made[static_cast<std::size_t>(column[row])] = 1;
  }
  return made;
}

std::vector<State> states_of(const DataModel& model, const Selections& selections, int field) {
  Selections others = selections;
  others.erase(field);
  const auto reachable = elements_in(model, possible_rows(model, others), field);
  const auto own = selections.find(field);
  std::vector<State> made;
  for (std::size_t i = 0; i < reachable.size(); ++i) {
    if (own == selections.end()) {
      made.push_back(reachable[i] != 0 ? State::optional : State::excluded);
    } else if (own->second.chosen[i] == 0) {
      made.push_back(reachable[i] != 0 ? State::alternative : State::excluded);
    } else if (own->second.locked) {
      made.push_back(reachable[i] != 0 ? State::locked : State::locked_excluded);
    } else {
      made.push_back(reachable[i] != 0 ? State::selected : State::selected_excluded);
    }
  }
  return made;
}

StateCounts count_states(const std::vector<State>& states) {
  StateCounts made;
  for (const auto state : states) {
    switch (state) {
      case State::optional: ++made.option; break;
      case State::selected: ++made.selected; break;
      case State::alternative: ++made.alternative; break;
      case State::excluded: ++made.excluded; break;
      case State::selected_excluded: ++made.selected_excluded; break;
      case State::locked: ++made.locked; break;
      case State::locked_excluded: ++made.locked_excluded; break;
    }
  }
  return made;
}

const char* state_letters(State state) {
  switch (state) {
    case State::optional: return "O";
    case State::selected: return "S";
    case State::alternative: return "A";
    case State::excluded: return "X";
    case State::selected_excluded: return "XS";
    case State::locked: return "L";
    case State::locked_excluded: return "XL";
  }
  return "O";
}

}  // namespace qonduit::simulator

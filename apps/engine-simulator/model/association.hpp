// The associative logic: which rows selections leave in play, and what state that gives every value of a field.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "model/data_model.hpp"

namespace qonduit::simulator {

// The selected values of one field.
struct FieldSelection {
  std::vector<char> chosen;  // by element
  bool locked = false;

  [[nodiscard]] bool any() const;
  [[nodiscard]] std::size_t count() const;
};

// The selections of one alternate state, by field. A field without any chosen value is not in it.
using Selections = std::map<int, FieldSelection>;

// The rows that selections in all fields leave. Rows without a partner stay in play unless something on the other side is selected.
[[nodiscard]] RecordSet possible_rows(const DataModel& model, const Selections& selections);
// Both sets, either, the first without the second. REQUIRES: of the same model.
enum class SetOperation { both, either, without };
[[nodiscard]] RecordSet combine(const RecordSet& left, const RecordSet& right, SetOperation operation);

// Which elements of a field occur in rows.
[[nodiscard]] std::vector<char> elements_in(const DataModel& model, const RecordSet& records, int field);

enum class State : char { optional, selected, alternative, excluded, selected_excluded, locked, locked_excluded };

// The state of every element of a field.
[[nodiscard]] std::vector<State> states_of(const DataModel& model, const Selections& selections, int field);

// As layouts count them, and as cells spell them: O S A X XS L XL.
struct StateCounts {
  std::int64_t locked = 0, selected = 0, option = 0, alternative = 0, excluded = 0, selected_excluded = 0, locked_excluded = 0;
};
[[nodiscard]] StateCounts count_states(const std::vector<State>& states);
[[nodiscard]] const char* state_letters(State state);

}  // namespace qonduit::simulator

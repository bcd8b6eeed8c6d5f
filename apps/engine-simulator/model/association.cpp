#include "model/association.hpp"

#include <algorithm>
#include <functional>

namespace qonduit::simulator {
namespace {

// What comes to a key from one of its tables, or to a table from one of its keys: the values of the key that are left. Unconstrained
// where nothing is selected on that side: rows without a partner there stay in play.
struct Message {
  bool constrained = false;
  std::vector<char> allowed;  // by value of the key
};

// Selections travel along the tables and keys, which form a forest: every way is gone once, and no table hears its own selections back.
class Propagation {
 public:
  Propagation(const DataModel& model, const Selections& selections) : model_(model) {
    constrained_.assign(model.tables().size(), 0);
    for (const auto& table : model.tables()) local_.rows.emplace_back(table.rows, char{1});
    for (const auto& [field, selection] : selections) select(field, selection);
  }

  RecordSet rows() {
    RecordSet made = local_;
    for (std::size_t table = 0; table < made.rows.size(); ++table)
      for (const auto& [key, side] : keys_of(table)) keep(from_key(*key, *side), *side, made.rows[table]);
    return made;
  }

 private:
  void select(int field, const FieldSelection& selection) {
    const auto key = std::find_if(model_.keys().begin(), model_.keys().end(), [&](const Key& known) {
      return std::find(known.fields.begin(), known.fields.end(), field) != known.fields.end();
    });
    if (key != model_.keys().end()) {
      select_key(*key, field, selection);
      return;
    }
    const auto table = model_.field(field).tables.front();
    const auto& column = *model_.tables()[table].column(field);
    constrained_[table] = 1;
    for (std::size_t row = 0; row < column.size(); ++row)
      if (column[row] < 0 || selection.chosen[static_cast<std::size_t>(column[row])] == 0) local_.rows[table][row] = 0;
  }

  // A key is selected between its tables: a value that one of them lacks stays in play in the others.
  void select_key(const Key& key, int field, const FieldSelection& selection) {
    Message& own = selected_keys_[&key];
    if (!own.constrained) own.allowed.assign(key.values, 1);
    own.constrained = true;
    for (const auto& side : key.sides) {
      const auto& column = *model_.tables()[side.table].column(field);
      for (std::size_t row = 0; row < column.size(); ++row)
        if (side.value_of_row[row] >= 0 && selection.chosen[static_cast<std::size_t>(column[row])] == 0)
          own.allowed[static_cast<std::size_t>(side.value_of_row[row])] = 0;
    }
  }

  [[nodiscard]] std::vector<std::pair<const Key*, const Key::Side*>> keys_of(std::size_t table) const {
    std::vector<std::pair<const Key*, const Key::Side*>> made;
    for (const auto& key : model_.keys())
      for (const auto& side : key.sides)
        if (side.table == table) made.emplace_back(&key, &side);
    return made;
  }

  static void keep(const Message& message, const Key::Side& side, std::vector<char>& rows) {
    if (!message.constrained) return;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto value = side.value_of_row[row];
      if (value < 0 || message.allowed[static_cast<std::size_t>(value)] == 0) rows[row] = 0;
    }
  }

  // What the key's own selection and the tables on its other sides leave.
  Message from_key(const Key& key, const Key::Side& to) {
    Message made;
    if (const auto own = selected_keys_.find(&key); own != selected_keys_.end()) made = own->second;
    for (const auto& side : key.sides) {
      if (&side == &to) continue;
      const Message& one = to_key(key, side);
      if (!one.constrained) continue;
      if (made.constrained) {
        std::transform(made.allowed.begin(), made.allowed.end(), one.allowed.begin(), made.allowed.begin(), std::bit_and<>());
      } else {
        made = one;
      }
    }
    return made;
  }

  // What a table leaves of a key, by its own selections and those that reach it by its other keys.
  const Message& to_key(const Key& key, const Key::Side& from) {
    const auto [found, is_new] = messages_.try_emplace(&from);
    if (!is_new) return found->second;
    auto rows = local_.rows[from.table];
    bool constrained = constrained_[from.table] != 0;
    for (const auto& [other, side] : keys_of(from.table)) {
      if (other == &key) continue;
      const Message heard = from_key(*other, *side);
      constrained = constrained || heard.constrained;
      keep(heard, *side, rows);
    }
    Message made;
    made.constrained = constrained;
    if (constrained) {
      made.allowed.assign(key.values, 0);
      for (std::size_t row = 0; row < rows.size(); ++row)
        if (rows[row] != 0 && from.value_of_row[row] >= 0) made.allowed[static_cast<std::size_t>(from.value_of_row[row])] = 1;
    }
    return messages_[&from] = std::move(made);
  }

  const DataModel& model_;
  RecordSet local_;  // after each table's own selections
  std::vector<char> constrained_;
  std::map<const Key*, Message> selected_keys_;
  std::map<const Key::Side*, Message> messages_;
};

}  // namespace

bool FieldSelection::any() const { return std::find(chosen.begin(), chosen.end(), char{1}) != chosen.end(); }

std::size_t FieldSelection::count() const { return static_cast<std::size_t>(std::count(chosen.begin(), chosen.end(), char{1})); }

RecordSet possible_rows(const DataModel& model, const Selections& selections) { return Propagation(model, selections).rows(); }

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

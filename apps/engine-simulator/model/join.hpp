// Rows of associated tables put together: the full outer join of the tables a calculation needs and of those in between, walked without
// being stored. A row of the join names one row of each table, or none.
#pragma once

#include <cstdint>
#include <vector>

#include "model/data_model.hpp"

namespace qonduit::simulator {

class Join {
 public:
  // The first table is the root: its rows come first. REQUIRES: wanted is not empty; model and records outlive this.
  Join(const DataModel& model, const std::vector<std::size_t>& wanted, const RecordSet& records);

  using Rows = std::vector<std::int32_t>;  // by table of the model; -1: none

  // Calls visit(rows) for every row of the join.
  template <class Visit>
  void for_each(const Visit& visit) const {
    Rows rows(model_.tables().size(), -1);
    walk_component(0, rows, visit);
  }

  // Whether rows of the other tables can repeat a combination of rows of these.
  [[nodiscard]] bool repeats(const std::vector<std::size_t>& sources) const;

 private:
  struct Step {  // from a row of a table to the rows of another
    std::size_t parent;
    const Key::Side* from;
    std::size_t child;
    const Key::Side* to;
  };
  struct Anchor {  // join rows whose first table, in the order of the component, is this one
    std::size_t table;
    const Key::Side* side = nullptr;              // towards the parent; null for the root
    std::vector<const std::vector<char>*> taken;  // values that rows of tables before it have
    std::vector<Step> steps;
  };
  using Component = std::vector<Anchor>;

  struct Node {
    std::size_t table;
    const Key* key = nullptr;  // by which it hangs on its parent
    std::size_t parent = 0;
    std::vector<std::size_t> children;  // in order
  };

  [[nodiscard]] Component make_component(std::size_t root, const std::vector<std::size_t>& wanted);
  void add_steps(const std::vector<Node>& nodes, std::size_t table, std::vector<Step>& into) const;
  [[nodiscard]] const std::vector<char>* values_present(const Key& key, std::size_t table);
  [[nodiscard]] static const Key::Side& side_of(const Key& key, std::size_t table);

  template <class Visit>
  void walk_component(std::size_t index, Rows& rows, const Visit& visit) const {
    if (index == components_.size()) {
      visit(static_cast<const Rows&>(rows));
      return;
    }
    for (const auto& anchor : components_[index]) {
      for (const auto& other : components_[index]) rows[other.table] = -1;
      const auto& possible = records_.rows[anchor.table];
      for (std::size_t row = 0; row < possible.size(); ++row) {
        if (possible[row] == 0 || is_taken(anchor, row)) continue;
        rows[anchor.table] = static_cast<std::int32_t>(row);
        walk_steps(anchor.steps, 0, rows, [&](Rows& found) { walk_component(index + 1, found, visit); });
      }
    }
  }

  static bool is_taken(const Anchor& anchor, std::size_t row) {
    if (anchor.side == nullptr || anchor.side->value_of_row[row] < 0) return false;
    const auto value = static_cast<std::size_t>(anchor.side->value_of_row[row]);
    for (const auto* taken : anchor.taken)
      if ((*taken)[value] != 0) return true;
    return false;
  }

  template <class Found>
  void walk_steps(const std::vector<Step>& steps, std::size_t index, Rows& rows, const Found& found) const {
    if (index == steps.size()) {
      found(rows);
      return;
    }
    const Step& step = steps[index];
    const auto from = rows[step.parent];
    const auto value = from < 0 ? -1 : step.from->value_of_row[static_cast<std::size_t>(from)];
    bool any = false;
    if (value >= 0) {
      const auto& possible = records_.rows[step.child];
      for (auto at = step.to->begin[static_cast<std::size_t>(value)]; at < step.to->begin[static_cast<std::size_t>(value) + 1]; ++at) {
        const auto row = step.to->rows[at];
        if (possible[row] == 0) continue;
        any = true;
        rows[step.child] = static_cast<std::int32_t>(row);
        walk_steps(steps, index + 1, rows, found);
      }
    }
    if (any) return;
    rows[step.child] = -1;
    walk_steps(steps, index + 1, rows, found);
  }

  const DataModel& model_;
  const RecordSet& records_;
  std::vector<Component> components_;
  std::map<std::pair<const Key*, std::size_t>, std::vector<char>> present_;
};

}  // namespace qonduit::simulator

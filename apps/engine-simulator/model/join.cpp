#include "model/join.hpp"

#include <algorithm>
#include <set>

namespace qonduit::simulator {

Join::Join(const DataModel& model, const std::vector<std::size_t>& wanted, const RecordSet& records) : model_(model), records_(records) {
  std::set<std::size_t> reached;
  for (const auto table : wanted) {
    if (reached.contains(table)) continue;
    components_.push_back(make_component(table, wanted));
    for (const auto& anchor : components_.back()) reached.insert(anchor.table);
  }
}

const Key::Side& Join::side_of(const Key& key, std::size_t table) {
  return *std::find_if(key.sides.begin(), key.sides.end(), [&](const Key::Side& side) { return side.table == table; });
}

// The tables of the root's tree that are wanted or lie between, in the order of a walk from the root.
Join::Component Join::make_component(std::size_t root, const std::vector<std::size_t>& wanted) {
  std::vector<Node> nodes{{root, nullptr, 0, {}}};
  std::set<std::size_t> seen{root};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const auto& key : model_.keys()) {
      const bool mine =
          std::any_of(key.sides.begin(), key.sides.end(), [&](const Key::Side& side) { return side.table == nodes[i].table; });
      if (!mine || &key == nodes[i].key) continue;
      for (const auto& side : key.sides)
        if (seen.insert(side.table).second) nodes.push_back({side.table, &key, i, {}});
    }
  }
  std::vector<char> needed(nodes.size(), 0);
  for (std::size_t i = nodes.size(); i-- > 0;) {
    if (std::find(wanted.begin(), wanted.end(), nodes[i].table) != wanted.end()) needed[i] = 1;
    if (needed[i] != 0) needed[nodes[i].parent] = 1;
  }
  for (std::size_t i = 1; i < nodes.size(); ++i)
    if (needed[i] != 0) nodes[nodes[i].parent].children.push_back(i);

  Component component;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (needed[i] == 0) continue;
    Anchor anchor{nodes[i].table, nullptr, {}, {}};
    add_steps(nodes, i, anchor.steps);
    if (i > 0) {
      const Node& node = nodes[i];
      const Key& key = *node.key;
      anchor.side = &side_of(key, node.table);
      anchor.taken.push_back(values_present(key, nodes[node.parent].table));
      bool before = true;
      for (const auto sibling : nodes[node.parent].children) {
        if (nodes[sibling].key != node.key) continue;
        if (sibling == i) {
          before = false;
        } else if (before) {
          anchor.taken.push_back(values_present(key, nodes[sibling].table));
        } else {
          anchor.steps.push_back({node.table, anchor.side, nodes[sibling].table, &side_of(key, nodes[sibling].table)});
          add_steps(nodes, sibling, anchor.steps);
        }
      }
    }
    component.push_back(std::move(anchor));
  }
  return component;
}

void Join::add_steps(const std::vector<Node>& nodes, std::size_t from, std::vector<Step>& into) const {
  for (const auto child : nodes[from].children) {
    const Key& key = *nodes[child].key;
    into.push_back({nodes[from].table, &side_of(key, nodes[from].table), nodes[child].table, &side_of(key, nodes[child].table)});
    add_steps(nodes, child, into);
  }
}

const std::vector<char>* Join::values_present(const Key& key, std::size_t table) {
  const auto [found, is_new] = present_.try_emplace({&key, table});
  if (is_new) {
    found->second.assign(key.values, 0);
    const auto& values = side_of(key, table).value_of_row;
    for (std::size_t row = 0; row < values.size(); ++row)
      if (values[row] >= 0 && records_.rows[table][row] != 0) found->second[static_cast<std::size_t>(values[row])] = 1;
  }
  return &found->second;
}

bool Join::repeats(const std::vector<std::size_t>& sources) const {
  if (components_.size() > 1) return true;
  const auto is_source = [&](std::size_t table) { return std::find(sources.begin(), sources.end(), table) != sources.end(); };
  if (!is_source(components_.front().front().table)) return true;
  const auto& steps = components_.front().front().steps;
  return std::any_of(steps.begin(), steps.end(), [&](const Step& step) { return !is_source(step.child) && !step.to->unique; });
}

}  // namespace qonduit::simulator

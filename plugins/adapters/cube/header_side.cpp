#include "plugins/adapters/cube/header_side.hpp"

#include <algorithm>

#include "plugins/adapters/hypercube/number_value.hpp"

namespace qonduit::cube {

RowKind kind_of(const Node& node, RowKind above) {
  switch (node.element) {
    case hypercube::kTotal: return RowKind::total;
    case hypercube::kEmpty: return std::max(above, RowKind::collapsed);
    case hypercube::kOthers: return std::max(above, RowKind::others);
    default: return above;
  }
}

namespace {

// Stands for a level that is not in the tree.
const Node& absent() {
  static const Node node = [] {
    Node made;
    made.element = hypercube::kEmpty;
    made.type = 'E';
    return made;
  }();
  return node;
}

}  // namespace

std::string HeaderSide::resolve(const NodeTree& tree, std::size_t levels) {
  levels_ = shown_ = levels;
  can_expand_ = false;
  leaves_.clear(), members_.clear(), path_.clear();
  const auto& nodes = tree.nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    path_.resize(nodes[i].depth);
    path_.push_back(&nodes[i]);
    if (i + 1 < nodes.size() && nodes[i + 1].depth > nodes[i].depth) continue;
    Leaf leaf;
    leaf.node = &nodes[i];
    std::size_t level = 0;
    for (const auto* node : path_) {
      can_expand_ = can_expand_ || node->can_expand;
      if (node->type == 'P') {
        leaf.measure = static_cast<int>(node->element);
        leaf.measure_text = node->value.text;
        continue;
      }
      if (node->element == Node::kNoElement) return "a node has no usable qElemNo";
      leaf.kind = kind_of(*node, leaf.kind);
      members_.push_back(node);
      ++level;
    }
    if (leaves_.empty() && level < levels) shown_ = level;
    if (level != shown_) {
      return "a header has " + std::to_string(level) + " levels where the layout has " + std::to_string(levels);
    }
    for (; level < levels; ++level) {
      leaf.kind = kind_of(absent(), leaf.kind);
      members_.push_back(&absent());
    }
    leaves_.push_back(leaf);
  }
  return {};
}

bool HeaderSide::same_members(std::size_t left, std::size_t right) const {
  for (std::size_t level = 0; level < levels_; ++level) {
    if (member(left, level)->element != member(right, level)->element) return false;
  }
  return true;
}

void HeaderSide::fill(std::size_t leaves) { leaves_.assign(leaves, Leaf()); }

}  // namespace qonduit::cube

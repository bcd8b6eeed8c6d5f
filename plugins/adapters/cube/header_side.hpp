// One side of a pivot page, or the whole of a stack or tree, resolved: for each leaf the node of every dimension above it, the measure it
// stands for, and the kind of row it makes. Checked against what the layout says: a header deeper than
// that, or of several depths, is bad data.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plugins/adapters/cube/cube_plan.hpp"
#include "plugins/adapters/cube/node_tree.hpp"

namespace qonduit::cube {

class HeaderSide {
 public:
  static constexpr int kNoMeasure = -1;

  struct Leaf {
    int measure = kNoMeasure;  // qElemNo of its measure node
    std::string_view measure_text;
    RowKind kind = RowKind::value;
    const Node* node = nullptr;  // the innermost
  };

  // levels: how many dimensions stand on this side. Answers what is wrong, or nothing. The innermost levels may be absent, of all leaves
  // alike: an engine leaves out a level in which no member is expanded. They are as levels that are not shown below a collapsed member.
  std::string resolve(const NodeTree& tree, std::size_t levels);

  // How many levels the tree has, and whether a node says that there is more below it.
  [[nodiscard]] std::size_t shown() const noexcept { return shown_; }
  [[nodiscard]] bool can_expand() const noexcept { return can_expand_; }

  [[nodiscard]] std::size_t size() const noexcept { return leaves_.size(); }
  [[nodiscard]] const Leaf& leaf(std::size_t i) const noexcept { return leaves_[i]; }
  // The node of a level, from the outside in.
  [[nodiscard]] const Node* member(std::size_t leaf, std::size_t level) const noexcept { return members_[leaf * levels_ + level]; }
  // Whether two leaves stand for the same members.
  [[nodiscard]] bool same_members(std::size_t left, std::size_t right) const;
  // A side without levels: so many leaves of nothing.
  void fill(std::size_t leaves);

 private:
  std::size_t levels_ = 0, shown_ = 0;
  bool can_expand_ = false;
  std::vector<Leaf> leaves_;
  std::vector<const Node*> members_;
  std::vector<const Node*> path_;
};

// What a node makes of a row below it. Source: protocol, pivot nodes: T with -1 is a total, T or E with -4 a level that is not shown.
RowKind kind_of(const Node& node, RowKind above);

}  // namespace qonduit::cube

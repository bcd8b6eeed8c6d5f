// One side of a pivot, or the whole of a stack or tree: the values of its levels as nodes, down to its leaves, which are rows (or columns)
// of the cube. A level is a dimension or the pseudo dimension (the measures).
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "cube/calculation.hpp"

namespace qonduit::simulator {

inline constexpr int kPseudoLevel = -1;

// Which nodes show what is below them.
struct Expansion {
  using Path = std::vector<Element>;  // of dimensions, from the top
  std::set<Path> expanded;
  std::set<Path> collapsed;      // although their level is expanded
  std::set<std::size_t> levels;  // expanded as a whole; the first is 0

  [[nodiscard]] bool shows(const Path& path) const {
    return !collapsed.contains(path) && (expanded.contains(path) || levels.contains(path.size() - 1));
  }
};

struct HeaderNode {
  // Where a level is not shown under a node, a placeholder stands in: of the total of a dimension that has one, else of nothing.
  enum class Kind { value, total, placeholder, empty, pseudo };
  Kind kind = Kind::value;
  Element element = kEmptyElement;  // or the measure's index among the visible
  int level = 0;                    // index into the levels
  bool can_expand = false;
  bool can_collapse = false;
  std::uint32_t first_leaf = 0;
  std::uint32_t leaves = 0;
  std::vector<HeaderNode> children;
};

class HeaderTree {
 public:
  struct Options {
    std::vector<int> levels;               // axes of the calculation, or kPseudoLevel
    const Expansion* expansion = nullptr;  // null: everything shows
    bool totals_above = false;
  };
  HeaderTree(const Calculation& calculation, Options options);

  [[nodiscard]] const std::vector<HeaderNode>& roots() const { return roots_; }
  [[nodiscard]] const std::vector<int>& levels() const { return options_.levels; }
  [[nodiscard]] std::uint32_t leaves() const { return static_cast<std::uint32_t>(leaves_.size()); }

  // Where a leaf stands: an element per axis (kTotalElement where it stands for all) and the measure, or -1.
  struct Leaf {
    GroupKey key;
    int measure = -1;
  };
  [[nodiscard]] const Leaf& leaf(std::uint32_t index) const { return leaves_[index]; }
  // The dimension elements from the top down to the node of a level (index) above a leaf.
  [[nodiscard]] Expansion::Path path(std::uint32_t leaf, std::size_t level) const;

 private:
  using Range = std::pair<std::vector<const GroupKey*>::const_iterator, std::vector<const GroupKey*>::const_iterator>;
  void build(Range keys, std::size_t level, Leaf& at, Expansion::Path& path, std::vector<HeaderNode>& into);
  void build_below(Range keys, std::size_t level, Leaf& at, Expansion::Path& path, bool shown, HeaderNode& node);
  [[nodiscard]] bool dimension_below(std::size_t level) const;
  void find_shown_levels(const std::vector<const GroupKey*>& keys);

  const Calculation& calculation_;
  Options options_;
  std::vector<char> shown_;  // by level: whether it has nodes
  std::vector<HeaderNode> roots_;
  std::vector<Leaf> leaves_;
};

}  // namespace qonduit::simulator

#include "cube/header_tree.hpp"

#include <algorithm>

namespace qonduit::simulator {

HeaderTree::HeaderTree(const Calculation& calculation, Options options) : calculation_(calculation), options_(std::move(options)) {
  std::vector<const GroupKey*> keys;
  for (const auto& key : calculation.keys()) keys.push_back(&key);
  const auto less = [&](const GroupKey* left, const GroupKey* right) {
    for (const int axis : options_.levels) {
      if (axis == kPseudoLevel) continue;
      const auto at = static_cast<std::size_t>(axis);
      if (const int order = calculation_.compare(at, (*left)[at], (*right)[at]); order != 0) return order < 0;
    }
    return false;
  };
  std::sort(keys.begin(), keys.end(), less);
  const auto same = [&](const GroupKey* left, const GroupKey* right) { return !less(left, right) && !less(right, left); };
  keys.erase(std::unique(keys.begin(), keys.end(), same), keys.end());
  find_shown_levels(keys);
  Leaf at{GroupKey(calculation.visible().size(), kTotalElement), -1};
  Expansion::Path path;
  if (!options_.levels.empty()) {
    build({keys.begin(), keys.end()}, 0, at, path, roots_);
  } else if (!keys.empty()) {
    leaves_.push_back(at);  // a side without levels is one row of nothing
  }
}

// Captured: a dimension below which no member is expanded is not in the tree at all, not even by placeholders.
void HeaderTree::find_shown_levels(const std::vector<const GroupKey*>& keys) {
  const auto& levels = options_.levels;
  shown_.assign(levels.size(), options_.expansion == nullptr ? char{1} : char{0});
  if (options_.expansion == nullptr) return;
  for (const auto* key : keys) {
    Expansion::Path path;
    for (std::size_t level = 0; level < levels.size(); ++level) {
      if (levels[level] == kPseudoLevel) continue;
      if (!path.empty() && !options_.expansion->shows(path)) break;
      shown_[level] = 1;
      path.push_back((*key)[static_cast<std::size_t>(levels[level])]);
    }
  }
  for (std::size_t level = 0; level < levels.size(); ++level)
    if (levels[level] == kPseudoLevel) shown_[level] = 1;
}

bool HeaderTree::dimension_below(std::size_t level) const {
  return std::any_of(options_.levels.begin() + static_cast<std::ptrdiff_t>(level) + 1, options_.levels.end(),
                     [](int axis) { return axis != kPseudoLevel; });
}

// shown: the values of deeper dimensions have nodes; else placeholders stand for them.
void HeaderTree::build_below(Range keys, std::size_t level, Leaf& at, Expansion::Path& path, bool shown, HeaderNode& node) {
  node.first_leaf = leaves();
  if (level + 1 == options_.levels.size()) {
    leaves_.push_back(at);
  } else if (shown) {
    build(keys, level + 1, at, path, node.children);
  } else if (options_.levels[level + 1] == kPseudoLevel) {
    for (std::size_t i = 0; i < calculation_.visible_measures().size(); ++i) {
      at.measure = static_cast<int>(i);
      HeaderNode& made = node.children.emplace_back(
          HeaderNode{HeaderNode::Kind::pseudo, static_cast<Element>(i), static_cast<int>(level + 1), false, false, 0, 0, {}});
      build_below(keys, level + 1, at, path, false, made);
    }
    at.measure = -1;
  } else if (shown_[level + 1] == 0) {
    build_below(keys, level + 1, at, path, false, node);
    return;
  } else {
    const auto axis = static_cast<std::size_t>(options_.levels[level + 1]);
    const bool total = calculation_.definition().dimensions[calculation_.visible()[axis]].total;
    HeaderNode& made = node.children.emplace_back(HeaderNode{total ? HeaderNode::Kind::placeholder : HeaderNode::Kind::empty,
                                                             kEmptyElement,
                                                             static_cast<int>(level + 1),
                                                             false,
                                                             false,
                                                             0,
                                                             0,
                                                             {}});
    build_below(keys, level + 1, at, path, false, made);
  }
  node.leaves = leaves() - node.first_leaf;
}

void HeaderTree::build(Range keys, std::size_t level, Leaf& at, Expansion::Path& path, std::vector<HeaderNode>& into) {
  const int axis = options_.levels[level];
  if (axis == kPseudoLevel) {
    for (std::size_t i = 0; i < calculation_.visible_measures().size(); ++i) {
      at.measure = static_cast<int>(i);
      HeaderNode& made =
          into.emplace_back(HeaderNode{HeaderNode::Kind::pseudo, static_cast<Element>(i), static_cast<int>(level), false, false, 0, 0, {}});
      build_below(keys, level, at, path, true, made);
    }
    at.measure = -1;
    return;
  }
  const auto dimension = static_cast<std::size_t>(axis);
  const bool total = calculation_.definition().dimensions[calculation_.visible()[dimension]].total;
  const auto add_total = [&] {
    HeaderNode& made =
        into.emplace_back(HeaderNode{HeaderNode::Kind::total, kTotalElement, static_cast<int>(level), false, false, 0, 0, {}});
    build_below(keys, level, at, path, false, made);
  };
  if (total && options_.totals_above) add_total();
  const bool inner = dimension_below(level);
  for (auto begin = keys.first; begin != keys.second;) {
    const Element element = (**begin)[dimension];
    const auto end = std::find_if(begin, keys.second, [&](const GroupKey* key) { return (*key)[dimension] != element; });
    HeaderNode& made = into.emplace_back(HeaderNode{HeaderNode::Kind::value, element, static_cast<int>(level), false, false, 0, 0, {}});
    at.key[dimension] = element;
    path.push_back(element);
    const bool shown = options_.expansion == nullptr || options_.expansion->shows(path);
    if (inner && options_.expansion != nullptr) {
      made.can_expand = !shown;
      made.can_collapse = shown;
    }
    build_below({begin, end}, level, at, path, shown || !inner, made);
    path.pop_back();
    at.key[dimension] = kTotalElement;
    begin = end;
  }
  if (total && !options_.totals_above) add_total();
}

Expansion::Path HeaderTree::path(std::uint32_t index, std::size_t level) const {
  Expansion::Path made;
  for (std::size_t i = 0; i <= level && i < options_.levels.size(); ++i)
    if (options_.levels[i] != kPseudoLevel) made.push_back(leaf(index).key[static_cast<std::size_t>(options_.levels[i])]);
  return made;
}

}  // namespace qonduit::simulator

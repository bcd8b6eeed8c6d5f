// Mode P: two header trees, left and top, and a value where their leaves cross.
#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "cube/cube.hpp"
#include "cube/header_json.hpp"

namespace qonduit::simulator {
namespace {

class PivotPages final : public Pages {
 public:
  PivotPages(std::shared_ptr<Calculation> calculation, std::shared_ptr<const HeaderTree> left, std::shared_ptr<const HeaderTree> top)
      : calculation_(std::move(calculation)), left_(std::move(left)), top_(std::move(top)) {}

  [[nodiscard]] std::int64_t rows() const override { return left_->leaves(); }
  // Without a measure there is nothing where rows and columns cross; that pages have headers all the same is assumed.
  [[nodiscard]] std::int64_t columns() const override { return calculation_->visible_measures().empty() ? 0 : top_->leaves(); }

  void append_page(std::string& out, const Area& area) const override {
    const std::lock_guard lock(mutex_);  // values are computed as they are asked for
    const auto first_row = std::min(area.top, rows());
    const auto end_row = std::min(area.top + area.height, rows());
    const auto first_column = std::min(area.left, columns());
    const auto end_column = std::min(area.left + area.width, columns());
    out.append("{\"qLeft\":");
    append_nodes(out, *left_, left_->roots(), first_row, end_row);
    out.append(",\"qTop\":");
    append_nodes(out, *top_, top_->roots(), first_column, end_column);
    out.append(",\"qData\":[");
    for (auto row = first_row; row < end_row; ++row) {
      out.append(row > first_row ? ",[" : "[");
      for (auto column = first_column; column < end_column; ++column) {
        if (column > first_column) out.push_back(',');
        append_value(out, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column));
      }
      out.push_back(']');
    }
    out.append("],\"qArea\":{\"qLeft\":").append(std::to_string(area.left)).append(",\"qTop\":").append(std::to_string(area.top));
    out.append(",\"qWidth\":").append(std::to_string(end_column - first_column));
    out.append(",\"qHeight\":").append(std::to_string(end_row - first_row)).append("}}");
  }

 private:
  // The nodes that have leaves in [first, end); qUp and qDown count the leaves of a node before and behind.
  void append_nodes(std::string& out, const HeaderTree& tree, const std::vector<HeaderNode>& nodes, std::int64_t first,
                    std::int64_t end) const {
    out.push_back('[');
    bool any = false;
    for (const auto& node : nodes) {
      const std::int64_t begin = node.first_leaf;
      const std::int64_t behind = begin + node.leaves;
      if (behind <= first || begin >= end) continue;
      out.append(any ? ",{" : "{");
      any = true;
      append_node_value(out, *calculation_, tree, node);
      if (node.can_expand) out.append(",\"qCanExpand\":true");
      if (node.can_collapse) out.append(",\"qCanCollapse\":true");
      out.append(",\"qType\":\"").append(1, node_type(node)).append("\"");
      out.append(",\"qUp\":").append(std::to_string(std::max<std::int64_t>(first - begin, 0)));
      out.append(",\"qDown\":").append(std::to_string(std::max<std::int64_t>(behind - end, 0)));
      out.append(",\"qSubNodes\":");
      append_nodes(out, tree, node.children, first, end);
      out.append(node_extra(*calculation_, tree, node)).push_back('}');
    }
    out.push_back(']');
  }

  void append_value(std::string& out, std::uint32_t row, std::uint32_t column) const {
    const auto& left = left_->leaf(row);
    const auto& top = top_->leaf(column);
    GroupKey key = left.key;
    for (std::size_t i = 0; i < key.size(); ++i)
      if (key[i] == kTotalElement) key[i] = top.key[i];
    const int visible = std::max({left.measure, top.measure, 0});
    const auto index = calculation_->visible_measures()[static_cast<std::size_t>(visible)];
    // Captured: a crossing that no row of the data belongs to is null, whatever the measure would be over nothing.
    const Value value = exists(key) ? calculation_->measure(index, key) : Value{};
    const std::string text = formatted(value, calculation_->definition().measures[index].info.format);
    out.append("{\"qText\":");
    append_quoted(out, text);
    out.append(",\"qNum\":");
    append_number(out, value.number);
    out.append(value.is_null() ? ",\"qType\":\"U\"" : ",\"qType\":\"V\"");
    out.append(calculation_->measure_extra(index, key)).push_back('}');
  }

  // Whether any combination of the cube is of the key, where it does not stand for all.
  bool exists(const GroupKey& key) const {
    std::vector<char> given(key.size());
    for (std::size_t i = 0; i < key.size(); ++i) given[i] = key[i] == kTotalElement ? 0 : 1;
    const auto [known, added] = existing_.try_emplace(given);
    if (added) {
      for (GroupKey at : calculation_->keys()) {
        for (std::size_t i = 0; i < at.size(); ++i)
          if (given[i] == 0) at[i] = kTotalElement;
        known->second.insert(std::move(at));
      }
    }
    return known->second.contains(key);
  }

  mutable std::mutex mutex_;
  mutable std::map<std::vector<char>, std::set<GroupKey>> existing_;  // by which of its elements are given
  std::shared_ptr<Calculation> calculation_;
  std::shared_ptr<const HeaderTree> left_;
  std::shared_ptr<const HeaderTree> top_;
};

// Which levels stand left and which on top. qInterColumnSortOrder orders them, with -1 for the measures where there are several; the
// first qNoOfLeftDims of them are left.
struct Sides {
  std::vector<std::int64_t> order;  // dimensions of the definition and -1
  std::vector<int> left, top;       // axes and kPseudoLevel
};

Sides arrange(const Calculation& calculation, const CubeDefinition& definition) {
  Sides made;
  const auto& visible = calculation.visible();
  const auto axis_of = [&](std::int64_t dimension) {
    return static_cast<int>(std::find(visible.begin(), visible.end(), static_cast<std::size_t>(dimension)) - visible.begin());
  };
  const auto add = [&](std::int64_t level) {
    if (std::find(made.order.begin(), made.order.end(), level) == made.order.end()) made.order.push_back(level);
  };
  const bool several = calculation.visible_measures().size() > 1;
  for (const auto level : definition.sort_order) {
    if (level == kPseudoLevel && several) add(level);
    if (level >= 0 && std::find(visible.begin(), visible.end(), static_cast<std::size_t>(level)) != visible.end()) add(level);
  }
  for (const auto dimension : visible) add(static_cast<std::int64_t>(dimension));
  if (several) add(kPseudoLevel);
  auto left = definition.left_dimensions;
  const bool pseudo_last = several && made.order.back() == kPseudoLevel;
  if (left < 0) left = static_cast<std::int64_t>(made.order.size()) - (pseudo_last ? 1 : 0);  // all dimensions; the measures on top
  for (std::size_t i = 0; i < made.order.size(); ++i) {
    auto& side = static_cast<std::int64_t>(i) < left ? made.left : made.top;
    side.push_back(made.order[i] == kPseudoLevel ? kPseudoLevel : axis_of(made.order[i]));
  }
  // A single measure heads the columns where no dimension does; that it has a node there is assumed.
  if (made.top.empty() && !several && !calculation.visible_measures().empty()) made.top.push_back(kPseudoLevel);
  return made;
}

// What qExpansionState says of the dimensions of one side. A mark that names no dimension there, or a path of another depth, says nothing.
Expansion as_defined(const Calculation& calculation, const CubeDefinition& definition, const std::vector<int>& levels) {
  Expansion made;
  std::size_t depth = 0;
  for (const int axis : levels) {
    if (axis == kPseudoLevel) continue;
    const auto& dimension = definition.dimensions[calculation.visible()[static_cast<std::size_t>(axis)]];
    for (const auto& mark : definition.expansion_marks) {
      if (mark.dimension != dimension.source && mark.dimension != dimension.info.title) continue;
      if (mark.all_but) made.levels.insert(depth);
      if (mark.path.size() == depth + 1) (mark.all_but ? made.collapsed : made.expanded).insert(mark.path);
    }
    ++depth;
  }
  return made;
}

// How many values a dimension shows: those with a node, and the total where it has one; else what stands in for values not shown.
void count_shown(const HeaderTree& tree, const std::vector<HeaderNode>& nodes, std::vector<std::set<Element>>& shown) {
  for (const auto& node : nodes) {
    const int axis = tree.levels()[static_cast<std::size_t>(node.level)];
    if (axis != kPseudoLevel && node.kind != HeaderNode::Kind::placeholder) shown[static_cast<std::size_t>(axis)].insert(node.element);
    count_shown(tree, node.children, shown);
  }
}

}  // namespace

void make_pivot(std::shared_ptr<Calculation> calculation, CubeDefinition& definition, const Expansions* expansions, EvaluatedCube& cube) {
  const Sides sides = arrange(*calculation, definition);
  cube.expansions = expansions != nullptr
                        ? *expansions
                        : Expansions{as_defined(*calculation, definition, sides.left), as_defined(*calculation, definition, sides.top)};
  const auto tree = [&](const std::vector<int>& levels, const Expansion& expansion) {
    return std::make_shared<const HeaderTree>(
        *calculation, HeaderTree::Options{levels, definition.fully_expanded ? nullptr : &expansion, definition.totals_above});
  };
  cube.left = tree(sides.left, cube.expansions.left);
  cube.top = tree(sides.top, cube.expansions.top);
  std::vector<std::set<Element>> shown(calculation->visible().size());
  count_shown(*cube.left, cube.left->roots(), shown);
  count_shown(*cube.top, cube.top->roots(), shown);
  for (std::size_t axis = 0; axis < shown.size(); ++axis)
    definition.dimensions[calculation->visible()[axis]].info.cube_cardinal = static_cast<std::int64_t>(shown[axis].size());
  cube.layout.sort_order = sides.order;
  cube.layout.left_dimensions = static_cast<std::int64_t>(sides.left.size());
  cube.layout.rows = cube.left->leaves();
  cube.layout.columns = calculation->visible_measures().empty() ? 0 : cube.top->leaves();
  cube.layout.indent = definition.indent;
  cube.pages = std::make_shared<PivotPages>(std::move(calculation), cube.left, cube.top);
}

}  // namespace qonduit::simulator

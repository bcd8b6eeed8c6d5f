// Mode T: the dimensions as a tree of nodes. Captured once: leaves have the values of the measures, nodes above them none but their ranges;
// rows are counted over all leaves; areas are cut by position within each parent.
#include <algorithm>
#include <cmath>

#include "cube/cube.hpp"
#include "cube/header_json.hpp"

namespace qonduit::simulator {
namespace {

struct TreeNode {
  std::string head;  // qText, qValue, qElemNo
  char type = 'N';
  std::int64_t position = 0;  // within its parent
  std::int64_t row = 0;       // of its first leaf
  std::string values;         // qValues items, of a leaf
  std::vector<double> most;   // by measure: the sum of what is above zero,
  std::vector<double> least;  // and below
  std::string state;
  std::vector<std::int64_t> path;  // positions of the nodes around it, without the root
  std::string extra;
  std::vector<TreeNode> children;
};

void append_numbers(std::string& out, const std::vector<double>& numbers) {
  out.push_back('[');
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) out.push_back(',');
    append_number(out, numbers[i]);
  }
  out.push_back(']');
}

class StoredTree final : public TreeNodes {
 public:
  explicit StoredTree(TreeNode root) : root_(std::move(root)) {}

  void append_nodes(std::string& out, const TreeOptions& options) const override {
    std::int64_t count = 0;
    std::string made;
    append_node(made, root_, 0, options, count);
    // More nodes than asked for: nothing at all, not a part.
    out.append(options.max_nodes > 0 && count > options.max_nodes ? "[]" : "[" + made + "]");
  }

 private:
  static void append_node(std::string& out, const TreeNode& node, std::size_t level, const TreeOptions& options, std::int64_t& count) {
    ++count;
    out.append("{").append(node.head);
    out.append(",\"qGroupPos\":").append(std::to_string(node.position));
    out.append(",\"qGroupSize\":").append(std::to_string(node.children.size()));
    out.append(",\"qRow\":").append(std::to_string(node.row));
    out.append(",\"qType\":\"").append(1, node.type).append("\",\"qValues\":[").append(node.values).append("],\"qNodes\":[");
    const auto deepest = options.depth < 0 ? std::int64_t{-1} : options.first_level + options.depth;
    const Area* area = level < options.areas.size() ? &options.areas[level] : nullptr;
    bool any = false;
    for (const auto& child : node.children) {
      if (deepest >= 0 && static_cast<std::int64_t>(level) >= deepest) break;
      if (area != nullptr && (child.position < area->top || child.position >= area->top + area->height)) continue;
      if (any) out.push_back(',');
      any = true;
      append_node(out, child, level + 1, options, count);
    }
    out.append("]").append(node.extra).append(",\"qMaxPos\":");
    append_numbers(out, node.most);
    out.append(",\"qMinNeg\":");
    append_numbers(out, node.least);
    // Also where the nodes below are there; the root has it never.
    if (level > 0 && !node.children.empty()) out.append(",\"qCanExpand\":true");
    out.append(",\"qState\":\"").append(node.state).append("\",\"qTreePath\":[");
    for (std::size_t i = 0; i < node.path.size(); ++i) out.append(i > 0 ? "," : "").append(std::to_string(node.path[i]));
    out.append("]}");
  }

  TreeNode root_;
};

class TreeBuilder {
 public:
  TreeBuilder(Calculation& calculation, const HeaderTree& tree) : calculation_(calculation), tree_(tree) {}

  TreeNode build() {
    TreeNode root;
    root.head = R"("qValue":0,"qElemNo":-1)";
    root.type = 'R';
    root.state = "L";
    GroupKey key(calculation_.visible().size(), kTotalElement);
    add_children(tree_.roots(), key, root);
    if (root.children.empty()) root.values = values_at(key, root);
    return root;
  }

 private:
  void add_children(const std::vector<HeaderNode>& nodes, GroupKey& key, TreeNode& into) {
    for (const auto& node : nodes) {
      const auto axis = static_cast<std::size_t>(tree_.levels()[static_cast<std::size_t>(node.level)]);
      key[axis] = node.element;
      TreeNode& made = into.children.emplace_back();
      append_head(made.head, axis, node.element);
      made.type = node_type(node);
      made.position = static_cast<std::int64_t>(into.children.size()) - 1;
      made.row = node.first_leaf;
      made.state = calculation_.state(axis, node.element);
      made.path = into.path;
      if (into.type != 'R') made.path.push_back(into.position);
      made.extra = node_extra(calculation_, tree_, node);
      if (node.children.empty()) {
        made.values = values_at(key, made);
      } else {
        add_children(node.children, key, made);
        sum_up(made);
      }
      key[axis] = kTotalElement;
    }
  }

  void append_head(std::string& out, std::size_t axis, Element element) const {
    if (const std::string label = calculation_.label(axis, element); !label.empty()) {
      out.append("\"qText\":");
      append_quoted(out, label);
      out.append(",");
    }
    out.append("\"qValue\":");
    append_number(out, calculation_.number(axis, element));
    out.append(",\"qElemNo\":").append(std::to_string(element));
  }

  static void sum_up(TreeNode& node) {
    for (const auto& child : node.children) {
      node.most.resize(std::max(node.most.size(), child.most.size()));
      node.least.resize(node.most.size());
      for (std::size_t i = 0; i < child.most.size(); ++i) {
        node.most[i] += child.most[i];
        node.least[i] += child.least[i];
      }
    }
  }

  std::string values_at(const GroupKey& key, TreeNode& node) {
    std::string made;
    for (const auto index : calculation_.visible_measures()) {
      const Value value = calculation_.measure(index, key);
      const std::string text = formatted(value, calculation_.definition().measures[index].info.format);
      made.append(made.empty() ? "" : ",").append("{\"qText\":");
      append_quoted(made, text);
      made.append(",\"qValue\":");
      append_number(made, value.number);
      made.append("}");
      calculation_.note(index, value, text);
      node.most.push_back(value.is_number() ? std::max(value.number, 0.0) : 0.0);
      node.least.push_back(value.is_number() ? std::min(value.number, 0.0) : 0.0);
    }
    return made;
  }

  Calculation& calculation_;
  const HeaderTree& tree_;
};

// Captured: how many nodes each level has.
void count_nodes(const std::vector<HeaderNode>& nodes, std::vector<std::int64_t>& counts) {
  for (const auto& node : nodes) {
    ++counts[static_cast<std::size_t>(node.level)];
    count_nodes(node.children, counts);
  }
}

}  // namespace

void make_tree(Calculation& calculation, CubeDefinition& definition, EvaluatedCube& cube) {
  // No totals as nodes.
  for (auto& dimension : definition.dimensions) dimension.total = false;
  std::vector<int> levels;
  for (std::size_t axis = 0; axis < calculation.visible().size(); ++axis) {
    levels.push_back(static_cast<int>(axis));
    cube.layout.sort_order.push_back(static_cast<std::int64_t>(calculation.visible()[axis]));
  }
  const HeaderTree tree(calculation, {levels, nullptr, false});
  cube.layout.left_dimensions = static_cast<std::int64_t>(levels.size());
  cube.layout.rows = tree.leaves();
  cube.layout.columns = 1;
  cube.layout.tree_nodes.resize(levels.size());
  count_nodes(tree.roots(), cube.layout.tree_nodes);
  cube.tree = std::make_shared<StoredTree>(TreeBuilder(calculation, tree).build());
}

}  // namespace qonduit::simulator

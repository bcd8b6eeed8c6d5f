// Mode T: the dimensions as a tree of nodes, each with the values of the measures. No layout of this mode was ever captured; members and
// their order follow the schema.
#include <algorithm>

#include "cube/cube.hpp"
#include "cube/header_json.hpp"

namespace qonduit::simulator {
namespace {

struct TreeNode {
  std::string head;  // qText, qElemNo, qValue
  char type = 'N';
  std::int64_t row = 0;
  std::string values;  // qValues items
  std::string state;
  std::vector<TreeNode> children;
};

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
    out.append("{").append(node.head).append(",\"qRow\":").append(std::to_string(node.row));
    out.append(",\"qType\":\"").append(1, node.type).append("\",\"qValues\":[").append(node.values).append("],\"qNodes\":[");
    const auto deepest = options.depth < 0 ? std::int64_t{-1} : options.first_level + options.depth;
    const Area* area = level < options.areas.size() ? &options.areas[level] : nullptr;
    bool any = false;
    for (const auto& child : node.children) {
      if (deepest >= 0 && static_cast<std::int64_t>(level) >= deepest) break;
      if (area != nullptr && (child.row < area->top || child.row >= area->top + area->height)) continue;
      if (any) out.push_back(',');
      any = true;
      append_node(out, child, level + 1, options, count);
    }
    out.append("],\"qGroupPos\":0,\"qGroupSize\":").append(std::to_string(node.children.size()));
    if (!any && !node.children.empty()) out.append(",\"qCanExpand\":true");
    out.append(",\"qState\":\"").append(node.state).append("\"}");
  }

  TreeNode root_;
};

class TreeBuilder {
 public:
  TreeBuilder(Calculation& calculation, const HeaderTree& tree) : calculation_(calculation), tree_(tree) {}

  TreeNode build() {
    TreeNode root;
    root.head = R"("qElemNo":0)";
    root.type = 'R';
    root.state = "L";
    GroupKey key(calculation_.visible().size(), kTotalElement);
    root.values = values_at(key);
    add_children(tree_.roots(), key, root);
    return root;
  }

 private:
  void add_children(const std::vector<HeaderNode>& nodes, GroupKey& key, TreeNode& into) {
    for (const auto& node : nodes) {
      const auto axis = static_cast<std::size_t>(tree_.levels()[static_cast<std::size_t>(node.level)]);
      key[axis] = node.element;
      TreeNode& made = into.children.emplace_back();
      append_node_value(made.head, calculation_, tree_, node);
      made.type = node_type(node);
      made.row = static_cast<std::int64_t>(into.children.size()) - 1;
      made.state = calculation_.state(axis, node.element);
      made.values = values_at(key);
      add_children(node.children, key, made);
      key[axis] = kTotalElement;
    }
  }

  std::string values_at(const GroupKey& key) {
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
    }
    return made;
  }

  Calculation& calculation_;
  const HeaderTree& tree_;
};

}  // namespace

void make_tree(Calculation& calculation, CubeDefinition& definition, EvaluatedCube& cube) {
  // No totals as nodes: every node has its own values.
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
  cube.tree = std::make_shared<StoredTree>(TreeBuilder(calculation, tree).build());
}

}  // namespace qonduit::simulator

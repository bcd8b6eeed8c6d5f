// Mode K: one tree of all dimensions; its leaves are rows, and under each leaf stands the value of every measure. Pages are cut between
// members of the outermost dimension: captured areas count those, with all that is below them, and qSize counts the leaves.
#include <algorithm>
#include <limits>

#include "cube/cube.hpp"
#include "cube/header_json.hpp"

namespace qonduit::simulator {
namespace {

// A node with what the stack tells of it, made once so that pages are cut from it.
struct StackNode {
  std::string head;  // qText, qElemNo, qValue
  char type = 'N';
  double most = 0;   // qMaxPos
  double least = 0;  // qMinNeg
  std::uint32_t first_row = 0;
  std::uint32_t rows = 0;
  std::string extra;
  std::vector<StackNode> children;
};

class StackPages final : public Pages {
 public:
  StackPages(StackNode root, std::int64_t columns) : root_(std::move(root)), columns_(columns) {}

  [[nodiscard]] std::int64_t rows() const override { return root_.rows; }
  [[nodiscard]] std::int64_t columns() const override { return columns_; }

  void append_page(std::string& out, const Area& area) const override {
    // Without a dimension there is one row, the root itself.
    const bool has_members = !root_.children.empty() && root_.children.front().type != 'V' && root_.children.front().type != 'U';
    const auto members = has_members ? static_cast<std::int64_t>(root_.children.size()) : rows();
    const auto first = std::min(area.top, members);
    const auto end = std::min(area.top + area.height, members);
    out.append("{\"qData\":[");
    append_node(out, root_, has_members ? first : 0, has_members || first == end ? end : kAll, has_members ? members - end : 0);
    out.append("],\"qArea\":{\"qLeft\":").append(std::to_string(area.left)).append(",\"qTop\":").append(std::to_string(area.top));
    out.append(",\"qWidth\":").append(std::to_string(area.width));
    out.append(",\"qHeight\":").append(std::to_string(end - first)).append("}}");
  }

 private:
  static constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();

  // The node with its children [first, end); down: how many are not there behind them.
  static void append_node(std::string& out, const StackNode& node, std::int64_t first, std::int64_t end, std::int64_t down) {
    const auto last = std::min(end, static_cast<std::int64_t>(node.children.size()));
    const auto row = first < last ? node.children[static_cast<std::size_t>(first)].first_row : node.first_row;
    out.append("{").append(node.head);
    out.append(",\"qType\":\"").append(1, node.type).append("\",\"qMaxPos\":");
    append_number(out, node.most);
    out.append(",\"qMinNeg\":");
    append_number(out, node.least);
    out.append(",\"qUp\":").append(std::to_string(first));
    out.append(",\"qDown\":").append(std::to_string(down));
    out.append(",\"qRow\":").append(std::to_string(row));
    out.append(",\"qSubNodes\":[");
    for (auto i = first; i < last; ++i) {
      if (i > first) out.push_back(',');
      append_node(out, node.children[static_cast<std::size_t>(i)], 0, kAll, 0);
    }
    out.append("]").append(node.extra).append("}");
  }

  StackNode root_;
  std::int64_t columns_;
};

class StackBuilder {
 public:
  StackBuilder(Calculation& calculation, const HeaderTree& tree) : calculation_(calculation), tree_(tree) {}

  StackNode build() {
    StackNode root;
    root.head = R"("qElemNo":0,"qValue":0)";
    root.type = 'R';
    root.rows = tree_.leaves();
    if (tree_.levels().empty() && tree_.leaves() > 0) {
      add_values(root, 0);
    } else {
      for (const auto& node : tree_.roots()) root.children.push_back(make(node));
    }
    sum_up(root);
    return root;
  }

 private:
  StackNode make(const HeaderNode& node) {
    StackNode made;
    const bool text = node.kind == HeaderNode::Kind::value;
    if (text) {
      append_node_value(made.head, calculation_, tree_, node);
      made.extra = node_extra(calculation_, tree_, node);
    } else {
      // A total has no text in a stack; below it the levels are empty.
      made.head =
          "\"qElemNo\":" + std::to_string(node.kind == HeaderNode::Kind::total ? kTotalElement : kEmptyElement) + ",\"qValue\":\"NaN\"";
    }
    made.type = node.kind == HeaderNode::Kind::placeholder ? 'E' : node_type(node);
    made.first_row = node.first_leaf;
    made.rows = node.leaves;
    if (node.children.empty()) {
      add_values(made, node.first_leaf);
      for (const auto& value : made.children) add_range(made, value.type == 'U' ? kNaN : value_of_[&value]);
      value_of_.clear();
      return made;
    }
    for (const auto& child : node.children) made.children.push_back(make(child));
    // A total whose values stand further down counts nothing itself.
    if (node.kind == HeaderNode::Kind::value) sum_up(made);
    return made;
  }

  static void add_range(StackNode& to, double value) {
    if (std::isnan(value)) {
      to.most = kNaN;
    } else if (value > 0) {
      to.most += value;
    } else {
      to.least += value;
    }
  }

  // What is below, without its totals and nulls.
  static void sum_up(StackNode& to) {
    for (const auto& child : to.children) {
      if (child.type == 'T') continue;
      if (!std::isnan(child.most)) to.most += child.most;
      if (!std::isnan(child.least)) to.least += child.least;
    }
  }

  void add_values(StackNode& to, std::uint32_t row) {
    const auto& measures = calculation_.visible_measures();
    to.children.reserve(measures.size());
    for (std::size_t i = 0; i < measures.size(); ++i) {
      const Value value = calculation_.measure(measures[i], tree_.leaf(row).key);
      const std::string text = formatted(value, calculation_.definition().measures[measures[i]].info.format);
      StackNode made;
      made.head = "\"qText\":";
      append_quoted(made.head, text);
      made.head += ",\"qElemNo\":" + std::to_string(i) + ",\"qValue\":";
      append_number(made.head, value.number);
      made.type = value.is_null() ? 'U' : 'V';
      made.first_row = row;
      made.rows = 1;
      made.extra = calculation_.measure_extra(measures[i], tree_.leaf(row).key);
      calculation_.note(measures[i], value, text);
      to.children.push_back(std::move(made));
      value_of_[&to.children.back()] = value.number;
    }
  }

  Calculation& calculation_;
  const HeaderTree& tree_;
  std::map<const StackNode*, double> value_of_;  // of the leaf being made
};

}  // namespace

void make_stack(Calculation& calculation, CubeDefinition& definition, EvaluatedCube& cube) {
  std::vector<int> levels;
  auto& order = cube.layout.sort_order;
  const auto add = [&](std::size_t axis) {
    const auto dimension = static_cast<std::int64_t>(calculation.visible()[axis]);
    if (std::find(order.begin(), order.end(), dimension) != order.end()) return;
    order.push_back(dimension);
    levels.push_back(static_cast<int>(axis));
  };
  for (const auto dimension : definition.sort_order) {
    const auto& visible = calculation.visible();
    const auto found = std::find(visible.begin(), visible.end(), static_cast<std::size_t>(dimension));
    if (dimension >= 0 && found != visible.end()) add(static_cast<std::size_t>(found - visible.begin()));
  }
  for (std::size_t axis = 0; axis < calculation.visible().size(); ++axis) add(axis);
  const HeaderTree tree(calculation, {levels, nullptr, true});
  cube.layout.left_dimensions = static_cast<std::int64_t>(levels.size());
  cube.layout.rows = tree.leaves();
  cube.layout.columns = 1;
  cube.layout.indent = definition.indent;
  cube.pages = std::make_shared<StackPages>(StackBuilder(calculation, tree).build(), 1);
}

}  // namespace qonduit::simulator

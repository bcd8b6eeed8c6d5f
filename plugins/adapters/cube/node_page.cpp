// Stacks and trees, where no session copy could be made: each row is a path through the dimensions with the values of the measures.
#include <algorithm>
#include <limits>
#include <vector>

#include "plugins/adapters/cube/header_side.hpp"
#include "plugins/adapters/cube/node_reply.hpp"
#include "plugins/adapters/cube/page_decoder.hpp"
#include "plugins/adapters/cube/row_writer.hpp"

namespace qonduit::cube {
namespace {

// Writes rows of members and values.
class PathWriter {
 public:
  PathWriter(const DecoderSettings& settings, const NodeTree& tree, bool survey)
      : settings_(settings),
        layout_(*settings.layout),
        plan_(*settings.plan),
        tree_(tree),
        writer_(plan_, static_cast<std::int64_t>(tree.nodes().size()), 0, plan_.columns.columns.size(), true, survey) {}

  // path: the nodes of the dimensions as far as they are there; values: one for each measure.
  bool write(const std::vector<const Node*>& path, RowKind kind, const std::vector<const Node*>& nodes, const Node* holder) {
    if (kind == RowKind::total && settings_.totals == Totals::drop) return true;
    if (plan_.shape != Shape::cells) {
      if (!members(path)) return false;
      for (std::size_t m = 0; m < layout_.measures; ++m) {
        if (!value(plan_.first_value + m, m, nodes, holder)) return false;
      }
      return writer_.kind(kind);
    }
    for (std::size_t m = 0; m < layout_.measures; ++m) {
      if (!members(path)) return false;
      writer_.measure(layout_.measure(m).label);
      if (!value(plan_.first_value, m, nodes, holder) || !writer_.kind(kind)) return false;
    }
    return true;
  }

  Result<Decoded> finish(std::int64_t rows, straight::Contradiction* contradiction) {
    if (contradiction != nullptr) *contradiction = writer_.contradiction();
    Decoded decoded;
    decoded.rows = rows;
    writer_.finish(&decoded.array, settings_.findings);
    return decoded;
  }
  Status failure(straight::Contradiction* contradiction) const {
    if (contradiction != nullptr) *contradiction = writer_.contradiction();
    return {Code::bad_data, writer_.why()};
  }

 private:
  bool members(const std::vector<const Node*>& path) {
    for (std::size_t level = 0; level < layout_.left.size(); ++level) {
      if (!writer_.member(layout_.left[level], level < path.size() ? path[level] : nullptr, tree_)) return false;
    }
    return true;
  }
  // Of a node for each measure, or of one node that holds them all.
  bool value(std::size_t slot, std::size_t measure, const std::vector<const Node*>& nodes, const Node* holder) {
    if (holder != nullptr) return writer_.value(slot, measure, tree_.value(holder->first_value + measure), false, {}, tree_.attributes());
    const auto& node = *nodes[measure];
    return writer_.value(slot, measure, node.value, node.type == 'U' || node.type == 'E', node.attributes, tree_.attributes());
  }

  const DecoderSettings& settings_;
  const LevelLayout& layout_;
  const CubePlan& plan_;
  const NodeTree& tree_;
  RowWriter writer_;
};

RowKind kind_along(const std::vector<const Node*>& path) {
  auto kind = RowKind::value;
  for (const auto* node : path) kind = kind_of(*node, kind);
  return kind;
}

Status bad_stack(const Page& page, const std::string& what) {
  return {Code::bad_data, "stack page at member " + std::to_string(page.top) + ": " + what};
}

// The rows of a page follow one another, and the last page ends with the last row.
std::string check_rows(const LevelLayout& layout, const Page& page, std::int64_t members, std::int64_t first, std::int64_t end) {
  if (first < 0) return {};  // an engine that does not count rows
  if (page.top == 0 && first != 0) return "it begins with row " + std::to_string(first);
  if (layout.outer && page.top + members == *layout.outer && end != layout.cube.rows) {
    return "it ends behind row " + std::to_string(end) + ", but the layout announced " + std::to_string(layout.cube.rows);
  }
  return {};
}

}  // namespace

Result<Decoded> decode_stack(const DecoderSettings& settings, const Page& page, std::string_view reply_json,
                             straight::Contradiction* contradiction) {
  static thread_local NodeReply reply;
  const auto& layout = *settings.layout;
  const auto levels = static_cast<std::uint32_t>(layout.left.size());
  // The root, the dimensions, the measures.
  if (auto status = read_stack_reply(reply_json, levels + 2, reply); !status.ok()) return bad_stack(page, status.message());
  const auto& nodes = reply.tree.nodes();
  PathWriter writer(settings, reply.tree, contradiction != nullptr);
  std::vector<const Node*> path;
  std::vector<const Node*> values;
  std::int64_t members = 0;
  std::int64_t first_row = -1;
  std::int64_t next_row = -1;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto& node = nodes[i];
    if (node.depth == 0 && i > 0) return bad_stack(page, "there are several roots");
    if (node.depth == 0) continue;
    if (node.depth == 1) ++members;
    if (node.depth <= levels) {
      path.resize(node.depth - 1);
      path.push_back(&node);
    }
    if (node.depth <= levels && (i + 1 == nodes.size() || nodes[i + 1].depth <= node.depth)) {
      return bad_stack(page, "a branch ends after " + std::to_string(node.depth) + " of " + std::to_string(levels) + " dimensions");
    }
    if (node.depth != levels + 1) continue;
    values.push_back(&node);
    if (i + 1 < nodes.size() && nodes[i + 1].depth == node.depth) continue;
    if (values.size() != layout.measures) {
      return bad_stack(page, "a row has " + std::to_string(values.size()) + " values for " + std::to_string(layout.measures) + " measures");
    }
    const auto row = values.front()->row;
    if (next_row >= 0 && row != next_row) return bad_stack(page, "row " + std::to_string(row) + " follows " + std::to_string(next_row - 1));
    if (first_row < 0) first_row = row;
    if (row >= 0) next_row = row + 1;
    if (!writer.write(path, kind_along(path), values, nullptr)) {
      auto failure = writer.failure(contradiction);
      return std::move(failure).within("stack page at member " + std::to_string(page.top));
    }
    values.clear();
  }
  if (levels == 0 && !nodes.empty()) members = 1;
  if (members > 0 && reply.area_top != page.top) {
    return bad_stack(page, "the engine answered another area: member " + std::to_string(reply.area_top));
  }
  if (members > page.height) return bad_stack(page, "more members than asked for");
  if (members > 0) {
    if (auto problem = check_rows(layout, page, members, first_row, next_row); !problem.empty()) return bad_stack(page, problem);
  }
  return writer.finish(members, contradiction);
}

Result<Decoded> decode_tree(const DecoderSettings& settings, TreeWindow window, std::string_view reply_json,
                            straight::Contradiction* contradiction) {
  static thread_local NodeReply reply;
  const auto& layout = *settings.layout;
  const auto levels = static_cast<std::uint32_t>(layout.left.size());
  if (auto status = read_tree_reply(reply_json, levels + 1, reply); !status.ok()) return status;
  const auto& nodes = reply.tree.nodes();
  const std::uint32_t root = !nodes.empty() && nodes.front().type == 'R' ? 1 : 0;  // the nodes may begin with it
  PathWriter writer(settings, reply.tree, contradiction != nullptr);
  std::vector<const Node*> path;
  std::int64_t leaves = 0;
  auto generated = std::numeric_limits<std::uint32_t>::max();  // depth of the node in which nothing is
  for (const auto& node : nodes) {
    // The engine may generate members that have no data under this parent, to show every member everywhere: they are no rows.
    if (node.depth > generated) continue;
    generated = node.type == 'G' ? node.depth : std::numeric_limits<std::uint32_t>::max();
    if (node.type == 'G') continue;
    if (node.depth < root) {
      path.clear();
    } else {
      if (node.depth - root >= levels) return Status(Code::bad_data, "the tree is deeper than the layout's dimensions");
      path.resize(node.depth - root);
      path.push_back(&node);
    }
    const bool leaf = path.size() == levels;
    if (leaf) ++leaves;
    // What stands above the leaves is a total, and comes again with every window below it.
    if (!leaf && (settings.totals == Totals::drop || (path.empty() && !window.with_root) || (path.size() == 1 && !window.with_outer))) {
      continue;
    }
    if (node.value_count != layout.measures) {
      if (!leaf && node.value_count == 0) continue;
      return Status(Code::bad_data, "a node of the tree has " + std::to_string(node.value_count) + " values for " +
                                        std::to_string(layout.measures) + " measures");
    }
    const auto kind = leaf ? kind_along(path) : RowKind::total;
    if (!writer.write(path, kind, {}, &node)) return writer.failure(contradiction);
  }
  return writer.finish(leaves, contradiction);
}

}  // namespace qonduit::cube

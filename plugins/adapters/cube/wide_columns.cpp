#include <simdjson.h>

#include <utility>

#include "plugins/adapters/cube/header_side.hpp"
#include "plugins/adapters/cube/page_decoder.hpp"
#include "plugins/adapters/hypercube/number_value.hpp"

namespace qonduit::cube {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kNullWord = "(null)";
constexpr std::string_view kTotalWord = "(total)";
constexpr std::string_view kCollapsedWord = "(all)";
constexpr std::string_view kOthersWord = "(others)";
constexpr std::string_view kEmptyWord = "(empty)";
constexpr std::string_view kValue = "value";  // a column of several measures, as in shape cells

// One of our words, or one in more parentheses.
bool is_word(std::string_view text) {
  while (text.starts_with('(') && text.ends_with(')')) {
    for (const auto word : {kNullWord, kTotalWord, kCollapsedWord, kOthersWord, kEmptyWord}) {
      if (text == word) return true;
    }
    text.remove_prefix(1);
    text.remove_suffix(1);
  }
  return false;
}

// Members that are no values are named by words of ours: the engine's labels may be those of members, and change with its language. A
// member whose text is such a word gets parentheses more: which is which does not depend on what else there is, nor on its order.
std::string word_of(const Node& node) {
  switch (node.element) {
    case hypercube::kNull: return std::string(kNullWord);
    case hypercube::kOthers: return std::string(kOthersWord);
    case hypercube::kTotal: return std::string(kTotalWord);
    case hypercube::kEmpty: return std::string(kCollapsedWord);
    default: break;
  }
  const auto text = node.value.text;
  if (text.empty()) return std::string(kEmptyWord);
  return is_word(text) ? "(" + std::string(text) + ")" : std::string(text);
}

std::string name_of(const LevelLayout& layout, const HeaderSide& side, std::size_t leaf, std::size_t measure,
                    const std::string& separator) {
  std::string name;
  bool first = true;
  const auto add = [&](std::string_view part) {
    name += (first ? "" : separator) + std::string(part);
    first = false;
  };
  for (std::size_t level = 0; level < layout.top.size(); ++level) {
    const auto& member = *side.member(leaf, level);
    if (member.element != hypercube::kEmpty || side.leaf(leaf).kind != RowKind::total) add(word_of(member));
  }
  if (!layout.measures_left && (layout.measures > 1 || layout.top.empty())) add(layout.measure(measure).label);
  return first ? std::string(kValue) : name;
}

// All columns of a stack or tree, and of a pivot without a page, are its measures.
std::vector<WideColumn> measures_only(const LevelLayout& layout) {
  std::vector<WideColumn> columns;
  for (std::size_t m = 0; m < layout.measures; ++m) columns.push_back({layout.measure(m).label, m, RowKind::value});
  return columns;
}

Status too_many(const LevelLayout& layout, std::size_t known) {
  return {Code::unsupported, "shape wide needs the names of all columns before the first row: the cube has " +
                                 std::to_string(layout.cube.columns) + " columns, and the layout names " + std::to_string(known) +
                                 "; use shape tidy or cells, or give the user the right to read the object's definition"};
}

simdjson::error_code read_top(ondemand::parser& parser, const std::string& padded, const LevelLayout& layout, NodeTree& tree) {
  ondemand::document document;
  if (const auto error = parser.iterate(padded.data(), layout.first_page.size(), padded.size()).get(document)) return error;
  ondemand::object page;
  if (const auto error = document.get_object().get(page)) return error;
  for (auto item : page) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (!is_key(field.key(), "qTop")) continue;
    ondemand::array nodes;
    if (const auto error = field.value().get_array().get(nodes)) return error;
    if (const auto error = tree.read(nodes, static_cast<std::uint32_t>(layout.top.size()) + 1)) return error;
  }
  return simdjson::SUCCESS;
}

}  // namespace

Result<std::vector<WideColumn>> wide_columns(const LevelLayout& layout, const std::string& separator) {
  if (layout.mode != 'P') return measures_only(layout);
  const auto columns = static_cast<std::size_t>(layout.cube.columns);
  if (layout.first_page.empty()) {
    if (layout.top.empty() && !layout.measures_left && columns == layout.measures) return measures_only(layout);
    return too_many(layout, 0);
  }
  NodeTree tree;
  const std::string padded = layout.first_page + std::string(simdjson::SIMDJSON_PADDING, ' ');
  ondemand::parser parser;  // outlives the texts of the tree
  if (const auto error = read_top(parser, padded, layout, tree)) {
    return Status(Code::bad_data, std::string("the layout's pivot page cannot be read: ") + simdjson::error_message(error));
  }
  HeaderSide side;
  if (auto problem = side.resolve(tree, layout.top.size()); !problem.empty())
    return Status(Code::bad_data, "the layout's pivot page: " + problem);
  if (side.shown() < layout.top.size() && !layout.collapsed)
    return Status(Code::bad_data, "the layout's pivot page has not all levels, and no member of it can be expanded");
  if (tree.nodes().empty() && layout.top.empty()) side.fill(columns);
  if (side.size() != columns) return too_many(layout, side.size());
  std::vector<WideColumn> made;
  const auto counting = counting_of(layout, side);
  for (std::size_t leaf = 0; leaf < side.size(); ++leaf) {
    const auto measure = layout.measures_left || layout.measures == 1
                             ? 0
                             : measure_of(layout, counting, side.leaf(leaf).measure, side.leaf(leaf).measure_text);
    if (measure == kNoSlot) return Status(Code::bad_data, "the layout's pivot page names no measure of the layout");
    made.push_back({name_of(layout, side, leaf, measure, separator), measure, side.leaf(leaf).kind});
  }
  return made;
}

}  // namespace qonduit::cube

#include <qonduit/text.hpp>
#include <qonduit/value_text.hpp>

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>
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

// What a column is called by its members and its measure, and what it is whatever it is called.
struct Named {
  std::string name, own_name;
  std::string identity;  // the members' texts and numbers, each with its length in front, and the measure
  std::string elements;  // the members' numbers in the engine, which a reload may give anew
  bool ambiguous = false;
};

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); !part.empty() && at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// Whether the end of a name may be taken for another measure's, with a longer or shorter member before it.
bool other_measure_fits(const LevelLayout& layout, std::string_view name, std::string_view own, const std::string& separator) {
  const auto fits = [&](const std::string& label) { return label != own && !separator.empty() && name.ends_with(separator + label); };
  for (std::size_t m = 0; m < layout.measures; ++m) {
    if (fits(layout.measure(m).label)) return true;
  }
  return std::any_of(layout.cube.hidden.begin(), layout.cube.hidden.end(), [&](const auto& hidden) { return fits(hidden.title); });
}

Named name_of(const LevelLayout& layout, const HeaderSide& side, std::size_t leaf, std::size_t measure, const std::string& separator) {
  Named made;
  std::size_t parts = 0;
  const auto add = [&](std::string_view part) { made.name += (parts++ == 0 ? "" : separator) + std::string(part); };
  for (std::size_t level = 0; level < layout.top.size(); ++level) {
    const auto& member = *side.member(leaf, level);
    if (member.element == hypercube::kEmpty && side.leaf(leaf).kind == RowKind::total) continue;
    const auto word = word_of(member);
    add(word);
    ValueText room;
    made.identity += std::to_string(word.size()) + ":" + word + ":" + std::string(real_text(member.value.number, room)) + ",";
    made.elements += std::to_string(member.element) + ",";
  }
  // The parts of a name can be told apart where the separator is nowhere but between them.
  made.ambiguous = parts > 1 && occurrences(made.name, separator) > parts - 1;
  // Measures that are hidden count: the name does not depend on which of them are shown.
  if (!layout.measures_left && (layout.measures + layout.hidden.size() > 1 || layout.top.empty())) {
    const auto& label = layout.measure(measure).label;
    const bool alone = parts == 0;
    add(label);
    made.identity += label;
    made.ambiguous = made.ambiguous || (!alone && other_measure_fits(layout, made.name, label, separator));
  }
  if (parts == 0) made.name = kValueColumn;
  return made;
}

std::string with_mark(const std::string& name, const std::string& of) { return name + "_" + short_hash(of).substr(0, 8); }

// Names columns so that none depends on where it stands, or on what else there is, beyond members of one text: what may be read in two
// ways, what is a column of ours or of a dimension already, and each of several that would share a name gets a mark of what it is.
void mark_names(const LevelLayout& layout, std::vector<Named>& columns) {
  std::set<std::string_view> taken = {"row_kind", "row_kind_of"};
  if (layout.measures_left) taken.insert(kMeasureColumn);
  for (const auto dimension : layout.left) taken.insert(layout.dimension(dimension).label);
  for (const auto& hidden : layout.cube.hidden) {
    if (hidden.role == hypercube::Role::dimension) taken.insert(hidden.title);
  }
  const auto mark = [&](bool by_element, const auto& wanted) {
    std::vector<std::string> names;
    names.reserve(columns.size());
    for (const auto& column : columns)
      names.push_back(wanted(column) ? with_mark(column.name, column.identity + (by_element ? column.elements : "")) : column.name);
    return names;
  };
  const auto count = [](const std::vector<std::string>& names) {
    std::map<std::string_view, int> counts;
    for (const auto& name : names) ++counts[name];
    return counts;
  };
  const auto plain = mark(false, [](const Named&) { return false; });
  const auto shared = count(plain);
  const auto wanted = [&](const Named& column) { return column.ambiguous || taken.contains(column.name) || shared.at(column.name) > 1; };
  const auto marked = mark(false, wanted);
  const auto exact = mark(true, wanted);
  const auto twice = count(marked);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool same = twice.at(marked[i]) > 1;  // members of one text and number
    columns[i].own_name = with_mark(columns[i].name, columns[i].identity + (same ? columns[i].elements : ""));
    columns[i].name = same ? exact[i] : marked[i];
  }
}

// All columns of a stack or tree, and of a pivot without a page, are its measures.
std::vector<WideColumn> measures_only(const LevelLayout& layout) {
  std::vector<WideColumn> columns;
  for (std::size_t m = 0; m < layout.measures; ++m)
    columns.push_back({layout.measure(m).label, layout.measure(m).own_name, m, RowKind::value});
  return columns;
}

Status too_many(const LevelLayout& layout, std::size_t known) {
  if (layout.cube.rows == 0 && known == 0) {
    return {Code::unsupported,
            "shape wide needs the names of all columns before the first row, and the pivot has no rows at present: no member of it names a "
            "column. Use shape tidy or cells, or deliver it when it has rows"};
  }
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
  std::vector<Named> names;
  const auto counting = counting_of(layout, side);
  for (std::size_t leaf = 0; leaf < side.size(); ++leaf) {
    const auto measure = layout.measures_left || layout.measures == 1
                             ? 0
                             : measure_of(layout, counting, side.leaf(leaf).measure, side.leaf(leaf).measure_text);
    if (measure == kNoSlot) return Status(Code::bad_data, "the layout's pivot page names no measure of the layout");
    names.push_back(name_of(layout, side, leaf, measure, separator));
    made.push_back({{}, {}, measure, side.leaf(leaf).kind});
  }
  mark_names(layout, names);
  for (std::size_t i = 0; i < made.size(); ++i) made[i].name = std::move(names[i].name), made[i].own_name = std::move(names[i].own_name);
  return made;
}

}  // namespace qonduit::cube

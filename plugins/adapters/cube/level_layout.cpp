#include "plugins/adapters/cube/level_layout.hpp"

#include <simdjson.h>

#include <algorithm>

namespace qonduit::cube {
namespace {

namespace dom = simdjson::dom;
using hypercube::Role;

constexpr std::int64_t kPseudo = -1;

std::optional<std::int64_t> integer_of(dom::element element, const char* pointer) {
  std::int64_t value = 0;
  if (element.at_pointer(pointer).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

// Whether a node of a header, or one below it, offers to show more.
bool can_expand(dom::element element) {
  if (dom::array array; element.get(array) == simdjson::SUCCESS) return std::any_of(array.begin(), array.end(), can_expand);
  bool flag = false;
  if (element["qCanExpand"].get(flag) == simdjson::SUCCESS && flag) return true;
  dom::element below;
  return element["qSubNodes"].get(below) == simdjson::SUCCESS && can_expand(below);
}

bool shows_collapsed(dom::element cube) {
  for (const auto* pages : {"qPivotDataPages", "qStackedDataPages"}) {
    dom::array array;
    if (cube[pages].get(array) != simdjson::SUCCESS) continue;
    for (const auto page : array) {
      for (const auto* side : {"qLeft", "qTop", "qData"}) {
        dom::element nodes;
        if (page[side].get(nodes) != simdjson::SUCCESS) continue;
        if (pages[1] == 'P' && side[1] == 'D') continue;  // a pivot's data are cells
        if (can_expand(nodes)) return true;
      }
    }
  }
  return false;
}

// The levels, dimensions of the definition and kPseudo, from the outside in.
std::vector<std::int64_t> levels_of(dom::element cube, const LevelLayout& layout) {
  std::vector<std::int64_t> levels;
  const auto known = [&](std::int64_t level) {
    if (std::find(levels.begin(), levels.end(), level) != levels.end()) return false;
    if (level == kPseudo) return layout.mode == 'P' && layout.measures > 1;
    return std::any_of(layout.cube.visible.begin(), layout.cube.visible.end(),
                       [&](const auto& column) { return column.role == Role::dimension && column.index == level; });
  };
  if (dom::array order; cube["qEffectiveInterColumnSortOrder"].get(order) == simdjson::SUCCESS) {
    for (const auto item : order) {
      if (std::int64_t level = 0; item.get(level) == simdjson::SUCCESS && known(level)) levels.push_back(level);
    }
  }
  for (const auto& column : layout.cube.visible) {
    if (column.role == Role::dimension && known(column.index)) levels.push_back(column.index);
  }
  if (known(kPseudo)) levels.push_back(kPseudo);
  return levels;
}

void part_sides(const std::vector<std::int64_t>& levels, std::int64_t on_the_left, LevelLayout& layout) {
  // -1: all dimensions are left; the measures too, unless they are innermost.
  if (on_the_left < 0) on_the_left = static_cast<std::int64_t>(levels.size()) - (!levels.empty() && levels.back() == kPseudo ? 1 : 0);
  if (layout.mode != 'P') on_the_left = static_cast<std::int64_t>(levels.size());
  const auto split = std::min(static_cast<std::size_t>(on_the_left), levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i] == kPseudo) {
      layout.measures_left = i < split;
      layout.measure_level = i;
      const bool innermost = i + 1 == split || i + 1 == levels.size();
      layout.place = !innermost ? MeasurePlace::apart : layout.measures_left ? MeasurePlace::left_innermost : MeasurePlace::top_innermost;
      continue;
    }
    const auto at = std::find_if(layout.cube.visible.begin(), layout.cube.visible.end(),
                                 [&](const auto& column) { return column.role == Role::dimension && column.index == levels[i]; });
    (i < split ? layout.left : layout.top).push_back(static_cast<std::size_t>(at - layout.cube.visible.begin()));
  }
}

std::optional<std::int64_t> cardinal(dom::element cube, std::int64_t dimension) {
  const auto base = "/qDimensionInfo/" + std::to_string(dimension);
  const auto in_cube = integer_of(cube, (base + "/qCardinalities/qHypercubeCardinal").c_str());
  if (in_cube && *in_cube > 0) return in_cube;
  return std::nullopt;
}

// The members of the outermost dimension: the root of a stack counts those above and below its page, and those in it.
std::optional<std::int64_t> outer_members(dom::element cube, const LevelLayout& layout) {
  dom::element root;
  if (cube.at_pointer("/qStackedDataPages/0/qData/0").get(root) == simdjson::SUCCESS) {
    dom::array members;
    const auto up = integer_of(root, "/qUp");
    const auto down = integer_of(root, "/qDown");
    if (up && down && root["qSubNodes"].get(members) == simdjson::SUCCESS) {
      return *up + static_cast<std::int64_t>(members.size()) + *down;
    }
  }
  if (layout.left.empty()) return 1;
  return cardinal(cube, layout.dimension(layout.left.front()).index);
}

void find_hidden(dom::element cube, const LevelLayout& layout, std::vector<std::size_t>& hidden) {
  dom::array infos;
  if (cube["qMeasureInfo"].get(infos) != simdjson::SUCCESS) return;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const bool visible = std::any_of(layout.cube.visible.begin(), layout.cube.visible.end(), [&](const auto& column) {
      return column.role == Role::measure && static_cast<std::size_t>(column.index) == i;
    });
    if (!visible) hidden.push_back(i);
  }
}

}  // namespace

Result<LevelLayout> read_levels(std::string_view layout_json, std::string_view path) {
  auto cube = hypercube::read_deep_cube(layout_json, path);
  if (!cube) return std::move(cube).error();
  dom::parser parser;
  dom::element layout;
  dom::element element;
  if (parser.parse(layout_json.data(), layout_json.size()).get(layout) != simdjson::SUCCESS ||
      layout.at_pointer(path).get(element) != simdjson::SUCCESS) {
    return Status(Code::bad_data, "the layout is not valid JSON");
  }
  LevelLayout made;
  made.cube = std::move(*cube);
  for (const auto& column : made.cube.visible) ++(column.role == Role::dimension ? made.dimensions : made.measures);
  std::string_view mode;
  if (element["qMode"].get(mode) != simdjson::SUCCESS || mode.size() != 1 || kModes.find(mode) == std::string_view::npos) {
    return Status(Code::bad_data, "the hypercube at " + std::string(path) + " is no pivot, stacked or tree cube");
  }
  made.mode = mode.front();
  part_sides(levels_of(element, made), integer_of(element, "/qNoOfLeftDims").value_or(-1), made);
  find_hidden(element, made, made.hidden);
  made.collapsed = shows_collapsed(element);
  dom::element page;
  if (element.at_pointer("/qPivotDataPages/0").get(page) == simdjson::SUCCESS) made.first_page = simdjson::minify(page);
  if (made.mode != 'P') {
    made.outer = outer_members(element, made);
    if (made.left.size() > 1) made.second = cardinal(element, made.dimension(made.left[1]).index);
  }
  return made;
}

}  // namespace qonduit::cube

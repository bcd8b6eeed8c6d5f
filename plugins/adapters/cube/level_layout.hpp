// How a pivot, stacked or tree cube is laid out: its dimensions and measures, which dimensions head the rows and which the columns, from
// the outside in, and where among them the measures stand (the pseudo dimension). Source: protocol, pivot, stacked and tree cubes.
#pragma once

#include <qonduit/status.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/adapters/hypercube/cube_layout.hpp"

namespace qonduit::cube {

inline constexpr std::string_view kModes = "PKT";  // pivot, stacked, tree

// Where the measures stand. Innermost means that the measures of a combination are neighbours: where there is one measure they are.
enum class MeasurePlace : std::uint8_t { top_innermost, left_innermost, apart };

struct LevelLayout {
  hypercube::CubeLayout cube;  // visible: the dimensions, then the measures
  char mode = 'P';
  std::size_t dimensions = 0, measures = 0;  // visible ones
  std::vector<std::size_t> left, top;        // dimensions by position among the visible, from the outside in
  MeasurePlace place = MeasurePlace::top_innermost;
  bool measures_left = false;          // the measures head rows; else columns
  std::size_t measure_level = 0;       // where they stand among all levels, left and then top
  std::vector<std::size_t> hidden;     // measures by index whose condition does not hold
  bool collapsed = false;              // the pages in the layout show members that could be expanded
  std::string first_page;              // the layout's first pivot page, as JSON; empty: it has none
  std::optional<std::int64_t> outer;   // members of the outermost dimension, with its total
  std::optional<std::int64_t> second;  // and of the one below, at most

  [[nodiscard]] const hypercube::ColumnInfo& dimension(std::size_t i) const { return cube.visible[i]; }
  [[nodiscard]] const hypercube::ColumnInfo& measure(std::size_t i) const { return cube.visible[dimensions + i]; }
};

Result<LevelLayout> read_levels(std::string_view layout_json, std::string_view path);

}  // namespace qonduit::cube

// The evaluated form of hypercubes: column infos and the cube object with the members, the order and the omit-when-default rule measured
// on captured layouts (false, empty text and absent structs are left out; integers stay even when 0; arrays stay even when empty).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json.hpp"
#include "model/association.hpp"
#include "model/locale.hpp"

namespace qonduit::simulator {

constexpr int kConditionFailed = 7005;  // a cube or a column whose condition does not hold

// An attribute expression's or attribute dimension's column info.
struct AttributeInfo {
  std::string title;
  NumFormat format;
  double min = kNaN;
  double max = kNaN;
  std::string min_text;
  std::string max_text;
  JsonObject custom;  // id, label and the like, passed through
};

struct AttributeDimensionInfo {
  std::string title;
  std::int64_t cardinal = 0;
  std::int64_t rows = 0;
  JsonObject custom;
};

struct DimensionInfo {
  std::string title;
  std::string grouping = "N";       // N, H drill-down, C cyclic
  std::int64_t group_position = 0;  // the active member
  std::vector<std::string> titles;  // of all members
  std::vector<std::string> fields;
  std::int64_t glyphs = 0;
  std::int64_t cardinal = 0;
  std::int64_t cube_cardinal = 0;
  std::string sort_indicator = "N";
  std::vector<std::string> tags;
  std::string type = "D";  // D text, N numeric
  NumFormat format;
  double min = kNaN;
  double max = kNaN;
  bool reverse_sort = false;
  bool continuous = false;
  bool calculated = false;
  std::string library_id;
  StateCounts states;
  bool locked = false;
  std::vector<AttributeInfo> attributes;
  std::vector<AttributeDimensionInfo> attribute_dimensions;
  JsonObject custom;  // members of the definition without a q, passed through
  int error = 0;      // kConditionFailed: hidden by its condition
};

struct MeasureInfo {
  std::string title;
  std::int64_t glyphs = 0;
  std::string sort_indicator = "N";
  NumFormat format;
  double min = kNaN;
  double max = kNaN;
  bool reverse_sort = false;
  std::string library_id;
  std::vector<AttributeInfo> attributes;
  JsonObject custom;
  int error = 0;
};

// Cells as JSON text. State and element number follow the protocol's table of cell semantics. extra: further members, ",\"qAttrExps\":…".
[[nodiscard]] std::string value_cell(std::string_view text, double number, std::int64_t element, std::string_view state = "O",
                                     std::string_view extra = {});
[[nodiscard]] std::string null_dimension_cell(std::string_view extra = {});
[[nodiscard]] std::string others_cell(std::string_view label, std::string_view extra = {});
[[nodiscard]] std::string measure_cell(std::string_view text, double number, std::string_view extra = {});
// A text where the engine says qIsNull beside it.
[[nodiscard]] std::string text_measure_cell(std::string_view text, std::string_view extra = {});
[[nodiscard]] std::string null_measure_cell(std::string_view extra = {});
[[nodiscard]] std::string total_dimension_cell(std::string_view label);
[[nodiscard]] JsonObject total_cell(std::string_view text, double number);

// The members of qHyperCube around its pages.
struct CubeLayout {
  std::string mode = "S";
  std::int64_t columns = 0;  // qSize
  std::int64_t rows = 0;
  std::vector<DimensionInfo> dimensions;
  std::vector<MeasureInfo> measures;
  std::vector<std::int64_t> sort_order;    // qEffectiveInterColumnSortOrder
  std::vector<std::int64_t> column_order;  // qColumnOrder as defined
  std::int64_t left_dimensions = -1;
  std::vector<std::int64_t> tree_nodes;  // qTreeNodesOnDim, of a tree
  JsonArray grand_total = array();
  bool has_others = false;
  bool indent = false;
  int error = 0;                 // cube-level qError
  bool fetch_too_large = false;  // qError 7009: its first pages are not there, its data is
  std::string calc_condition_message;
  std::string state_name;
  std::string title;
};

[[nodiscard]] JsonObject to_json(const NumFormat& format);
[[nodiscard]] JsonObject to_json(const StateCounts& counts);
[[nodiscard]] JsonObject to_json(const DimensionInfo& info);
// The qHyperCube member; initial_pages becomes the pages of the cube's mode.
[[nodiscard]] JsonObject to_layout(const CubeLayout& cube, const Json& initial_pages);

}  // namespace qonduit::simulator

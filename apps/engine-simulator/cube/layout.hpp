// The evaluated form of hypercubes: column infos and the cube object with the members, the order and the omit-when-default rule measured
// on captured layouts (false, empty text and absent structs are left out; integers stay even when 0; arrays stay even when empty).
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "cube/matrix.hpp"
#include "json.hpp"

namespace qonduit::simulator {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct NumFormat {
  std::string type = "U";  // U A I R F M D T TS IV
  int decimals = 0;        // qnDec
  int use_thousands = 0;   // qUseThou
  std::string pattern;     // qFmt
  std::string decimal;     // qDec
  std::string thousands;   // qThou
};

struct DimensionInfo {
  std::string title;
  std::string field;  // qGroupFieldDefs
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
  JsonObject custom;  // members of the definition without a q, passed through
  int error = 0;      // 7005: hidden by its condition
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
  JsonObject custom;
  int error = 0;
};

// A cell as JSON text. State and element number follow the protocol's table of cell semantics.
[[nodiscard]] std::string value_cell(std::string_view text, double number, std::int64_t element);
[[nodiscard]] std::string null_dimension_cell();
[[nodiscard]] std::string others_cell(std::string_view label);
[[nodiscard]] std::string measure_cell(std::string_view text, double number);
[[nodiscard]] std::string null_measure_cell();
[[nodiscard]] JsonObject total_cell(std::string_view text, double number);

// A straight hypercube, evaluated.
struct StraightCube {
  std::vector<DimensionInfo> dimensions;
  std::vector<MeasureInfo> measures;
  std::vector<std::int64_t> sort_order;    // qEffectiveInterColumnSortOrder
  std::vector<std::int64_t> column_order;  // qColumnOrder as defined
  JsonArray grand_total = array();
  bool has_others = false;
  int error = 0;  // cube-level qError
  std::string calc_condition_message;
  std::string state_name;
  std::string title;
  std::shared_ptr<const Matrix> matrix;
};

[[nodiscard]] JsonObject to_json(const NumFormat& format);
// The qHyperCube member; initial_pages becomes its qDataPages.
[[nodiscard]] JsonObject to_layout(const StraightCube& cube, const Json& initial_pages);

}  // namespace qonduit::simulator

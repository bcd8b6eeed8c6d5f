// From the levels of a cube and the shape a user wants to the columns that are delivered. Dimensions are columns in the definition's
// order, whichever side they stand on; in shape wide only those that head rows, in the order the user sees.
#pragma once

#include <qonduit/status.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/adapters/cube/cube_options.hpp"
#include "plugins/adapters/cube/level_layout.hpp"
#include "plugins/adapters/hypercube/row_kind.hpp"
#include "plugins/adapters/straight/column_plan.hpp"

namespace qonduit::cube {

using hypercube::RowKind;

// Columns of ours, where the values of several measures are in one.
inline constexpr std::string_view kMeasureColumn = "measure", kValueColumn = "value";

inline constexpr std::size_t kNoSlot = static_cast<std::size_t>(-1);

struct CubePlan {
  Shape shape = Shape::tidy;                 // tidy may become cells, where the measures cannot be put side by side
  straight::ColumnPlan columns;              // the slots: dimensions, then values; with the schema of all output columns
  std::vector<std::size_t> dimension_slots;  // by dimension; kNoSlot: it heads columns
  std::size_t first_value = 0;               // slot
  std::vector<std::size_t> first_output;     // by slot
  std::size_t measure_output = kNoSlot;      // the column that names the measure
  std::vector<std::size_t> wide_slots;       // shape wide, by matrix column; kNoSlot: left out, a total
  // How each measure writes its values, where dual = auto: a column may hold those of several.
  std::vector<std::shared_ptr<const cell::Writing>> measure_writings;
  std::vector<std::size_t> wide_measures;  // shape wide, by matrix column: the measure, where measures head columns
  bool needs_text = false;                 // some value is delivered as its text
  bool attributes = false;                 // some column has attribute columns behind it
  bool numeric_members = false;            // the number of some dimension's members is looked at

  [[nodiscard]] bool row_kind() const { return columns.row_kind; }
  // Where the output columns end that are neither dimensions nor values of measures.
  [[nodiscard]] std::size_t value_end() const { return columns.schema.fields.size() - columns.kind_outputs(); }
};

// A column of shape wide.
struct WideColumn {
  std::string name;
  std::string own_name;  // the one it has where it must be told from others
  std::size_t measure = 0;
  RowKind kind = RowKind::value;
};

// expressions: a measure's by its index in the definition, where properties could be read. wide: for shape wide.
CubePlan plan_cube(const LevelLayout& layout, const CubeOptions& options, const straight::Widening& widening,
                   const std::map<int, std::string>& expressions, const std::vector<WideColumn>& wide, const Locale& locale);

}  // namespace qonduit::cube

// A cube that is written in the configuration instead of designed in the app: pipeline.NAME.cube.CUBE.*, as plain values, and the single
// expressions of pipeline.NAME.expression.NAME. Whether fields and master items exist is the engine's to say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/config/origin.hpp"

namespace qonduit::config {

enum class FormatType : std::uint8_t { none, integer, real, fixed, money, date, time, timestamp, interval };

struct NumberFormat {
  FormatType type = FormatType::none;
  std::string pattern;  // "#,##0.00"; empty: the app's own
};

struct CubeColumn {
  enum class Kind : std::uint8_t { field, expression, master };
  Kind kind = Kind::field;
  std::string source;  // the field's name, the expression without a leading '=', the master item's title or id
  std::string label;   // empty: what the engine calls it
  NumberFormat format;

  [[nodiscard]] const std::string& name() const { return label.empty() ? source : label; }
};

// One column's part in the order of rows; the first is the most important.
struct CubeSort {
  enum class By : std::uint8_t { automatic, number, text, load_order, frequency, state, expression };
  std::size_t column = 0;  // dimensions first, then measures
  By by = By::automatic;   // a dimension by number, then text; a measure by number
  std::string expression;
  bool descending = false;
};

struct Cube {
  std::string name;
  std::vector<CubeColumn> dimensions;
  std::vector<CubeColumn> measures;
  std::vector<std::string> sort_text;  // as written, one column each
  std::vector<CubeSort> sort;          // sort_text understood
  std::int64_t limit = -1;             // rows read; -1: all
  std::int64_t top = 0;                // values of the first dimension, by the first measure; 0: all
  bool others = false;                 // the rest as one row
  bool suppress_zero = false, suppress_missing = false, suppress_null = false;
  std::string state;  // alternate state; empty: the default one
  std::string set;    // "{<Year={2024}>}"
  bool pivot = false;
  int left_dimensions = -1;  // of a pivot; -1: all
  Origin origin;
  Origin dimensions_origin, measures_origin, sort_origin, set_origin, state_origin;
};

// pipeline.NAME.expression.NAME
struct NamedExpression {
  std::string name;
  std::string expression;
  NumberFormat format;
  Origin origin;
};

}  // namespace qonduit::config

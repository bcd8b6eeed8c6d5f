// A hypercube's or list object's definition (HyperCubeDef, ListObjectDef) read from properties, with master items and expressions resolved.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cube/layout.hpp"
#include "model/scope.hpp"

namespace qonduit::simulator {

struct SortCriteria {
  int by_state = 0, by_frequency = 0, by_numeric = 0, by_ascii = 0, by_load_order = 0, by_expression = 0, by_greyness = 0;
  std::string expression;
  bool reverse = false;
};

// qOtherTotalSpec, the part about Others.
struct OthersSpec {
  enum class Mode { off, counted, absolute, absolute_target, relative, relative_target };
  Mode mode = Mode::off;
  double limit = 0;
  std::string limit_mode;  // OTHER_GE_LIMIT …
  bool ascending = false;
  bool suppressed = false;  // the rest goes without a row
};

struct Attribute {  // an attribute expression
  std::unique_ptr<Expression> expression;
  NumFormat format;
  std::string title;
};

struct AttributeDimension {
  std::string field;
  std::unique_ptr<Expression> expression;
};

struct DimensionDefinition {
  std::unique_ptr<Expression> expression;  // of the active field
  std::string source;                      // the active field's definition
  SortCriteria sort;
  bool suppress_null = false;
  bool total = false;
  OthersSpec others;
  std::string others_label = "Others";
  std::string total_label = "Total";
  std::vector<Attribute> attributes;
  std::vector<AttributeDimension> attribute_dimensions;
  DimensionInfo info;
};

struct MeasureDefinition {
  std::unique_ptr<Expression> expression;  // null: it cannot be computed, as an expression with an error
  SortCriteria sort;
  bool grand_total = true;  // qAggrFunc None has none
  std::vector<Attribute> attributes;
  MeasureInfo info;
};

// One entry of qExpansionState. Source: documented members; what they do is assumed (docs/simulator.md).
struct ExpansionMark {
  std::string dimension;      // qPos.qDimName: its field definition or its title
  bool all_but = false;       // qExcludeList: every member of the dimension shows what is below it, but the one at the path
  std::vector<Element> path;  // qPos.qElemNo: elements from the outermost dimension of its side; empty: no member
};

struct CubeDefinition {
  std::vector<DimensionDefinition> dimensions;
  std::vector<MeasureDefinition> measures;
  std::string mode = "S";
  std::string state;
  std::unique_ptr<Expression> context;     // an aggregation over qContextSetExpression; null: the cube is limited by nothing but its state
  std::vector<std::int64_t> sort_order;    // as defined; -1 is the pseudo dimension
  std::vector<std::int64_t> column_order;  // as defined
  std::int64_t left_dimensions = -1;       // qNoOfLeftDims
  bool suppress_zero = false;
  bool suppress_missing = false;
  bool fully_expanded = false;
  std::vector<ExpansionMark> expansion_marks;
  bool totals_above = false;
  bool indent = false;
  std::string title;
  bool condition_holds = true;
  std::string condition_message;
};

// Throws EngineError 7001 for a master item that is not there.
[[nodiscard]] CubeDefinition read_cube(Scope& scope, const JsonObject& definition);

// The single dimension of a list object. The same members, plus qShowAlternatives, qFrequencyMode, qExpressions.
struct ListDefinition {
  DimensionDefinition dimension;
  std::string state;
  bool show_alternatives = false;
  std::string frequency_mode = "N";  // N V P R
  JsonArray initial_fetch;
};
[[nodiscard]] ListDefinition read_list(Scope& scope, const JsonObject& definition);

// [Order Date] is the field Order Date; a "]" in the name is doubled.
[[nodiscard]] std::string unbracketed(const std::string& field);
// The number format a measure shows when its definition names none.
[[nodiscard]] NumFormat automatic_format(const DataModel& model, const Expression& expression);
// A value or string expression: {"qv": "=1"} or plain text.
[[nodiscard]] std::string expression_text(const Json& value);
// The text of a value under a measure's format; "-" for null.
[[nodiscard]] std::string formatted(const Value& value, const NumFormat& format);
// Characters of a text, for qApprMaxGlyphCount.
[[nodiscard]] std::int64_t glyphs(const std::string& text);

}  // namespace qonduit::simulator

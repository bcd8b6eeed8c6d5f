// What a layout says about the hypercubes and lists in it: where they are, their size, and one entry per column the user sees, in the
// order of the matrix (column_order.hpp). Source of the member names: protocol, hypercube layout.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/adapters/hypercube/column_order.hpp"

namespace qonduit::hypercube {

enum class Role : std::uint8_t { dimension, measure };

// What an object computes beside the values of a column, a colour or a latitude: an expression, or another field's value.
struct AttributeInfo {
  enum class Kind : std::uint8_t { expression, dimension };
  Kind kind = Kind::expression;
  std::size_t index = 0;                                // in qAttrExprInfo or qAttrDimInfo; the cells' values are in the same order
  std::string id;                                       // what the chart uses it for: "cellBackgroundColor"; may be empty
  std::string title;                                    // qFallbackTitle
  std::string format_type, format, decimal, thousands;  // qNumFormat: qType, qFmt, qDec, qThou
  std::optional<double> min, max;
};

// What the cells of a list say about each value besides the value.
enum class Frequency : std::uint8_t { none, count, percent, relative };

// One visible column of the data matrix.
struct ColumnInfo {
  Role role = Role::dimension;
  int index = 0;  // among the dimensions, or among the measures
  std::string title;
  std::string label;               // the title, or what tells the column from others of its title: see label_columns
  std::string own_name;            // what tells it from others of its title, also where there are none; empty: nothing does
  std::string id;                  // cId: the designer's, of this column of this object, for good; may be empty
  std::string library;             // the master item's id; empty where the object defines the column itself
  std::string field;               // a dimension's field or expression; empty for measures
  std::string format_type;         // qNumFormat.qType: U A I R F M D T TS IV
  std::string format;              // qNumFormat.qFmt
  std::string decimal, thousands;  // qNumFormat.qDec, qThou
  std::vector<std::string> tags;
  bool continuous = false;                // qDimensionType N: numeric, T: time
  std::optional<double> min, max, total;  // numbers the layout knows; a NaN is nothing
  std::string total_text;                 // as the grand total is shown
  bool total_is_text = false;             // the grand total has a text that is no number: the measure gives text
  std::vector<AttributeInfo> attributes;
  std::optional<std::int64_t> cardinal;   // a dimension's: how many values its field has
  bool in_list = false;                   // the values of a list: cells have a state, and a frequency where the list counts
  Frequency frequency = Frequency::none;  // as far as the layout tells

  [[nodiscard]] bool tagged(std::string_view tag) const;
};

// A column the layout holds but the matrix does not, because its show condition failed (error 7005).
struct HiddenColumn {
  std::string title;
  Role role = Role::dimension;
};

struct CubeLayout {
  std::string path;             // "/qUndoExclude/box/qHyperCube"
  std::string definition_path;  // "/qUndoExclude/box/qHyperCubeDef": what data calls take
  std::int64_t columns = 0;     // qSize.qcx
  std::int64_t rows = 0;        // qSize.qcy
  bool has_others = false;      // qHasOtherValues
  std::string state;            // qStateName, as evaluated; empty: the default state
  std::vector<ColumnInfo> visible;
  std::vector<HiddenColumn> hidden;
  std::vector<std::string> unnamed;    // titles of columns the matrix has not, since the column order leaves them out
  std::vector<ColumnInfo> definition;  // all columns, hidden ones too, by their position in the definition
  std::vector<Order> orders;           // of straight cubes: the orders the matrix may be in, as far as the layout tells
  Order order_used;                    // that of visible
  bool order_is_certain = true;        // else cells have to be held against it
  std::string order_said;              // what it says of the order, for messages

  // Puts the visible columns in this order.
  void arrange(const Order& order);
};

// Where a layout keeps a hypercube or a list.
struct CubePlace {
  std::string path;     // "/qUndoExclude/box/qHyperCube", "/qListObject"
  std::string mode;     // qMode: S straight, P pivot, K stacked, T tree; empty for a list
  std::string dataset;  // see dataset_name; made unique within the layout
};

// Every hypercube and list of a layout, in document order, whichever adapter reads it. bad_data when the text is not JSON.
Result<std::vector<CubePlace>> find_cubes(std::string_view visualization, std::string_view layout_json);
// Those of one mode; empty: the lists.
Result<std::vector<CubePlace>> find_cubes(std::string_view visualization, std::string_view layout_json, std::string_view mode);

// The name of the dataset at a path, the same whichever adapter reads it: empty for /qHyperCube and /qListObject, where an object keeps
// its data as a rule. Elsewhere the visualization (without "sn-"), a dot, and the steps of the path: "boxplot.box" for
// /qUndoExclude/box/qHyperCube, "map.layer0" for /gaLayers/0/qHyperCube. A cube that only defines what the chart computes and shows in
// another one is called definition: "boxplot.definition", "histogram.definition", "distributionplot.definition".
std::string dataset_name(std::string_view visualization, std::string_view path);

// Reads one list: its values as a dimension, then its expressions, if it has columns for them. Fails as read_cube does.
Result<CubeLayout> read_list(std::string_view layout_json, std::string_view path);

// Reads one straight cube. Fails when the engine reports an error for it (other than a hidden column), or contradicts itself.
Result<CubeLayout> read_cube(std::string_view layout_json, std::string_view path);
// Reads one pivot, stacked or tree cube, whose matrix has no column for a dimension: visible are its dimensions and then its measures, in
// the definition's order.
Result<CubeLayout> read_deep_cube(std::string_view layout_json, std::string_view path);

}  // namespace qonduit::hypercube

// From what a layout says about a column to what is delivered: a type, a name, and one or two output columns (a dual may be
// delivered as its number, its text or both). Also the one place that says how a contradicted type widens.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plugins/adapters/hypercube/column_type.hpp"
#include "table_options.hpp"

namespace qonduit::table {

// How the cells of one matrix column become values.
struct PlannedColumn {
  std::string name;   // of the first output column
  std::string title;  // Qlik's, for messages
  hypercube::Role role = hypercube::Role::dimension;
  Type type = Type::utf8;    // of the number, or utf8 when only the text is delivered
  bool with_text = false;    // a second column, utf8, follows
  bool own_text = false;     // a number whose text, when it has letters, means more than the number: a contradiction
  bool nan_is_null = false;  // with_text: a dual without a number is no contradiction
  bool may_widen = true;     // false where the user fixed the type
};

struct ColumnPlan {
  std::vector<PlannedColumn> columns;  // one per matrix column
  bool row_kind = false;               // a last output column says value, others or total
  Schema schema;                       // the output columns
};

// Widening the user or a contradiction asked for, kept across open: the type a matrix column needs at least.
struct Widening {
  std::map<std::size_t, Type> columns;
  bool row_kind = false;
};

// expressions: a measure's expression by its index, where the properties could be read.
ColumnPlan plan_columns(const hypercube::CubeLayout& cube, const TableOptions& options, const Widening& widening,
                        const std::map<int, std::string>& expressions);

// The columns of the output that come from the matrix columns [left, left + width), row_kind with the last piece.
std::size_t output_columns(const ColumnPlan& plan, std::size_t left, std::size_t width);

}  // namespace qonduit::table

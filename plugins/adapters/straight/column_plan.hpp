// From what a layout says about a column to what is delivered: a type, a name, and one or more output columns (a dual may be delivered
// as its number, its text or both; cells may carry attributes, a state, a frequency). Also what a contradiction asks to widen.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/cell.hpp>
#include <qonduit/status.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugins/adapters/hypercube/column_type.hpp"
#include "plugins/adapters/straight/straight_options.hpp"

namespace qonduit::straight {

// Something else in the cells of a matrix column, delivered in an output column behind it.
struct Companion {
  enum class Kind : std::uint8_t { state, frequency, element, expression, dimension };
  Kind kind = Kind::expression;
  std::size_t index = 0;  // of an expression or a dimension: its position among the cell's values
  Type type = Type::utf8;
  std::string name;                              // the output column's, for messages
  std::shared_ptr<const cell::Writing> writing;  // of a number whose text may say more; null: nobody looks
};

// How the cells of one matrix column become values.
struct PlannedColumn {
  std::string name;   // of the first output column
  std::string title;  // Qlik's, for messages
  hypercube::Role role = hypercube::Role::dimension;
  Type type = Type::utf8;  // of the number, or utf8 when only the text is delivered
  bool of_day = false;     // a duration that is a time of day
  bool with_text = false;  // a second column, utf8, follows
  // dual = auto: each cell is its number or its text, as docs/values.md says, and the column must hold it. Null: dual says what is taken.
  std::shared_ptr<const cell::Writing> writing;
  bool texts_are_null = false;  // on-mixed = null: a text among numbers
  bool texts_alone = false;     // a column of texts holds nothing else, as far as its cells were seen
  bool nan_is_null = false;     // with_text: a dual without a number is no contradiction
  bool may_widen = true;        // false where the user fixed the type
  bool no_frequency = false;    // a list's values: a frequency nobody announced is a contradiction
  std::vector<Companion> companions;

  [[nodiscard]] cell::Chosen chosen() const { return {type, of_day}; }
  // Whether a value of this kind fits. REQUIRES: writing.
  [[nodiscard]] bool holds(cell::Kind kind) const {
    if (kind == cell::Kind::text) return type == Type::utf8 || texts_are_null;
    return cell::holds(chosen(), kind) && !(texts_alone && type == Type::utf8);
  }
  [[nodiscard]] std::size_t outputs() const { return (with_text ? 2u : 1u) + companions.size(); }
};

struct ColumnPlan {
  std::vector<PlannedColumn> columns;  // one per matrix column
  bool row_kind = false;               // an output column behind them says value, others or total
  bool row_kind_of = false;            // and one behind that, of which dimensions: where there are several
  Schema schema;                       // the output columns
  std::vector<std::string> notes;      // what was chosen where it is not the obvious, and why

  [[nodiscard]] std::size_t kind_outputs() const { return (row_kind ? 1u : 0u) + (row_kind_of ? 1u : 0u); }
};

// A matrix column, or a companion of it.
struct Slot {
  std::size_t column = 0;
  std::size_t companion = kNone;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  bool operator<(const Slot& other) const { return std::pair(column, companion) < std::pair(other.column, other.companion); }
};

// What contradictions asked for, kept across open: what the cells of a column are, the type that something else needs at least, and columns
// nobody announced.
struct Widening {
  std::map<std::size_t, cell::Kinds> kinds;  // by column
  std::map<Slot, Type> types;
  bool row_kind = false;
  bool frequency = false;
};

// What does not fit a plan.
struct Contradiction {
  std::vector<cell::Kinds> met;  // by column: what its cells are, all of the reply
  Slot slot{Slot::kNone};
  Type needed = Type::utf8;
  bool special_row = false;  // an Others or total row nobody announced
  bool frequency = false;    // a frequency in a list nobody announced
};
// Notes what the contradiction needs, so that the next plan holds it. Answers why where the user does not want that.
Status widen(const Contradiction& contradiction, const ColumnPlan& plan, const StraightOptions& options, const Status& why,
             Widening& widening);

// expressions: a measure's expression by its index, where the properties could be read.
ColumnPlan plan_columns(const hypercube::CubeLayout& cube, const StraightOptions& options, const Widening& widening,
                        const std::map<int, std::string>& expressions, const Locale& locale = {});

// The notes of a plan as one text, which is no longer than a report can show.
std::string joined_notes(const ColumnPlan& plan);

}  // namespace qonduit::straight

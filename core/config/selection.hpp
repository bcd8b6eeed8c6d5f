// What a pipeline selects before it reads: select.FIELD, variable.NAME and foreach, parsed. The form only: which fields and values there
// are is the engine's to say. Plain values; any thread.
//
// A list of values: North, "a, b", 42, 10..20, >=2024-01-01, Nor*, !South. An unquoted item is a number, a date (ISO 8601), a range or a
// comparison where it reads as one, a search where it holds '*' or '?', else the text as Qlik shows it. Quoted it is always that text.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/selector.hpp"
#include "qonduit/status.hpp"

namespace qonduit::config {

// Numbers from low to high. A date stands for the whole day: from its serial up to, not including, the next one.
struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool with_low = true;
  bool with_high = true;

  [[nodiscard]] bool holds(double value) const noexcept {
    return (with_low ? value >= low : value > low) && (with_high ? value <= high : value < high);
  }
};

enum class Wanted : std::uint8_t {
  text,    // what Qlik shows, exactly
  number,  // what Qlik shows, else the number, wherever it shows another text
  range,   // by number
  search,  // '*' and '?' over what Qlik shows, whatever the case
  dual     // one value of a loop: text and number both
};

struct ValuePattern {
  Wanted kind = Wanted::text;
  bool exclude = false;  // !ITEM: all but these
  std::string text;
  Interval numbers;     // of number, range, dual
  std::string written;  // for messages
};

// "a, b": the patterns, or what is wrong with an item.
Result<std::vector<ValuePattern>> parse_values(std::string_view text);

// A field, in the alternate state it is selected in: "$" the default one.
struct FieldName {
  std::string field;
  std::string state;  // empty: the pipeline's alternate-state

  // As configurations write it; the default state is left out.
  [[nodiscard]] std::string text() const { return state.empty() || state == "$" ? field : field + "@" + state; }
};
// FIELD or FIELD@STATE, at the last '@'.
FieldName parse_field(std::string_view text);

struct Selection {
  FieldName name;
  std::vector<ValuePattern> values;
  std::string written;
};

struct VariableValue {
  std::string name;
  std::string text;
  double number = std::numeric_limits<double>::quiet_NaN();  // NaN: a text
};
// A number where its plain writing is the text (1, -1.5), everything else a text: 01, 1.50, "1". Quotes around the whole are removed.
// invalid_config for quotes that are not closed.
Result<VariableValue> parse_variable(std::string name, std::string_view text);

// One factor of foreach: field(F), field(F; only: a, b), bookmark(GLOB, ...), variable(v; 1..12), variable(v; a, b).
struct LoopTerm {
  enum class Over : std::uint8_t { field, bookmark, variable };
  Over over = Over::field;
  FieldName field;                    // of field
  std::string variable;               // of variable
  std::vector<ValuePattern> only;     // of field; empty: every possible value
  std::vector<Pattern> globs;         // of bookmark: ids or titles
  std::vector<VariableValue> values;  // of variable

  // The name of the value's column, and of the value in file names.
  [[nodiscard]] std::string name() const;
};
// "field(Region) x variable(vYear; 2023, 2024)".
Result<std::vector<LoopTerm>> parse_foreach(std::string_view text);

// Days since 1899-12-30 of an ISO 8601 date or date and time; whole_day when it has no time. NaN when it is none.
double date_serial(std::string_view text, bool& whole_day);

}  // namespace qonduit::config

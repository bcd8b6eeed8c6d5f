// Everything the decoder may want of one cell, read in the order it stands there, in one pass. For cells that carry more than a value:
// looking for each member by name would look back over nested members, and simdjson does not check again what it skipped. Reused from cell
// to cell; texts live until the parser reads the next document.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace qonduit::straight {

struct AttributeValue {
  std::optional<std::string_view> text;
  std::optional<double> number;
  std::optional<std::int64_t> element;
};

struct CellMembers {
  std::optional<std::string_view> text, state, frequency;
  std::optional<std::string_view> number_text;  // qNum where it is no number: "NaN"
  std::optional<double> number;
  std::optional<std::int64_t> element;
  bool null_number = false;  // qNum is null
  bool is_null = false;
  bool has_expressions = false, has_dimensions = false;
  std::vector<AttributeValue> expressions, dimensions;

  // Members of another type than expected are as if they were not there.
  simdjson::error_code read(simdjson::ondemand::object& cell);
};

// A state in words, "possible" for O; empty for one nobody knows. Source: protocol, list objects.
std::string_view state_word(std::string_view code);
// "52"; in percent "12.5%", relative "0.125", where the app's locale may put a comma. Elsewhere a point or a comma may group digits: that
// is no number.
std::optional<double> frequency_number(std::string_view text);

}  // namespace qonduit::straight

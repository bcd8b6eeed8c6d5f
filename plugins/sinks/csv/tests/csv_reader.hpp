// RFC 4180 read back, by a parser that shares nothing with the sink.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qonduit::csv::testing {

struct Value {
  std::string text;
  bool quoted = false;
  bool operator==(const Value&) const = default;
};
using Records = std::vector<std::vector<Value>>;

// Throws std::runtime_error, with the byte, for what is no CSV: a quote inside a bare field, text behind a closing quote, an end inside
// quotes. The last line ends with a line end.
Records read_records(std::string_view text, char delimiter = ',', std::string_view line_end = "\r\n");

}  // namespace qonduit::csv::testing

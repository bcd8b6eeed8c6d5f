#include "value_text.hpp"

#include <algorithm>

namespace qonduit::sql {

std::string_view value_text(Kind kind, const ColumnView& column, std::int64_t row, ValueText& out) {
  switch (kind) {
    case Kind::integer: return integer_text(column.int64(row), out);
    case Kind::real: return real_text(column.float64(row), out);
    case Kind::boolean: return column.boolean(row) ? "true" : "false";
    case Kind::text: return column.text(row);
    case Kind::date: return date_text(column.date32(row), out);
    case Kind::timestamp: return timestamp_text(column.milliseconds(row), out);
    case Kind::time:
    case Kind::interval: return interval_text(column.milliseconds(row), out);
  }
  return {};
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

}  // namespace qonduit::sql

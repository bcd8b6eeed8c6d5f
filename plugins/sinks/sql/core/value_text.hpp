// Values as text, losing nothing: what text columns get of other kinds, and what databases without such types get. Numbers are the
// shortest text that reads back as the same number; dates and times are ISO 8601 ("2026-01-31 23:59:59.500"), of any year; intervals
// are hours, minutes, seconds ("-30:00:00.250").
#pragma once

#include <qonduit/batch.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "column.hpp"

namespace qonduit::sql {

// Room for one value's text but that of texts, which are borrowed from the batch.
struct ValueText {
  char room[48];
};

std::string_view real_text(double value, ValueText& out);
std::string_view date_text(std::int64_t days, ValueText& out);
std::string_view timestamp_text(std::int64_t milliseconds, ValueText& out);
std::string_view interval_text(std::int64_t milliseconds, ValueText& out);

// REQUIRES: the value is not null.
std::string_view value_text(Kind kind, const ColumnView& column, std::int64_t row, ValueText& out);

// Text that databases written in C cannot hold.
[[nodiscard]] inline bool holds_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

// Characters of UTF-8.
std::size_t characters(std::string_view text);

}  // namespace qonduit::sql

// A value of any kind as text: what text columns get of other kinds, and what databases without such types get.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/value_text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "column.hpp"

namespace qonduit::sql {

// REQUIRES: the value is not null. Texts are borrowed from the batch, others from out.
std::string_view value_text(Kind kind, const ColumnView& column, std::int64_t row, ValueText& out);

// Text that databases written in C cannot hold.
[[nodiscard]] inline bool holds_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

// Characters of UTF-8.
std::size_t characters(std::string_view text);

}  // namespace qonduit::sql

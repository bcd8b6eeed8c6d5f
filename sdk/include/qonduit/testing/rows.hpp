// Batches as rows of text, for comparing: what was written with what a target holds, one decode with another. And a check that an array
// is laid out as Arrow demands. For tests; needs no GoogleTest.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/dates.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::testing {

// Nothing is null.
using Cell = std::optional<std::string>;
using Rows = std::vector<std::vector<Cell>>;

namespace detail {

inline std::string date_text(std::int64_t days) {
  const auto date = civil_date(days);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04lld-%02d-%02d", static_cast<long long>(date.year), date.month, date.day);
  return text.data();
}

inline std::string timestamp_text(std::int64_t milliseconds) {
  constexpr std::int64_t kDay = 86'400'000;
  const std::int64_t days = milliseconds / kDay - (milliseconds % kDay < 0 ? 1 : 0);
  const std::int64_t rest = milliseconds - days * kDay;
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d.%03d", static_cast<int>(rest / 3'600'000), static_cast<int>(rest / 60'000 % 60),
                static_cast<int>(rest / 1000 % 60), static_cast<int>(rest % 1000));
  return date_text(days) + text.data();
}

inline std::string float_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

}  // namespace detail

// Digits, shortest round-trip floating point, true | false, the text itself, 2026-01-31, 2026-01-31T23:59:59.000, milliseconds.
inline Cell canonical_cell(const Field& field, const ColumnView& column, std::int64_t row) {
  if (column.is_null(row)) return std::nullopt;
  switch (field.type) {
    case Type::int64:
    case Type::duration: return std::to_string(column.int64(row));
    case Type::float64: return detail::float_text(column.float64(row));
    case Type::boolean: return column.boolean(row) ? "true" : "false";
    case Type::utf8: return std::string(column.text(row));
    case Type::date32: return detail::date_text(column.date32(row));
    case Type::timestamp: return detail::timestamp_text(column.milliseconds(row));
  }
  return std::nullopt;
}

// How one cell reads; a sink's traits may have their own.
using CellText = Cell (*)(const Field&, const ColumnView&, std::int64_t row);

inline void append_rows(Rows& rows, const Schema& schema, const ArrowArray& array, CellText text = canonical_cell) {
  const BatchView view(schema, array);
  for (std::int64_t row = 0; row < view.rows(); ++row) {
    auto& cells = rows.emplace_back();
    cells.reserve(view.columns());
    for (std::size_t i = 0; i < view.columns(); ++i) cells.push_back(text(schema.fields[i], view.column(i), row));
  }
}

namespace detail {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
inline bool valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || text.size() - i < length) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second > 0x8F))
      return false;
    i += length;
  }
  return true;
}

inline std::string text_column_problem(const ArrowArray& column) {
  if (column.n_buffers != 3) return "a text column has 3 buffers, not " + std::to_string(column.n_buffers);
  const auto* ends = static_cast<const std::int32_t*>(column.buffers[1]);
  if (ends == nullptr) return column.length + column.offset == 0 ? "" : "the offsets are missing";
  if (ends[0] < 0) return "the first offset is negative";
  const auto total = column.offset + column.length;
  for (std::int64_t i = 0; i < total; ++i) {
    if (ends[i + 1] < ends[i]) return "the offsets go back at row " + std::to_string(i);
  }
  const auto* data = static_cast<const char*>(column.buffers[2]);
  if (data == nullptr && ends[total] > 0) return "the text bytes are missing";
  for (std::int64_t i = 0; i < total; ++i) {
    if (!valid_utf8({data + ends[i], static_cast<std::size_t>(ends[i + 1] - ends[i])})) return "row " + std::to_string(i) + " is not UTF-8";
  }
  return {};
}

inline std::string column_problem(const Field& field, const ArrowArray& column, std::int64_t needed) {
  if (column.release == nullptr) return "it is released already";
  if (column.offset < 0 || column.length < needed)
    return "it has " + std::to_string(column.length) + " rows, the batch " + std::to_string(needed);
  if (column.buffers == nullptr) return "it has no buffers";
  const bool text = field.type == Type::utf8 && !field.dictionary;
  if (!text && column.n_buffers != 2) return "it has " + std::to_string(column.n_buffers) + " buffers instead of 2";
  if (column.null_count != 0 && column.buffers[0] == nullptr && column.length > 0) return "it has nulls and no validity";
  if (column.null_count > 0 || (column.null_count == 0 && column.buffers[0] != nullptr)) {
    const auto* bits = static_cast<const std::uint8_t*>(column.buffers[0]);
    std::int64_t nulls = 0;
    for (std::int64_t row = column.offset; row < column.offset + column.length; ++row)
      nulls += ((bits[row >> 3] >> (row & 7)) & 1) == 0 ? 1 : 0;
    if (nulls != column.null_count) return "it has " + std::to_string(nulls) + " nulls and says " + std::to_string(column.null_count);
  }
  if (text) return text_column_problem(column);
  if (column.buffers[1] == nullptr && column.length > 0) return "the values are missing";
  if (!field.dictionary) return {};
  if (column.dictionary == nullptr) return "the dictionary is missing";
  const ColumnView view(column, field.type, 0, column.length);
  const auto* indices = static_cast<const std::int32_t*>(column.buffers[1]);
  for (std::int64_t row = 0; row < column.length; ++row) {
    const auto index = indices[row + column.offset];
    if (!view.is_null(row) && (index < 0 || index >= column.dictionary->length))
      return "row " + std::to_string(row) + " points beside the dictionary";
  }
  return text_column_problem(*column.dictionary);
}

}  // namespace detail

// What is wrong with a struct array of this schema, in words; empty when nothing is.
inline std::string array_problem(const Schema& schema, const ArrowArray& array) {
  if (array.release == nullptr) return "the array is released already";
  if (array.length < 0 || array.offset < 0) return "length or offset is negative";
  if (array.n_buffers != 1 || array.buffers == nullptr) return "a struct array has one buffer";
  if (array.n_children != static_cast<std::int64_t>(schema.fields.size())) {
    return "the array has " + std::to_string(array.n_children) + " columns, the schema " + std::to_string(schema.fields.size());
  }
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    const auto problem = array.children[i] == nullptr
                             ? std::string("it is missing")
                             : detail::column_problem(schema.fields[i], *array.children[i], array.offset + array.length);
    if (!problem.empty()) return "column " + std::to_string(i) + " '" + schema.fields[i].name + "': " + problem;
  }
  return {};
}

}  // namespace qonduit::testing

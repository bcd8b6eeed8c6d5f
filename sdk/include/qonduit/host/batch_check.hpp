// Checks on Arrow structs that came from a plugin, before anybody follows their pointers: a stranger's plugin may return
// garbage. What cannot be checked is whether a pointer points anywhere, and how far.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/text.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace qonduit::host {
namespace detail {

inline constexpr std::int64_t kMostColumns = 100'000;
inline constexpr std::uintptr_t kAlignment = 8;
inline constexpr std::int64_t kMostRows = std::int64_t{1} << 40;

inline std::string column_text(std::int64_t i) { return "column " + std::to_string(i + 1); }

// Whether each of these texts is valid UTF-8: the bytes as a whole are, and none begins within a character.
inline bool are_texts(const char* bytes, const std::int32_t* ends, std::int64_t count) {
  const std::string_view all(bytes + ends[0], static_cast<std::size_t>(ends[count] - ends[0]));
  if (!is_utf8(all)) return false;
  bool begins = true;
  for (std::int64_t i = 1; i < count; ++i) begins &= ends[i] == ends[count] || (static_cast<unsigned char>(bytes[ends[i]]) & 0xC0) != 0x80;
  return begins;
}

// Ends of texts must rise; the bytes behind them must be there when there are any.
inline std::string check_texts(const ArrowArray& array) {
  if (array.length == 0) return {};
  const auto* ends = static_cast<const std::int32_t*>(array.buffers[1]) + array.offset;
  bool rising = ends[0] >= 0;
  for (std::int64_t row = 0; row < array.length; ++row) rising &= ends[row] <= ends[row + 1];
  if (!rising) return "texts whose ends do not rise";
  if (ends[array.length] > 0 && array.buffers[2] == nullptr) return "texts without their bytes";
  const auto* bytes = static_cast<const char*>(array.buffers[2]);
  return ends[array.length] == ends[0] || are_texts(bytes, ends, array.length) ? "" : "text that is not UTF-8";
}

// Lengths, offsets, null counts and the presence of buffers: of a column and of its dictionary.
inline std::string check_buffers(const ArrowArray& array) {
  if (array.length < 0 || array.length > kMostRows || array.offset < 0 || array.offset > kMostRows) return "an impossible length or offset";
  if (array.n_buffers < 2 || array.n_buffers > 3 || array.buffers == nullptr) return std::to_string(array.n_buffers) + " buffers";
  if (array.null_count < -1 || array.null_count > array.length) return "an impossible number of nulls";
  if (array.null_count > 0 && array.buffers[0] == nullptr) return "nulls without saying which";
  if (array.length > 0 && array.buffers[1] == nullptr) return "no values";
  for (std::int64_t i = 0; i < 2; ++i) {
    if (reinterpret_cast<std::uintptr_t>(array.buffers[i]) % kAlignment != 0) return "a buffer that is not aligned to 8 bytes";
  }
  return array.n_buffers == 3 ? check_texts(array) : "";
}

inline std::string check_dictionary(const ArrowArray& array) {
  const auto& words = *array.dictionary;
  if (array.n_buffers != 2 || words.n_buffers != 3 || words.dictionary != nullptr) return "a dictionary that holds no texts";
  if (auto problem = check_buffers(words); !problem.empty()) return "a dictionary with " + problem;
  const auto* validity = array.null_count == 0 ? nullptr : static_cast<const std::uint8_t*>(array.buffers[0]);
  const auto* indices = static_cast<const std::int32_t*>(array.buffers[1]);
  for (std::int64_t row = array.offset; row < array.offset + array.length; ++row) {
    const bool null = validity != nullptr && ((validity[row >> 3] >> (row & 7)) & 1) == 0;
    if (!null && (indices[row] < 0 || indices[row] >= words.length)) return "an index outside its dictionary";
  }
  return {};
}

}  // namespace detail

// Each answers what is wrong, as the end of a sentence that begins with who gave it; empty when nothing is.

// That the schema can be walked: its columns and their dictionaries are there.
inline std::string check_schema(const ArrowSchema& schema) {
  if (schema.n_children < 0 || schema.n_children > detail::kMostColumns)
    return "gave a schema of " + std::to_string(schema.n_children) + " columns";
  if (schema.n_children > 0 && schema.children == nullptr) return "gave a schema without its columns";
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    if (schema.children[i] == nullptr) return "gave a schema without " + detail::column_text(i);
  }
  return {};
}

// That the array is a struct array of at most so many columns, all of its length, that texts and dictionary indices stay
// within their buffers, and texts are UTF-8.
inline std::string check_array(const ArrowArray& array, std::int64_t most_columns) {
  if (array.release == nullptr) return "gave no array";
  if (array.length < 0 || array.length > detail::kMostRows || array.offset != 0) return "gave an array of impossible length or offset";
  if (array.null_count != 0 && array.null_count != -1) return "gave an array whose rows are null; only values are";
  if (array.n_children < 0 || array.n_children > most_columns) {
    return "gave " + std::to_string(array.n_children) + " columns, its schema has " + std::to_string(most_columns);
  }
  if (array.n_children > 0 && array.children == nullptr) return "gave an array without its columns";
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    const auto* child = array.children[i];
    if (child == nullptr || child->release == nullptr) return "gave no data for " + detail::column_text(i);
    if (child->length != array.length) {
      return "gave " + std::to_string(child->length) + " values for " + detail::column_text(i) + " in " + std::to_string(array.length) +
             " rows";
    }
    auto problem = detail::check_buffers(*child);
    if (problem.empty() && child->dictionary != nullptr) problem = detail::check_dictionary(*child);
    if (!problem.empty()) return "gave " + problem + " in " + detail::column_text(i);
  }
  return {};
}

// That the array has exactly the schema's columns, each with the buffers of its type. REQUIRES: check_array found nothing.
inline std::string check_types(const ArrowArray& array, const Schema& schema) {
  if (array.n_children != static_cast<std::int64_t>(schema.fields.size())) {
    return "gave " + std::to_string(array.n_children) + " columns, its schema has " + std::to_string(schema.fields.size());
  }
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    const auto& field = schema.fields[static_cast<std::size_t>(i)];
    const auto& child = *array.children[i];
    const std::int64_t buffers = field.type == Type::utf8 && !field.dictionary ? 3 : 2;
    if (child.n_buffers != buffers || (child.dictionary != nullptr) != field.dictionary) {
      return "gave " + detail::column_text(i) + " in another form than its schema says (" + std::string(to_string(field.type)) + ")";
    }
  }
  return {};
}

}  // namespace qonduit::host

#include "core/plugin/batch_check.hpp"

#include <cstdint>

namespace qonduit::plugin {
namespace {

constexpr std::int64_t kMostColumns = 100'000;
constexpr std::int64_t kMostRows = std::int64_t{1} << 40;

std::string column(std::int64_t i) { return "column " + std::to_string(i + 1); }

// Ends of texts must rise; the bytes behind them must be there when there are any.
std::string check_texts(const ArrowArray& array) {
  if (array.length == 0) return {};
  const auto* ends = static_cast<const std::int32_t*>(array.buffers[1]) + array.offset;
  bool rising = ends[0] >= 0;
  for (std::int64_t row = 0; row < array.length; ++row) rising &= ends[row] <= ends[row + 1];
  if (!rising) return "texts whose ends do not rise";
  if (ends[array.length] > 0 && array.buffers[2] == nullptr) return "texts without their bytes";
  return {};
}

// Lengths, offsets, null counts and the presence of buffers: of a column and of its dictionary.
std::string check_buffers(const ArrowArray& array) {
  if (array.length < 0 || array.length > kMostRows || array.offset < 0 || array.offset > kMostRows) return "an impossible length or offset";
  if (array.n_buffers < 2 || array.n_buffers > 3 || array.buffers == nullptr) return std::to_string(array.n_buffers) + " buffers";
  if (array.null_count < -1 || array.null_count > array.length) return "an impossible number of nulls";
  if (array.null_count > 0 && array.buffers[0] == nullptr) return "nulls without saying which";
  if (array.length > 0 && array.buffers[1] == nullptr) return "no values";
  return array.n_buffers == 3 ? check_texts(array) : "";
}

std::string check_dictionary(const ArrowArray& array) {
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

}  // namespace

std::string check_schema(const ArrowSchema& schema) {
  if (schema.n_children < 0 || schema.n_children > kMostColumns)
    return "gave a schema of " + std::to_string(schema.n_children) + " columns";
  if (schema.n_children > 0 && schema.children == nullptr) return "gave a schema without its columns";
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    if (schema.children[i] == nullptr) return "gave a schema without " + column(i);
  }
  return {};
}

std::string check_array(const ArrowArray& array, std::int64_t most_columns) {
  if (array.release == nullptr) return "gave no array";
  if (array.length < 0 || array.length > kMostRows || array.offset != 0) return "gave an array of impossible length or offset";
  if (array.n_children < 0 || array.n_children > most_columns) {
    return "gave " + std::to_string(array.n_children) + " columns, its schema has " + std::to_string(most_columns);
  }
  if (array.n_children > 0 && array.children == nullptr) return "gave an array without its columns";
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    const auto* child = array.children[i];
    if (child == nullptr || child->release == nullptr) return "gave no data for " + column(i);
    if (child->length != array.length) {
      return "gave " + std::to_string(child->length) + " values for " + column(i) + " in " + std::to_string(array.length) + " rows";
    }
    auto problem = check_buffers(*child);
    if (problem.empty() && child->dictionary != nullptr) problem = check_dictionary(*child);
    if (!problem.empty()) return "gave " + problem + " in " + column(i);
  }
  return {};
}

std::string check_types(const ArrowArray& array, const Schema& schema) {
  if (array.n_children != static_cast<std::int64_t>(schema.fields.size())) {
    return "gave " + std::to_string(array.n_children) + " columns, its schema has " + std::to_string(schema.fields.size());
  }
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    const auto& field = schema.fields[static_cast<std::size_t>(i)];
    const auto& child = *array.children[i];
    const std::int64_t buffers = field.type == Type::utf8 && !field.dictionary ? 3 : 2;
    if (child.n_buffers != buffers || (child.dictionary != nullptr) != field.dictionary) {
      return "gave " + column(i) + " in another form than its schema says (" + std::string(to_string(field.type)) + ")";
    }
  }
  return {};
}

}  // namespace qonduit::plugin

// Arrow batches, seen and built. Sinks see: Schema (what the columns are) and BatchView (borrowed rows of that schema). Adapters
// build: a Schema, and Columns that finish() turns into one ArrowArray. A view neither copies nor owns; it lives as long as the
// array behind it. Nothing here is shared between threads but const views.
#pragma once

#include <qonduit/abi.h>
#include <qonduit/status.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit {

// Logical column types. Units: date32 days since 1970-01-01; timestamp milliseconds since 1970-01-01 without a zone; duration
// milliseconds (a time of day is the duration since midnight). A utf8 column may be dictionary-encoded; text() hides that.
enum class Type : std::uint8_t { int64, float64, boolean, utf8, date32, timestamp, duration };

[[nodiscard]] constexpr std::string_view to_string(Type type) noexcept {
  switch (type) {
    case Type::int64: return "int64";
    case Type::float64: return "float64";
    case Type::boolean: return "bool";
    case Type::utf8: return "utf8";
    case Type::date32: return "date32";
    case Type::timestamp: return "timestamp";
    case Type::duration: return "duration";
  }
  return "unknown";
}

using Metadata = std::vector<std::pair<std::string, std::string>>;

struct Field {
  std::string name;
  Type type = Type::utf8;
  bool nullable = true;
  // Keys set by the adapters of this repository: qlik.title, qlik.role (dimension | measure | text | row_kind | row_kind_of),
  // qlik.expression, qlik.library (the id of a master item), qlik.tags (comma-separated), qlik.format, qlik.logical (money | time |
  // interval ..., where the type alone does not tell), qlik.own_name and qlik.named_by (own_name.hpp), qlik.hidden (hidden_titles.hpp).
  Metadata metadata = {};
  bool dictionary = false;  // utf8 held as int32 indices into a dictionary

  [[nodiscard]] std::string_view find(std::string_view key) const noexcept {
    for (const auto& [name_, value] : metadata) {
      if (name_ == key) return value;
    }
    return {};
  }
};

struct Schema {
  std::vector<Field> fields;
};

namespace arrow {

// What the schema says, or bad_data with the column that is not understood.
Result<Schema> import_schema(const ArrowSchema& schema);
// Fills out, whose release() frees it.
void export_schema(const Schema& schema, ArrowSchema* out);

// Frees the array if it holds anything.
struct ArrayReleaser {
  void operator()(ArrowArray* array) const noexcept {
    if (array == nullptr) return;
    if (array->release != nullptr) array->release(array);
    delete array;
  }
};
using ArrayHandle = std::unique_ptr<ArrowArray, ArrayReleaser>;

}  // namespace arrow

// One column of a borrowed batch. REQUIRES of every accessor: 0 <= row < rows(), the type matches, and !is_null(row).
class ColumnView {
 public:
  ColumnView(const ArrowArray& array, Type type, std::int64_t parent_offset, std::int64_t rows) noexcept
      : array_(&array),
        type_(type),
        offset_(array.offset + parent_offset),
        rows_(rows),
        validity_(array.null_count == 0 ? nullptr : static_cast<const std::uint8_t*>(array.buffers[0])),
        values_(array.buffers[1]) {}

  [[nodiscard]] Type type() const noexcept { return type_; }
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  [[nodiscard]] bool is_null(std::int64_t row) const noexcept {
    const auto i = static_cast<std::size_t>(row + offset_);
    return validity_ != nullptr && ((validity_[i >> 3] >> (i & 7)) & 1) == 0;
  }
  [[nodiscard]] bool has_nulls() const noexcept { return validity_ != nullptr; }
  [[nodiscard]] std::int64_t int64(std::int64_t row) const noexcept { return static_cast<const std::int64_t*>(values_)[row + offset_]; }
  [[nodiscard]] double float64(std::int64_t row) const noexcept { return static_cast<const double*>(values_)[row + offset_]; }
  [[nodiscard]] std::int32_t date32(std::int64_t row) const noexcept { return static_cast<const std::int32_t*>(values_)[row + offset_]; }
  [[nodiscard]] std::int64_t milliseconds(std::int64_t row) const noexcept { return int64(row); }  // timestamp and duration
  [[nodiscard]] bool boolean(std::int64_t row) const noexcept {
    const auto i = static_cast<std::size_t>(row + offset_);
    return ((static_cast<const std::uint8_t*>(values_)[i >> 3] >> (i & 7)) & 1) != 0;
  }
  [[nodiscard]] std::string_view text(std::int64_t row) const noexcept {
    if (array_->dictionary == nullptr) return text_of(*array_, row + offset_);
    return text_of(*array_->dictionary, static_cast<const std::int32_t*>(values_)[row + offset_] + array_->dictionary->offset);
  }

 private:
  static std::string_view text_of(const ArrowArray& array, std::int64_t i) noexcept {
    const auto* offsets = static_cast<const std::int32_t*>(array.buffers[1]);
    const auto* data = static_cast<const char*>(array.buffers[2]);
    return {data + offsets[i], static_cast<std::size_t>(offsets[i + 1] - offsets[i])};
  }

  const ArrowArray* array_;
  Type type_;
  std::int64_t offset_;
  std::int64_t rows_;
  const std::uint8_t* validity_;
  const void* values_;
};

// Borrowed rows of a schema.
class BatchView {
 public:
  // REQUIRES: array is a struct array of that schema, and both outlive the view.
  BatchView(const Schema& schema, const ArrowArray& array) noexcept : schema_(&schema), array_(&array) {}

  [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }
  [[nodiscard]] std::int64_t rows() const noexcept { return array_->length; }
  [[nodiscard]] std::size_t columns() const noexcept { return schema_->fields.size(); }
  [[nodiscard]] ColumnView column(std::size_t i) const noexcept {
    return {*array_->children[i], schema_->fields[i].type, array_->offset, array_->length};
  }

 private:
  const Schema* schema_;
  const ArrowArray* array_;
};

// A column being filled, row after row. The caller appends what the type says; append_null() fits every type.
class Column {
 public:
  explicit Column(Type type, std::int64_t expected_rows = 0) : type_(type) { reserve(expected_rows); }

  void reserve(std::int64_t rows);
  [[nodiscard]] Type type() const noexcept { return type_; }
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

  void append_int64(std::int64_t value) { words_.push_back(value), mark_valid(); }  // int64, timestamp, duration
  void append_float64(double value) { words_.push_back(std::bit_cast<std::int64_t>(value)), mark_valid(); }
  void append_date32(std::int32_t value) { halves_.push_back(value), mark_valid(); }
  void append_boolean(bool value);
  void append_text(std::string_view value);
  void append_null();
  // Forgets the rows from this one on.
  void truncate(std::int64_t rows);

  // Hands the content over. ENSURES: the column is empty, and out->release frees what it held.
  void finish(ArrowArray* out);

 private:
  void mark_valid() {
    if (null_count_ != 0) set_valid(rows_);
    ++rows_;
  }
  void set_valid(std::int64_t row);

  Type type_;
  std::int64_t rows_ = 0;
  std::int64_t null_count_ = 0;
  std::vector<std::int64_t> words_;     // int64, float64, timestamp, duration
  std::vector<std::int32_t> halves_;    // date32; utf8: the end of each text
  std::vector<std::uint8_t> bits_;      // boolean
  std::vector<std::uint8_t> validity_;  // empty until the first null
  std::string data_;                    // utf8
};

// One struct array out of columns of equal length. ENSURES: the columns are empty, and out->release frees everything.
void finish_batch(std::vector<Column>& columns, ArrowArray* out);

}  // namespace qonduit

#include <qonduit/detail/batch.ipp>

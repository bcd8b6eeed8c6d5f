// A batch taken apart into columns that can be moved, replaced and put together again without copying what stays as it is. Used by the
// thread that transforms; what is put together may be read by any.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "qonduit/batch.hpp"

namespace qonduit::pipeline::transform {

// One column, owned: released when this ends.
class OwnedColumn {
 public:
  OwnedColumn() = default;
  explicit OwnedColumn(Column&& column) { column.finish(&array_); }
  // Takes the content; the source is released, as Arrow demands of a move.
  explicit OwnedColumn(ArrowArray& source) : array_(std::exchange(source, ArrowArray{})) {}
  OwnedColumn(OwnedColumn&& other) noexcept : array_(std::exchange(other.array_, ArrowArray{})) {}
  OwnedColumn& operator=(OwnedColumn&& other) noexcept {
    if (this != &other) drop(), array_ = std::exchange(other.array_, ArrowArray{});
    return *this;
  }
  ~OwnedColumn() { drop(); }

  [[nodiscard]] bool empty() const noexcept { return array_.release == nullptr; }
  [[nodiscard]] const ArrowArray& array() const noexcept { return array_; }
  [[nodiscard]] ColumnView view(Type type) const noexcept { return {array_, type, 0, array_.length}; }
  [[nodiscard]] ArrowArray take() noexcept { return std::exchange(array_, ArrowArray{}); }
  void drop() noexcept {
    if (array_.release != nullptr) array_.release(&array_);
    array_ = ArrowArray{};
  }

 private:
  ArrowArray array_{};
};

// The buffers of a column made without a row-by-row builder. finish() hands them over.
struct ColumnBuffers {
  std::vector<std::int64_t> words;     // int64, float64, timestamp, duration
  std::vector<std::int32_t> halves;    // date32, dictionary indices, ends of texts
  std::vector<std::uint8_t> bits;      // boolean
  std::vector<std::uint8_t> validity;  // empty: no nulls
  std::string data;                    // utf8
  OwnedColumn dictionary;              // empty: none; a text column, or an encoded one whose dictionary is taken over

  OwnedColumn finish(Type type, std::int64_t rows, std::int64_t nulls) &&;
};

// The children of a struct array, whose own offset is gone into theirs. ENSURES: the batch is empty.
std::vector<OwnedColumn> take_apart(arrow::ArrayHandle batch);
// REQUIRES: every column has so many rows.
arrow::ArrayHandle put_together(std::vector<OwnedColumn> columns, std::int64_t rows);

}  // namespace qonduit::pipeline::transform

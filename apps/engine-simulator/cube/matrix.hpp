// The rows of one hypercube or list object as the engine would send them: finished JSON text per cell, copied into pages. Made when an
// object is evaluated, read by any number of connections at once; immutable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::simulator {

class Matrix {
 public:
  virtual ~Matrix() = default;
  [[nodiscard]] virtual std::uint64_t rows() const = 0;
  [[nodiscard]] virtual std::uint32_t columns() const = 0;
  // Cells [left, left + width) of a row, separated by commas, without brackets.
  // REQUIRES: row < rows(), left + width <= columns(), width > 0.
  virtual void append_cells(std::string& out, std::uint64_t row, std::uint32_t left, std::uint32_t width) const = 0;
};

// A rectangle of cells as a client asks for it (NxPage).
struct Area {
  std::int64_t left = 0;
  std::int64_t top = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
};

// The part of an area that the matrix has. Beyond the data the height is 0.
[[nodiscard]] Area clip(const Matrix& matrix, Area area);

// One NxDataPage: qMatrix, qTails, qArea, in the order captured from real engines. The area is already clipped.
void append_page(std::string& out, const Matrix& matrix, Area clipped);

// Rows held as text: computed cubes of data apps and captured pages.
class StoredMatrix final : public Matrix {
 public:
  explicit StoredMatrix(std::uint32_t columns) : columns_(columns) {}

  // Cells are appended in row order; rows() counts complete rows.
  void add_cell(std::string_view json);

  [[nodiscard]] std::uint64_t rows() const override { return columns_ == 0 ? 0 : ends_.size() / columns_; }
  [[nodiscard]] std::uint32_t columns() const override { return columns_; }
  void append_cells(std::string& out, std::uint64_t row, std::uint32_t left, std::uint32_t width) const override;

 private:
  std::uint32_t columns_;
  std::string text_;                 // cells one after another, each followed by a comma
  std::vector<std::uint64_t> ends_;  // where each cell ends, its comma included
};

}  // namespace qonduit::simulator

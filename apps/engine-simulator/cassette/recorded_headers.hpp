// The nodes above and beside the data of a pivot, or the nodes of a stack, put together again from recorded windows, and cut into windows
// anew. A node is told by its level and the first row (or column) below it, which qUp and qDown give although it lies outside of a window.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "cassette/recorded_matrix.hpp"
#include "cube/cube.hpp"
#include "json.hpp"

namespace qonduit::simulator {

class RecordedHeaders {
 public:
  // stack: the nodes without children are the measures of one row.
  explicit RecordedHeaders(bool stack) : stack_(stack) {}

  // The nodes of a window whose first row (or column) is `first`.
  void add(const JsonArray& nodes, std::int64_t first);
  // A qLeft, qTop or qData array with the nodes that have something in [first, end).
  void append(std::string& out, std::int64_t first, std::int64_t end) const;

 private:
  struct Node {
    std::string head;  // its members but qUp, qDown, qRow and qSubNodes, without braces
    std::int64_t end = 0;
  };
  using Place = std::tuple<std::size_t, std::int64_t, std::size_t>;  // level, first row, which of those that begin there

  std::int64_t add_level(const JsonArray& nodes, std::size_t level, std::int64_t first);
  void append_level(std::string& out, std::size_t level, std::int64_t from, std::int64_t to, std::int64_t first, std::int64_t end) const;

  bool stack_;
  std::map<Place, Node> nodes_;
};

class RecordedPivot final : public Pages {
 public:
  RecordedPivot(std::uint64_t rows, std::uint32_t columns) : data_("qData", rows, columns), left_(false), top_(false) {}
  void add(const Area& area, std::string_view page);

  [[nodiscard]] std::int64_t rows() const override { return static_cast<std::int64_t>(data_.rows()); }
  [[nodiscard]] std::int64_t columns() const override { return data_.columns(); }
  void append_page(std::string& out, const Area& area) const override;

 private:
  RecordedMatrix data_;
  RecordedHeaders left_, top_;
};

class RecordedStack final : public Pages {
 public:
  RecordedStack(std::int64_t rows, std::int64_t columns) : rows_(rows), columns_(columns), nodes_(true) {}
  void add(const Area& area, std::string_view page);

  [[nodiscard]] std::int64_t rows() const override { return rows_; }
  [[nodiscard]] std::int64_t columns() const override { return columns_; }
  void append_page(std::string& out, const Area& area) const override;

 private:
  std::int64_t rows_, columns_;
  RecordedHeaders nodes_;
};

}  // namespace qonduit::simulator

// Pivots and stacks put together again from recorded windows, and cut into windows anew. A node above or beside the data of a pivot is told
// by its level and the first row (or column) below it, which qUp and qDown give although it lies outside of a window. A stack is cut
// between its outermost members.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cassette/recorded_matrix.hpp"
#include "cube/cube.hpp"
#include "json.hpp"

namespace qonduit::simulator {

class RecordedHeaders {
 public:
  // The nodes of a window whose first row (or column) is `first`.
  void add(const JsonArray& nodes, std::int64_t first);
  // A qLeft or qTop array with the nodes that have something in [first, end).
  void append(std::string& out, std::int64_t first, std::int64_t end) const;

 private:
  struct Node {
    std::string head;  // its members but qUp, qDown and qSubNodes, without braces
    std::int64_t end = 0;
  };
  using Place = std::pair<std::size_t, std::int64_t>;  // level, first row

  std::int64_t add_level(const JsonArray& nodes, std::size_t level, std::int64_t first);
  void append_level(std::string& out, std::size_t level, std::int64_t from, std::int64_t to, std::int64_t first, std::int64_t end) const;

  std::map<Place, Node> nodes_;
};

class RecordedPivot final : public Pages {
 public:
  RecordedPivot(std::uint64_t rows, std::uint32_t columns) : data_("qData", rows, columns) {}
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
  RecordedStack(std::int64_t rows, std::int64_t columns) : rows_(rows), columns_(columns) {}
  void add(const Area& area, std::string_view page);

  [[nodiscard]] std::int64_t rows() const override { return rows_; }
  [[nodiscard]] std::int64_t columns() const override { return columns_; }
  void append_page(std::string& out, const Area& area) const override;

 private:
  struct Member {
    std::string text;      // with all that is below it
    std::int64_t row = 0;  // its first
  };

  std::int64_t rows_, columns_;
  std::string root_;                        // its members but qUp, qDown, qRow and qSubNodes, without braces
  std::int64_t count_ = 0;                  // of outermost members
  std::map<std::int64_t, Member> members_;  // by position
  // Pages whose area counts something else (a stack without a dimension) cannot be cut: they are answered as they were, by qTop.
  std::map<std::int64_t, std::string_view> uncut_;
};

}  // namespace qonduit::simulator

// Rows of a hypercube, list object or pivot as they were recorded: page by page, in whatever sizes somebody asked for them. The pages stay
// in the mapped file; where their rows begin is found when a page is first touched. Any area is answered. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cube/matrix.hpp"

namespace qonduit::simulator {

// A file in memory, read on demand.
class MappedFile {
 public:
  // Throws Poco::Exception naming the file.
  explicit MappedFile(const std::string& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();
  [[nodiscard]] std::string_view text() const { return {data_, size_}; }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

class RecordedMatrix final : public Matrix {
 public:
  // member: where a page keeps its rows, qMatrix or qData.
  RecordedMatrix(std::string member, std::uint64_t rows, std::uint32_t columns)
      : member_("\"" + std::move(member) + "\":["), rows_(rows), columns_(columns) {}

  // The page's JSON, which outlives the matrix. Of pages that overlap the later one counts: it was asked for again.
  void add(const Area& area, std::string_view page);

  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] std::uint32_t columns() const override { return columns_; }
  // Throws EngineError where nothing was recorded.
  void append_cells(std::string& out, std::uint64_t row, std::uint32_t left, std::uint32_t width) const override;

 private:
  struct Page {
    Area area;
    std::string_view text;
    std::size_t order;
    mutable std::vector<std::uint32_t> starts;  // of the rows in text; empty until somebody asks
  };
  [[nodiscard]] const Page* find(std::int64_t row, std::int64_t column) const;
  void find_rows(const Page& page) const;

  std::string member_;
  std::uint64_t rows_;
  std::uint32_t columns_;
  std::multimap<std::int64_t, Page> pages_;  // by the first row
  std::int64_t tallest_ = 0;
  mutable std::mutex mutex_;  // of starts
};

}  // namespace qonduit::simulator

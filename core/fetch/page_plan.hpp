// Cuts the rectangle an adapter wants into pages the engine answers: at most so many cells each, full width where the width allows, in
// order of top, then left. Cells that must stay together (steps) are never parted. Pages are made one at a time, so that ten million rows
// cost nothing. One thread. Source of the limit: protocol, paging: 10,000 cells summed over a call, error 7009 (older engines 6001) above
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "qonduit/adapter.hpp"

namespace qonduit::fetch {

using qonduit::Page;

// Pages begin and end at multiples of these, counted from the corner of the whole.
struct Steps {
  std::int64_t width = 1, height = 1;
};

class PagePlan {
 public:
  // REQUIRES: whole has width and height > 0, 1 <= page_cells, and steps divide the whole. A single step may have more than page_cells.
  PagePlan(Page whole, std::int64_t page_cells, Steps steps = {})
      : whole_(whole), steps_(steps), page_cells_(page_cells), top_(whole.top), left_(whole.left) {}

  // The next page, or nothing behind the last.
  std::optional<Page> next();
  // Pages made from now on have at most so many cells.
  void limit(std::int64_t cells);
  // How many pages next() has still to give, and their cells. Counted without making them.
  [[nodiscard]] std::int64_t pages_left() const;
  [[nodiscard]] std::int64_t cells_left() const;
  // Whether the last page that next() has still to give can be a step of rows higher and is no larger than a page may be.
  [[nodiscard]] bool room_below() const;
  [[nodiscard]] std::int64_t page_cells() const noexcept { return page_cells_; }
  [[nodiscard]] const Page& whole() const noexcept { return whole_; }

  // A refused page in two: rows first, columns when it has one step of rows; nothing when it is a single step.
  static std::optional<std::pair<Page, Page>> halve(const Page& page, Steps steps = {});

 private:
  Page whole_;
  Steps steps_;
  std::int64_t page_cells_;
  std::int64_t top_;
  std::int64_t left_;
};

}  // namespace qonduit::fetch

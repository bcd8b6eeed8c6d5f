#include "core/fetch/page_plan.hpp"

#include <algorithm>

namespace qonduit::fetch {

std::optional<Page> PagePlan::next() {
  const auto bottom = whole_.top + whole_.height;
  const auto right = whole_.left + whole_.width;
  if (top_ >= bottom) return std::nullopt;
  if (whole_.width <= page_cells_ && left_ == whole_.left) {
    Page page{whole_.left, top_, whole_.width, std::min(bottom - top_, page_cells_ / whole_.width)};
    top_ += page.height;
    return page;
  }
  // Wider than a page, or in the middle of a row when the pages shrank: one row at a time, cut into columns.
  Page page{left_, top_, std::min(right - left_, page_cells_), 1};
  left_ += page.width;
  if (left_ == right) left_ = whole_.left, ++top_;
  return page;
}

void PagePlan::shrink(std::int64_t refused_cells) { page_cells_ = std::max<std::int64_t>(1, std::min(page_cells_, refused_cells / 2)); }

std::optional<std::pair<Page, Page>> PagePlan::halve(const Page& page) {
  if (page.height > 1) {
    const auto upper = page.height / 2;
    return std::pair(Page{page.left, page.top, page.width, upper}, Page{page.left, page.top + upper, page.width, page.height - upper});
  }
  if (page.width > 1) {
    const auto left = page.width / 2;
    return std::pair(Page{page.left, page.top, left, 1}, Page{page.left + left, page.top, page.width - left, 1});
  }
  return std::nullopt;
}

}  // namespace qonduit::fetch

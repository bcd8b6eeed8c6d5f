#include "core/fetch/page_plan.hpp"

#include <algorithm>

namespace qonduit::fetch {
namespace {

// As many whole steps as fit, but one at least.
std::int64_t whole_steps(std::int64_t cells, std::int64_t step) { return std::max(step, cells - cells % step); }

}  // namespace

std::optional<Page> PagePlan::next() {
  const auto bottom = whole_.top + whole_.height;
  const auto right = whole_.left + whole_.width;
  if (top_ >= bottom) return std::nullopt;
  if (whole_.width <= page_cells_ / steps_.height && left_ == whole_.left) {
    Page page{whole_.left, top_, whole_.width, std::min(bottom - top_, whole_steps(page_cells_ / whole_.width, steps_.height))};
    top_ += page.height;
    return page;
  }
  // Wider than a page, or in the middle of a row when the pages shrank: one step of rows at a time, cut into columns.
  const auto height = std::min(bottom - top_, steps_.height);
  Page page{left_, top_, std::min(right - left_, whole_steps(page_cells_ / steps_.height, steps_.width)), height};
  left_ += page.width;
  if (left_ == right) left_ = whole_.left, top_ += height;
  return page;
}

std::int64_t PagePlan::pages_left() const {
  const auto piece = whole_steps(page_cells_ / steps_.height, steps_.width);
  const auto pieces = [&](std::int64_t width) { return (width + piece - 1) / piece; };
  auto rows = whole_.top + whole_.height - top_;
  if (rows <= 0) return 0;
  std::int64_t pages = 0;
  if (left_ != whole_.left) pages = pieces(whole_.left + whole_.width - left_), rows -= std::min(rows, steps_.height);
  const bool wide = whole_.width > page_cells_ / steps_.height;
  const auto height = wide ? steps_.height : whole_steps(page_cells_ / whole_.width, steps_.height);
  return pages + (rows + height - 1) / height * (wide ? pieces(whole_.width) : 1);
}

std::int64_t PagePlan::cells_left() const {
  const auto rows = whole_.top + whole_.height - top_;
  return rows * whole_.width - (left_ - whole_.left) * std::min(rows, steps_.height);
}

bool PagePlan::room_below() const {
  const auto rows = whole_.top + whole_.height - top_;
  if (rows <= 0 || left_ != whole_.left || whole_.width > page_cells_ / steps_.height) return false;
  const auto height = whole_steps(page_cells_ / whole_.width, steps_.height);
  const auto last = rows % height == 0 ? height : rows % height;
  return last + steps_.height <= page_cells_ / whole_.width;
}

void PagePlan::limit(std::int64_t cells) { page_cells_ = std::max<std::int64_t>(1, std::min(page_cells_, cells)); }

std::optional<std::pair<Page, Page>> PagePlan::halve(const Page& page, Steps steps) {
  if (page.height > steps.height) {
    const auto upper = whole_steps(page.height / 2, steps.height);
    return std::pair(Page{page.left, page.top, page.width, upper}, Page{page.left, page.top + upper, page.width, page.height - upper});
  }
  if (page.width > steps.width) {
    const auto left = whole_steps(page.width / 2, steps.width);
    return std::pair(Page{page.left, page.top, left, page.height}, Page{page.left + left, page.top, page.width - left, page.height});
  }
  return std::nullopt;
}

}  // namespace qonduit::fetch

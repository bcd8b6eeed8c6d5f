#include "core/fetch/page_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

namespace qonduit::fetch {
namespace {

// Every cell of the rectangle exactly once, no page above the limit, in order.
void expect_covers(Page whole, std::int64_t cells) {
  PagePlan plan(whole, cells);
  std::set<std::pair<std::int64_t, std::int64_t>> seen;
  std::pair<std::int64_t, std::int64_t> last{-1, -1};
  while (const auto page = plan.next()) {
    ASSERT_GT(page->width, 0);
    ASSERT_GT(page->height, 0);
    ASSERT_LE(page->width * page->height, cells);
    ASSERT_LT(last, std::pair(page->top, page->left));
    last = {page->top, page->left};
    for (auto row = page->top; row < page->top + page->height; ++row) {
      for (auto column = page->left; column < page->left + page->width; ++column) ASSERT_TRUE(seen.emplace(row, column).second);
    }
  }
  EXPECT_EQ(static_cast<std::int64_t>(seen.size()), whole.width * whole.height);
}

TEST(PagePlan, CoversEveryCellOnceForNarrowCubes) { expect_covers({0, 0, 8, 1003}, 100); }
TEST(PagePlan, CoversEveryCellOnceForCubesAsWideAsAPage) { expect_covers({0, 0, 100, 7}, 100); }
TEST(PagePlan, CoversEveryCellOnceForCubesWiderThanAPage) { expect_covers({0, 0, 257, 5}, 100); }
TEST(PagePlan, CoversEveryCellOnceAwayFromTheOrigin) { expect_covers({3, 17, 8, 41}, 30); }

TEST(PagePlan, CountsThePagesAndCellsItHasStillToGive) {
  for (const Page whole : {Page{0, 0, 8, 1003}, Page{0, 0, 100, 7}, Page{0, 0, 257, 5}, Page{3, 17, 8, 41}}) {
    PagePlan plan(whole, 100);
    std::int64_t pages = 0;
    std::int64_t cells = 0;
    const auto all_pages = plan.pages_left();
    for (int given = 0; given < 3; ++given) {
      const auto page = *plan.next();
      ++pages, cells += page.width * page.height;
      EXPECT_EQ(plan.cells_left(), whole.width * whole.height - cells);
    }
    const auto left = plan.pages_left();
    PagePlan shrunk = plan;
    while (plan.next()) ++pages;
    EXPECT_EQ(all_pages, pages);
    EXPECT_EQ(left, pages - 3);
    EXPECT_EQ(plan.pages_left(), 0);
    EXPECT_EQ(plan.cells_left(), 0);

    shrunk.limit(30);
    const auto smaller = shrunk.pages_left();
    std::int64_t given = 0;
    while (shrunk.next()) ++given;
    EXPECT_EQ(smaller, given);
  }
}

TEST(PagePlan, UsesTheWholeBudgetOfACall) {
  PagePlan plan({0, 0, 8, 100'000}, 10'000);
  EXPECT_EQ(plan.next()->height, 1250);
}

TEST(PagePlan, MakesOnePageOfTenMillionRowsAtATime) {
  PagePlan plan({0, 0, 1, 10'000'000'000}, 10'000);
  EXPECT_EQ(plan.next()->height, 10'000);
  EXPECT_EQ(plan.next()->top, 10'000);
}

TEST(PagePlan, MakesLaterPagesSmallerWhereTheyAreLimited) {
  PagePlan plan({0, 0, 10, 1000}, 1000);
  EXPECT_EQ(plan.next()->height, 100);
  plan.limit(500);
  const auto page = plan.next();
  EXPECT_EQ(page->top, 100);
  EXPECT_EQ(page->height, 50);
}

TEST(PagePlan, MakesNoPageOfLessThanACell) {
  PagePlan plan({0, 0, 3, 2}, 1);
  plan.limit(0);
  int pages = 0;
  while (plan.next()) ++pages;
  EXPECT_EQ(pages, 6);
}

TEST(PagePlan, HalvesRowsBeforeColumns) {
  const auto rows = PagePlan::halve({0, 10, 4, 5});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->first.height, 2);
  EXPECT_EQ(rows->second.top, 12);
  EXPECT_EQ(rows->second.height, 3);
  const auto columns = PagePlan::halve({2, 7, 5, 1});
  ASSERT_TRUE(columns);
  EXPECT_EQ(columns->first.width, 2);
  EXPECT_EQ(columns->second.left, 4);
  EXPECT_EQ(columns->second.width, 3);
}

// Cells that belong together stay together, whatever the size of pages; every cell comes once.
TEST(PagePlan, NeverPartsAStep) {
  for (const auto& [whole, steps] : {std::pair<Page, Steps>{{0, 0, 12, 9}, {3, 1}}, {{0, 0, 4, 12}, {1, 4}}, {{6, 8, 6, 4}, {2, 2}}}) {
    for (std::int64_t cells = 1; cells <= 120; ++cells) {
      PagePlan plan(whole, cells, steps);
      std::set<std::pair<std::int64_t, std::int64_t>> seen;
      while (const auto page = plan.next()) {
        EXPECT_EQ((page->left - whole.left) % steps.width, 0);
        EXPECT_EQ((page->top - whole.top) % steps.height, 0);
        EXPECT_EQ(page->width % steps.width, 0);
        EXPECT_EQ(page->height % steps.height, 0);
        EXPECT_LE(page->width * page->height, std::max(cells, steps.width * steps.height));
        for (auto row = page->top; row < page->top + page->height; ++row) {
          for (auto column = page->left; column < page->left + page->width; ++column) ASSERT_TRUE(seen.emplace(row, column).second);
        }
      }
      EXPECT_EQ(static_cast<std::int64_t>(seen.size()), whole.width * whole.height) << cells;
    }
  }
}

TEST(PagePlan, HalvesBetweenSteps) {
  const auto rows = PagePlan::halve({0, 10, 4, 6}, {1, 2});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->first.height, 2);
  EXPECT_EQ(rows->second.top, 12);
  EXPECT_EQ(rows->second.height, 4);
  const auto columns = PagePlan::halve({0, 0, 9, 2}, {3, 2});
  ASSERT_TRUE(columns);
  EXPECT_EQ(columns->first.width, 3);
  EXPECT_EQ(columns->second.left, 3);
  EXPECT_EQ(columns->second.height, 2);
  EXPECT_FALSE(PagePlan::halve({0, 0, 3, 2}, {3, 2}));
}

TEST(PagePlan, CannotHalveASingleCell) { EXPECT_FALSE(PagePlan::halve({0, 0, 1, 1})); }

}  // namespace
}  // namespace qonduit::fetch

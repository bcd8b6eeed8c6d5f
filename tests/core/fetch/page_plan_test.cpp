#include "core/fetch/page_plan.hpp"

#include <gtest/gtest.h>

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

TEST(PagePlan, UsesTheWholeBudgetOfACall) {
  PagePlan plan({0, 0, 8, 100'000}, 10'000);
  EXPECT_EQ(plan.next()->height, 1250);
}

TEST(PagePlan, MakesOnePageOfTenMillionRowsAtATime) {
  PagePlan plan({0, 0, 1, 10'000'000'000}, 10'000);
  EXPECT_EQ(plan.next()->height, 10'000);
  EXPECT_EQ(plan.next()->top, 10'000);
}

TEST(PagePlan, ShrinksLaterPagesAfterARefusal) {
  PagePlan plan({0, 0, 10, 1000}, 1000);
  EXPECT_EQ(plan.next()->height, 100);
  plan.shrink(1000);
  const auto page = plan.next();
  EXPECT_EQ(page->top, 100);
  EXPECT_EQ(page->height, 50);
}

TEST(PagePlan, NeverShrinksBelowOneCell) {
  PagePlan plan({0, 0, 3, 2}, 1);
  plan.shrink(1);
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

TEST(PagePlan, CannotHalveASingleCell) { EXPECT_FALSE(PagePlan::halve({0, 0, 1, 1})); }

}  // namespace
}  // namespace qonduit::fetch

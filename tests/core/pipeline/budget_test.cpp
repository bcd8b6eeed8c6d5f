#include "core/pipeline/budget.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::pipeline {
namespace {

using ::testing::HasSubstr;

TEST(CellBudget, LetsThroughWhatFitsInWhatIsLeft) {
  CellBudget budget(100);
  EXPECT_TRUE(budget.check(100).ok());
  budget.take(60);
  EXPECT_TRUE(budget.check(40).ok());
  EXPECT_TRUE(budget.check(-1).ok()) << "not known is checked while it is read";
  const auto refused = budget.check(41);
  EXPECT_EQ(refused.code(), Code::forbidden);
  EXPECT_THAT(refused.message(), HasSubstr("41 cells, more than budget.cells = 100"));
  EXPECT_THAT(refused.message(), HasSubstr("other datasets take 60"));
}

TEST(CellBudget, OfZeroIsNoLimit) {
  CellBudget budget(0);
  budget.take(1'000'000'000'000);
  EXPECT_TRUE(budget.check(1'000'000'000'000).ok());
}

}  // namespace
}  // namespace qonduit::pipeline

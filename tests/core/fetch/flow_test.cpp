// How many calls are in flight: what makes it more, and what makes it fewer.
#include "core/fetch/flow.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace qonduit::fetch {
namespace {

using std::chrono::milliseconds;

// Asks as much as there is room for, and has every call answered after this time.
void round(Flow& flow, milliseconds time, std::int64_t bytes = 1000) {
  int asked = 0;
  while (flow.room()) flow.sent(), ++asked;
  for (; asked > 0; --asked) {
    flow.arrived(time, milliseconds(20), bytes);
    flow.release(bytes);
  }
}

TEST(Flow, StaysAsItIsConfigured) {
  Flow flow(4);
  for (int i = 0; i < 10; ++i) round(flow, milliseconds(i % 2 == 0 ? 20 : 500));
  flow.sent();
  flow.aborted();
  EXPECT_EQ(flow.size(), 4);
}

TEST(Flow, GrowsWhileRepliesComeAsFast) {
  Flow flow;
  const auto first = flow.size();
  round(flow, milliseconds(20));
  EXPECT_EQ(flow.size(), 2 * first);
  for (int i = 0; i < 10; ++i) round(flow, milliseconds(25));
  EXPECT_EQ(flow.size(), 64);
}

TEST(Flow, ShrinksWhileTheyQueueUp) {
  Flow flow;
  for (int i = 0; i < 20; ++i) round(flow, milliseconds(120));
  EXPECT_EQ(flow.size(), 2);
  round(flow, milliseconds(20));
  EXPECT_EQ(flow.size(), 3) << "it feels its way back";
}

TEST(Flow, DoesNotGrowWhereItIsNotUsed) {
  Flow flow;
  const auto first = flow.size();
  for (int i = 0; i < 100; ++i) {
    flow.sent();
    flow.arrived(milliseconds(20), milliseconds(20), 10);
    flow.release(10);
  }
  EXPECT_EQ(flow.size(), first);
}

TEST(Flow, IsHalvedByAbortedCallsOnceForThoseOfOneMoment) {
  Flow flow;
  const auto first = flow.size();
  for (int i = 0; i < first; ++i) flow.sent();
  for (int i = 0; i < first; ++i) flow.aborted();
  EXPECT_EQ(flow.size(), first / 2);
  for (int i = 0; i < 10; ++i) {
    flow.sent();
    flow.aborted();
  }
  EXPECT_EQ(flow.size(), 1);
  EXPECT_EQ(flow.least(), 1);
  EXPECT_TRUE(flow.room());
}

TEST(Flow, LeavesACallToWhatIsReadNow) {
  Flow one(1);
  EXPECT_FALSE(one.room_ahead());
  Flow flow(4);
  while (flow.room_ahead()) flow.sent();
  EXPECT_EQ(flow.in_flight(), 3);
  EXPECT_TRUE(flow.room());
}

TEST(Flow, HasRoomForManySmallPagesUntilTheyQueueUp) {
  Flow flow;
  while (flow.room_ahead(true)) flow.sent();
  EXPECT_EQ(flow.in_flight(), 63);
  EXPECT_FALSE(flow.room_ahead());
  for (int i = 63; i > 0; --i) {
    flow.arrived(milliseconds(120), milliseconds(20), 10);
    flow.release(10);
  }
  while (flow.room_ahead(true)) flow.sent();
  EXPECT_EQ(flow.in_flight(), flow.size() - 1);

  Flow fixed(4);
  while (fixed.room_ahead(true)) fixed.sent();
  EXPECT_EQ(fixed.in_flight(), 3);

  Flow refused;
  refused.refused();
  while (refused.room_ahead(true)) refused.sent();
  EXPECT_EQ(refused.in_flight(), refused.size() - 1);
}

TEST(Flow, HasOneCallAtATimeWhileSomethingIsMeasured) {
  Flow flow(4);
  flow.alone(true);
  EXPECT_FALSE(flow.room_ahead());
  EXPECT_TRUE(flow.room());
  flow.sent();
  EXPECT_FALSE(flow.room());
  flow.alone(false);
  EXPECT_TRUE(flow.room());
}

TEST(Flow, BoundsWhatIsLookedAt) {
  EXPECT_EQ(Flow(1).looks(), 1);
  EXPECT_EQ(Flow(6).looks(), 3) << "of two calls each";
  Flow flow;
  EXPECT_EQ(flow.looks(), 64);
  const auto first = flow.size();
  flow.refused();
  EXPECT_EQ(flow.size(), first / 2);
  EXPECT_EQ(flow.looks(), first / 4);
  for (int i = 0; i < 10; ++i) flow.refused();
  EXPECT_EQ(flow.looks(), 1);
}

TEST(Flow, KeepsWhatWaitsWithinItsBytes) {
  constexpr std::int64_t kPage = std::int64_t{8} << 20;
  Flow flow;
  flow.sent();
  flow.arrived(milliseconds(20), milliseconds(20), kPage);
  int asked = 0;
  while (flow.room_ahead()) flow.sent(), ++asked;
  EXPECT_EQ(asked, 3) << "half of 64 MiB are for what is read before its turn";
  while (flow.room()) flow.sent(), ++asked;
  EXPECT_EQ(asked, 7);
  for (; asked > 0; --asked) flow.arrived(milliseconds(20), milliseconds(20), kPage);
  EXPECT_TRUE(flow.room()) << "one is always possible";
  EXPECT_FALSE(flow.room_ahead());
}

}  // namespace
}  // namespace qonduit::fetch

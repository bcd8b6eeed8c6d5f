// How many calls are in flight: what makes it more, and what makes it fewer.
#include "core/fetch/flow.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace qonduit::fetch {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kCells = 10;  // of a call

// Asks as much as there is room for, and has every call answered after this time.
void round(Flow& flow, milliseconds time, std::int64_t bytes = 1000) {
  int asked = 0;
  while (flow.room(kCells)) flow.sent(kCells), ++asked;
  for (; asked > 0; --asked) {
    flow.arrived(kCells, time, milliseconds(20), bytes);
    flow.release(bytes);
  }
}

TEST(Flow, StaysAsItIsConfigured) {
  Flow flow(4);
  for (int i = 0; i < 10; ++i) round(flow, milliseconds(i % 2 == 0 ? 20 : 500));
  flow.sent(kCells);
  flow.aborted(kCells);
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
    flow.sent(kCells);
    flow.arrived(kCells, milliseconds(20), milliseconds(20), 10);
    flow.release(10);
  }
  EXPECT_EQ(flow.size(), first);
}

TEST(Flow, IsHalvedByAbortedCallsOnceForThoseOfOneMoment) {
  Flow flow;
  const auto first = flow.size();
  for (int i = 0; i < first; ++i) flow.sent(kCells);
  for (int i = 0; i < first; ++i) flow.aborted(kCells);
  EXPECT_EQ(flow.size(), first / 2);
  for (int i = 0; i < 10; ++i) {
    flow.sent(kCells);
    flow.aborted(kCells);
  }
  EXPECT_EQ(flow.size(), 1);
  EXPECT_EQ(flow.least(), 1);
  EXPECT_TRUE(flow.room(kCells));
}

TEST(Flow, LeavesACallToWhatIsReadNow) {
  Flow one(1);
  EXPECT_FALSE(one.room_ahead(kCells));
  Flow flow(4);
  while (flow.room_ahead(kCells)) flow.sent(kCells);
  EXPECT_EQ(flow.in_flight(), 3);
  EXPECT_TRUE(flow.room(kCells));
}

TEST(Flow, HasRoomForManySmallPagesUntilTheyQueueUp) {
  Flow flow;
  while (flow.room_ahead(kCells, true)) flow.sent(kCells);
  EXPECT_EQ(flow.in_flight(), 63);
  EXPECT_FALSE(flow.room_ahead(kCells));
  for (int i = 63; i > 0; --i) {
    flow.arrived(kCells, milliseconds(120), milliseconds(20), 10);
    flow.release(10);
  }
  while (flow.room_ahead(kCells, true)) flow.sent(kCells);
  EXPECT_EQ(flow.in_flight(), flow.size() - 1);

  Flow fixed(4);
  while (fixed.room_ahead(kCells, true)) fixed.sent(kCells);
  EXPECT_EQ(fixed.in_flight(), 3);

  Flow refused;
  refused.refused();
  while (refused.room_ahead(kCells, true)) refused.sent(kCells);
  EXPECT_EQ(refused.in_flight(), refused.size() - 1);
}

TEST(Flow, HasOneCallAtATimeWhileSomethingIsMeasured) {
  Flow flow(4);
  flow.alone(true);
  EXPECT_FALSE(flow.room_ahead(kCells));
  EXPECT_TRUE(flow.room(kCells));
  flow.sent(kCells);
  EXPECT_FALSE(flow.room(kCells));
  flow.alone(false);
  EXPECT_TRUE(flow.room(kCells));
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
  constexpr std::int64_t kPage = 10'000, kBytes = std::int64_t{8} << 20;
  Flow flow;
  flow.sent(kPage);
  flow.arrived(kPage, milliseconds(20), milliseconds(20), kBytes);
  int asked = 0;
  while (flow.room_ahead(kPage)) flow.sent(kPage), ++asked;
  EXPECT_EQ(asked, 2) << "half of 48 MiB are for what is read before its turn";
  while (flow.room(kPage)) flow.sent(kPage), ++asked;
  EXPECT_EQ(asked, 5);
  for (; asked > 0; --asked) flow.arrived(kPage, milliseconds(20), milliseconds(20), kBytes);
  EXPECT_TRUE(flow.room(kPage)) << "one is always possible";
  EXPECT_FALSE(flow.room_ahead(kPage));
}

// Many small charts tell nothing of what a page of a large one takes.
TEST(Flow, CountsCallsByTheirCells) {
  constexpr std::int64_t kPage = 10'000, kBytes = 2'900'000;
  Flow flow(64);
  for (int i = 0; i < 200; ++i) {
    flow.sent(kCells);
    flow.arrived(kCells, milliseconds(20), milliseconds(20), 900);
    flow.release(900);
  }
  int first = 0, later = 0;
  while (flow.room_ahead(kPage)) flow.sent(kPage), ++first;
  EXPECT_EQ(first, 35) << "of 70 bytes a cell, until it is known better";
  for (int i = 0; i < first; ++i) {
    flow.arrived(kPage, milliseconds(20), milliseconds(20), kBytes);
    flow.release(kBytes);
  }
  while (flow.room_ahead(kPage)) flow.sent(kPage), ++later;
  EXPECT_EQ(later, 8);
  EXPECT_TRUE(flow.room_ahead(kCells)) << "a small one fits all the same";
}

}  // namespace
}  // namespace qonduit::fetch

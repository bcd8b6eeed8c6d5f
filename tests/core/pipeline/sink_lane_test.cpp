#include "core/pipeline/sink_lane.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <numeric>

#include "tests/core/pipeline/recording_sink.hpp"

namespace qonduit::pipeline {
namespace {

using testing::batch_of;

// A write that waits at a gate.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void wait_for_somebody() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

TEST(SinkLane, WritesEverythingInOrder) {
  std::vector<std::int64_t> lengths;
  SinkLane lane([&](const ArrowArray& batch) { return lengths.push_back(batch.length), Status(); }, 3);
  for (int i = 1; i <= 100; ++i) ASSERT_TRUE(lane.push(batch_of(0, i), {}).ok());
  ASSERT_TRUE(lane.drain().ok());
  std::vector<std::int64_t> expected(100);
  std::iota(expected.begin(), expected.end(), 1);
  EXPECT_EQ(lengths, expected);
}

TEST(SinkLane, HoldsTheReaderBackWhenItsQueueIsFull) {
  Gate gate;
  SinkLane lane([&](const ArrowArray&) { return gate.pass(), Status(); }, 2);
  ASSERT_TRUE(lane.push(batch_of(0, 1), {}).ok());
  gate.wait_for_somebody();  // one is being written
  ASSERT_TRUE(lane.push(batch_of(0, 1), {}).ok());
  ASSERT_TRUE(lane.push(batch_of(0, 1), {}).ok());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(lane.push(batch_of(0, 1), stop.get_token()).code(), Code::cancelled) << "two wait: there is no room";
  auto fourth = std::async(std::launch::async, [&] { return lane.push(batch_of(0, 1), {}); });
  gate.open();
  EXPECT_TRUE(fourth.get().ok());
  EXPECT_TRUE(lane.drain().ok());
}

TEST(SinkLane, BeginsBeforeItWrites) {
  std::vector<std::string> events;
  SinkLane lane([&](const ArrowArray&) { return events.emplace_back("write"), Status(); }, 1,
                [&] { return events.emplace_back("begin"), Status(); });
  ASSERT_TRUE(lane.push(batch_of(0, 1), {}).ok());
  ASSERT_TRUE(lane.drain().ok());
  EXPECT_EQ(events, (std::vector<std::string>{"begin", "write"}));

  SinkLane refused([&](const ArrowArray&) { return events.emplace_back("written"), Status(); }, 1,
                   [] { return Status(Code::forbidden, "no"); });
  Status status;
  while (status.ok()) status = refused.push(batch_of(0, 1), {});
  EXPECT_EQ(status.code(), Code::forbidden);
  EXPECT_EQ(refused.drain().code(), Code::forbidden);
  EXPECT_EQ(events.size(), 2u);
}

TEST(SinkLane, TellsTheFirstFailureAndWritesNoMore) {
  int writes = 0;
  SinkLane lane([&](const ArrowArray&) { return ++writes == 2 ? Status(Code::io, "disk full") : Status(); }, 1);
  Status status;
  while (status.ok()) status = lane.push(batch_of(0, 1), {});
  EXPECT_EQ(status.code(), Code::io);
  EXPECT_EQ(lane.push(batch_of(0, 1), {}).code(), Code::io);
  EXPECT_EQ(lane.drain().code(), Code::io);
  EXPECT_EQ(writes, 2);
}

TEST(SinkLane, DropsWhatWaitsWhenDiscarded) {
  Gate gate;
  int writes = 0;
  SinkLane lane([&](const ArrowArray&) { return ++writes, gate.pass(), Status(); }, 8);
  ASSERT_TRUE(lane.push(batch_of(0, 1), {}).ok());
  gate.wait_for_somebody();
  // The write under way is let go by what waits behind it being dropped.
  auto waiting = batch_of(0, 1);
  auto* array = waiting.get();
  ASSERT_TRUE(lane.push(SharedBatch(array, [&gate, kept = std::move(waiting)](ArrowArray*) { gate.open(); }), {}).ok());
  lane.discard();
  EXPECT_EQ(writes, 1);
  EXPECT_TRUE(lane.drain().ok());
}

TEST(SinkLane, ReleasesItsBatches) {
  auto batch = batch_of(0, 10);
  {
    SinkLane lane([](const ArrowArray&) { return Status(); }, 2);
    ASSERT_TRUE(lane.push(batch, {}).ok());
    ASSERT_TRUE(lane.drain().ok());
  }
  EXPECT_EQ(batch.use_count(), 1);
}

}  // namespace
}  // namespace qonduit::pipeline

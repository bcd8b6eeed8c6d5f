#include "core/pipeline/delivery_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "tests/core/pipeline/delivery_fixture.hpp"

namespace qonduit::pipeline {
namespace {

using testing::batch_of;
using ::testing::ElementsAre;
using testing::targets;

class DeliveryLineTest : public testing::DeliveryFixture {
 protected:
  // A delivery of one row into one of the sinks, and what is called before its commit.
  void add(
      std::size_t sink, std::function<Status(const Delivery&)> before_commit = [](const Delivery&) { return Status(); }) {
    auto delivery = begin({sink});
    ASSERT_TRUE(delivery->opened().ok());
    ASSERT_TRUE(delivery->write(batch_of(0, 1), {}).ok());
    line_.add(std::move(delivery), 1, std::move(before_commit));
  }

  // It was opened, and nothing of it is left; what waited for its sink may not have been written.
  static void expect_aborted(const std::string& name) {
    const auto& events = targets()[name].events;
    ASSERT_FALSE(events.empty());
    EXPECT_EQ(events.back(), "abort") << name;
    EXPECT_THAT(events, ::testing::Not(::testing::Contains("commit"))) << name;
  }

  DeliveryLine line_;
};

// What finishes it is over before a test ends: every delivery is taken.
TEST_F(DeliveryLineTest, CommitsInTheOrderTheyCame) {
  std::promise<void> go;
  std::vector<std::string> order;  // one at a time
  add(0, [&](const Delivery& delivery) {
    go.get_future().wait();
    order.push_back(delivery.names().front());
    return Status();
  });
  for (const std::size_t sink : {1u, 2u}) {
    add(sink, [&](const Delivery& delivery) {
      order.push_back(delivery.names().front());
      return Status();
    });
  }
  EXPECT_FALSE(line_.ended());
  EXPECT_EQ(line_.size(), 3u);
  go.set_value();
  for (const auto* name : {"a", "b", "c"}) {
    const auto end = line_.take({});
    ASSERT_TRUE(end.targets) << end.targets.error().message();
    EXPECT_EQ(end.targets->front().sink, name);
    EXPECT_TRUE(end.commit_begun);
    EXPECT_THAT(targets()[name].events, ElementsAre("open", "write", "commit"));
  }
  EXPECT_THAT(order, ElementsAre("memory a", "memory b", "memory c"));
  EXPECT_EQ(line_.size(), 0u);
}

TEST_F(DeliveryLineTest, HoldsBehindOneThatFailedUntilItIsDecided) {
  targets()["a"].failing["commit"] = Code::io;
  add(0);
  add(1);
  auto end = line_.take({});
  ASSERT_FALSE(end.targets);
  EXPECT_EQ(end.targets.error().code(), Code::io);
  EXPECT_TRUE(end.commit_begun);
  EXPECT_EQ(targets()["a"].events.back(), "abort");
  EXPECT_FALSE(line_.ended()) << "what comes behind it waits";
  line_.go_on();
  end = line_.take({});
  ASSERT_TRUE(end.targets);
  EXPECT_EQ(end.targets->front().sink, "b");
}

TEST_F(DeliveryLineTest, DropsWhatIsBehindOneThatFailed) {
  add(0, [](const Delivery&) { return Status(Code::inconsistent, "not there"); });
  add(1);
  add(2);
  const auto end = line_.take({});
  ASSERT_FALSE(end.targets);
  EXPECT_FALSE(end.commit_begun) << "it was kept from its commit";
  line_.drop();
  EXPECT_EQ(line_.size(), 0u);
  for (const auto* name : {"a", "b", "c"}) expect_aborted(name);
  // And another one can begin.
  targets()["a"].rows = 0;
  add(0);
  EXPECT_TRUE(line_.take({}).targets);
}

TEST_F(DeliveryLineTest, StopsBeforeACommitAndNotInOne) {
  std::promise<void> in_commit, go;
  add(0, [&](const Delivery&) {
    in_commit.set_value();
    go.get_future().wait();
    return Status();
  });
  add(1);
  in_commit.get_future().wait();
  std::stop_source stop;
  stop.request_stop();
  auto first = std::async(std::launch::async, [&] { return line_.take(stop.get_token()); });
  go.set_value();
  EXPECT_TRUE(first.get().targets) << "it had begun";
  const auto second = line_.take(stop.get_token());
  // Its turn may have come before it was asked for.
  if (!second.targets) {
    EXPECT_EQ(second.targets.error().code(), Code::cancelled);
    expect_aborted("b");
  } else {
    EXPECT_EQ(targets()["b"].events.back(), "commit");
  }
}

TEST_F(DeliveryLineTest, ItsEndAbortsWhatIsLeft) {
  std::promise<void> go;  // outlives who waits for it
  {
    DeliveryLine line;
    auto delivery = begin({0});
    ASSERT_TRUE(delivery->opened().ok());
    line.add(std::move(delivery), 1, [&](const Delivery&) {
      go.get_future().wait();
      return Status(Code::io, "no");
    });
    auto other = begin({1});
    ASSERT_TRUE(other->opened().ok());
    line.add(std::move(other), 1, [](const Delivery&) { return Status(); });
    go.set_value();
  }
  for (const auto* name : {"a", "b"}) expect_aborted(name);
}

}  // namespace
}  // namespace qonduit::pipeline

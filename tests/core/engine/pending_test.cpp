// Waiting for replies, and what is seen to meanwhile.
#include "core/engine/pending.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/core/engine/calls_in_memory.hpp"

namespace qonduit::engine {
namespace {

TEST(Pending, TakesTheRepliesInTheOrderOfTheCalls) {
  CallsInMemory engine;
  Pending pending(engine, {{1, "A", "[]", {}}, {2, "B", "[]", {}}});
  EXPECT_FALSE(pending.complete());
  engine.answer(1, R"({"b":1})");
  EXPECT_FALSE(pending.complete());
  engine.answer(0, R"({"a":1})");
  EXPECT_TRUE(pending.complete());
  const auto replies = pending.take();
  ASSERT_EQ(replies.size(), 2u);
  EXPECT_EQ(replies[0].result, R"({"a":1})");
  EXPECT_EQ(replies[1].result, R"({"b":1})");
  EXPECT_TRUE(Pending().complete());
}

TEST(Pending, IsToldOfEachReplyAsItComes) {
  CallsInMemory engine;
  std::vector<std::size_t> arrived;
  const Pending pending(engine, {{1, "A", "[]", {}}, {2, "B", "[]", {}}}, [&](std::size_t call) { arrived.push_back(call); });
  engine.answer(1, "{}");
  engine.answer(0, "{}");
  EXPECT_EQ(arrived, (std::vector<std::size_t>{1, 0}));
}

TEST(Arrivals, WakesWhoeverWaits) {
  CallsInMemory engine;
  Pending pending(engine, {{1, "A", "[]", {}}});
  std::thread other([&] { engine.answer(0, "{}"); });
  EXPECT_TRUE(pending.take().front().ok());
  other.join();
}

TEST(Arrivals, EndsAWaitThatIsStopped) {
  CallsInMemory engine;
  std::stop_source stop;
  std::thread other([&] { stop.request_stop(); });
  EXPECT_FALSE(engine.arrivals()->wait([] { return false; }, stop.get_token()));
  other.join();
}

// Whatever waits does the rounds; a round that waits itself does none.
TEST(Arrivals, DoesItsRoundsInEachWait) {
  CallsInMemory engine;
  int rounds = 0;
  {
    const Rounds others(*engine.arrivals(), [&] {
      ++rounds;
      engine.answer(0, "{}");
    });
    EXPECT_TRUE(engine.call(1, "A").ok());
  }
  EXPECT_EQ(rounds, 1);
  EXPECT_EQ(engine.arrivals()->waits(), 1);
  Pending pending(engine, {{1, "B", "[]", {}}});
  engine.answer(1, "{}");
  EXPECT_TRUE(pending.take().front().ok());
  EXPECT_EQ(rounds, 1);
  EXPECT_EQ(engine.arrivals()->waits(), 1) << "what is there is not waited for";
}

TEST(Arrivals, DoesTheRoundsOfBeforeAgain) {
  CallsInMemory engine;
  std::string done;
  std::size_t answered = 0;
  const auto round = [&](char name) {
    return [&, name] {
      done += name;
      engine.answer(answered++, "{}");
    };
  };
  const Rounds outer(*engine.arrivals(), round('o'));
  {
    const Rounds inner(*engine.arrivals(), round('i'));
    EXPECT_TRUE(engine.call(1, "A").ok());
  }
  EXPECT_TRUE(engine.call(1, "B").ok());
  EXPECT_EQ(done, "io");
}

}  // namespace
}  // namespace qonduit::engine

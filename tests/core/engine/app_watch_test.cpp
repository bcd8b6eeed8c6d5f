// One answer of the engine proves all that was read before it was asked.
#include "core/engine/app_watch.hpp"

#include <gtest/gtest.h>

#include "tests/core/engine/calls_in_memory.hpp"

namespace qonduit::engine {
namespace {

class AppWatchTest : public ::testing::Test {
 protected:
  AppWatchTest() { watch_.learn({"id", "Sales", "monday", {}}); }
  static std::string loaded(const std::string& when) { return R"({"qLayout":{"qTitle":"Sales","qLastReloadTime":")" + when + "\"}}"; }

  CallsInMemory engine_;
  AppWatch& watch_ = engine_.watch();
};

TEST_F(AppWatchTest, ProvesWhatWasReadBeforeItWasAsked) {
  const auto first = AppWatch::Clock::now();
  watch_.ask(first);
  watch_.ask(first);
  EXPECT_EQ(engine_.methods.size(), 1u) << "one question is enough";
  EXPECT_FALSE(watch_.answered(first));
  engine_.answer(0, loaded("monday"));
  EXPECT_TRUE(watch_.answered(first));
  EXPECT_TRUE(watch_.unchanged(first, "monday").ok());
  EXPECT_EQ(watch_.known().id, "id");
  EXPECT_EQ(engine_.methods.size(), 1u);
}

TEST_F(AppWatchTest, AsksAgainForWhatWasReadLater) {
  watch_.ask(AppWatch::Clock::now());
  const auto later = AppWatch::Clock::now();
  watch_.ask(later);
  EXPECT_EQ(engine_.methods.size(), 1u) << "the answer to the first may come first";
  engine_.answer(0, loaded("monday"));
  EXPECT_FALSE(watch_.answered(later)) << "it was asked before that was read";
  watch_.ask(later);
  ASSERT_EQ(engine_.methods.size(), 2u);
  engine_.answer(1, loaded("tuesday"));
  const auto status = watch_.unchanged(later, "monday");
  EXPECT_EQ(status.code(), Code::inconsistent);
  EXPECT_NE(status.message().find("monday, now tuesday"), std::string::npos) << status.message();
  EXPECT_EQ(watch_.known().reload_time, "tuesday");
}

TEST_F(AppWatchTest, SaysWhyItCouldNotBeAsked) {
  const auto moment = AppWatch::Clock::now();
  watch_.ask(moment);
  engine_.fail(0, {Code::unavailable, "gone"});
  EXPECT_EQ(watch_.unchanged(moment, "monday").code(), Code::unavailable);
  watch_.ask(moment);
  engine_.answer(1, loaded("monday"));
  EXPECT_TRUE(watch_.unchanged(moment, "monday").ok());
}

// What is seen with the app is asked with it, and judged by what it was when it was asked.
class AppWatchWithCompanionTest : public AppWatchTest {
 protected:
  AppWatchWithCompanionTest() {
    watch_.accompany([this] {
      return AppWatch::Companion{{{7, "GetLayout", "[]", {}}}, [before = now_](const std::vector<Reply>& replies) -> Status {
                                   if (!replies.at(0).ok()) return replies[0].status;
                                   return replies[0].result == before ? Status() : Status(Code::inconsistent, "another state");
                                 }};
    });
  }
  void answer(std::size_t question, const std::string& state) {
    engine_.answer(2 * question, loaded("monday"));
    engine_.answer(2 * question + 1, state);
  }
  std::string now_ = "north";
};

TEST_F(AppWatchWithCompanionTest, ProvesBoth) {
  const auto moment = AppWatch::Clock::now();
  watch_.ask(moment);
  EXPECT_EQ(engine_.methods, (std::vector<std::string>{"GetAppLayout", "GetLayout"}));
  engine_.answer(0, loaded("monday"));
  EXPECT_FALSE(watch_.answered(moment)) << "half of it is no proof";
  engine_.answer(1, "north");
  EXPECT_TRUE(watch_.unchanged(moment, "monday").ok());
}

TEST_F(AppWatchWithCompanionTest, ProvesNothingThatWasReadInAnotherState) {
  const auto first = AppWatch::Clock::now();
  watch_.ask(first);
  answer(0, "south");
  EXPECT_EQ(watch_.unchanged(first, "monday").code(), Code::inconsistent);
  EXPECT_EQ(watch_.unchanged(first, "monday").code(), Code::inconsistent) << "and so for everything that was read before it was asked";
  now_ = "south";
  const auto later = AppWatch::Clock::now();
  watch_.ask(later);
  answer(1, "south");
  EXPECT_TRUE(watch_.unchanged(later, "monday").ok());
}

TEST_F(AppWatchWithCompanionTest, IsNotProvenByWhatCouldNotBeAsked) {
  const auto moment = AppWatch::Clock::now();
  watch_.ask(moment);
  engine_.answer(0, loaded("tuesday"));
  engine_.fail(1, {Code::unavailable, "aborted"});
  EXPECT_EQ(watch_.unchanged(moment, "monday").code(), Code::unavailable);
  EXPECT_EQ(watch_.known().reload_time, "tuesday") << "what was answered is known";
  watch_.ask(moment);
  answer(1, "north");
  EXPECT_TRUE(watch_.unchanged(moment, "monday").ok());
}

}  // namespace
}  // namespace qonduit::engine

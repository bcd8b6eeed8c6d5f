#include "core/service/scheduler.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <map>

namespace qonduit::service {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

TEST(Schedule, IsOneIntervalAfterAShortRun) {
  const Clock::time_point began{};
  EXPECT_EQ(next_due(began, minutes(15), began + seconds(20)) - began, minutes(15));
}

TEST(Schedule, LetsMissedTimesFallAway) {
  const Clock::time_point began{};
  EXPECT_EQ(next_due(began, minutes(15), began + minutes(50)) - began, minutes(60));
}

TEST(Schedule, IsAtOnceWhenARunEndsExactlyAtAMultiple) {
  const Clock::time_point began{};
  EXPECT_EQ(next_due(began, minutes(15), began + minutes(30)) - began, minutes(30));
}

TEST(Scheduler, NeverRunsAPipelineTwiceAtOnce) {
  std::atomic<int> running{0}, most{0}, runs{0};
  std::latch done(1);
  Scheduler scheduler(
      {{"sales", seconds(1)}},
      [&](const std::string&, const std::stop_token&) {
        most = std::max(most.load(), ++running);
        if (++runs == 5) done.count_down();
        --running;
      },
      [&](Clock::time_point, const std::stop_token& stop) { return runs < 5 && !stop.stop_requested(); });
  done.wait();
  scheduler.stop();
  EXPECT_EQ(most, 1);
  EXPECT_EQ(runs, 5);
}

TEST(Scheduler, RunsPipelinesSideBySide) {
  std::latch both(2);
  Scheduler scheduler({{"sales", minutes(1)}, {"stock", minutes(1)}},
                      [&](const std::string&, const std::stop_token&) { both.arrive_and_wait(); });
  both.wait();
  scheduler.stop();
}

TEST(Scheduler, AsksARunToStopAndWaitsForIt) {
  std::latch started(1);
  std::atomic<bool> ended{false};
  Scheduler scheduler({{"sales", minutes(1)}}, [&](const std::string&, const std::stop_token& stop) {
    started.count_down();
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any until_stopped;
    until_stopped.wait(lock, stop, [] { return false; });
    ended = true;
  });
  started.wait();
  scheduler.stop();
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace qonduit::service

#include "tests/integration/kill_while_delivering.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <iostream>

#include "plugins/sinks/testing/kills.hpp"

namespace qonduit::integration {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::size_t kCustomers = 1200;

// Whole, each row once, and all of one run.
void expect_whole(const std::vector<std::string>& rows, int run) {
  ASSERT_THAT(rows, SizeIs(kCustomers));
  ASSERT_THAT(rows, Each(HasSubstr("\"Run\":" + std::to_string(run))));
  auto sorted = rows;
  std::sort(sorted.begin(), sorted.end());
  ASSERT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end());
}

}  // namespace

Killer::Killer(std::chrono::milliseconds run)
    : random_(sinks::testing::chosen_moments()), kills_(sinks::testing::kills()), longest_(std::chrono::duration<double>(run).count()) {}

Killer::~Killer() {
  std::cout << died_ << " hosts died, " << delivered_ << " of them after they had delivered; " << finished_ << " came to their end"
            << std::endl;
}

bool Killer::finishes(std::vector<std::string> command) {
  moment_ = std::uniform_real_distribution<>(0.001, std::max(longest_, 0.002))(random_);
  const std::vector<std::string> killer = {"/usr/bin/env", "timeout", "-s", "KILL", std::to_string(moment_)};
  command.insert(command.begin(), killer.begin(), killer.end());
  const auto outcome = run(command);
  if (outcome.exit_code == 0) {
    longest_ *= 0.9;
    ++finished_;
    return true;
  }
  EXPECT_EQ(outcome.exit_code, 128 + SIGKILL) << outcome.out << outcome.err;
  longest_ *= 1.01;
  ++died_;
  return false;
}

void set_run(Host& host, int number) { host.set("pipeline.p.constant.Run", std::to_string(number)).set("pipeline.p.type.Run", "int64"); }

void deliver_customers(Host& host, const std::string& type) {
  host.set("pipeline.p.sinks", "queue").set("pipeline.p.objects", "object:table-customers").set("sink.queue.type", type);
}

void kill_while_delivering(Host& host, const Seen& seen) {
  int number = 1;
  set_run(host, number);
  const auto first = host.run();
  ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
  ASSERT_NO_FATAL_FAILURE(expect_whole(seen(), number));
  // How long a run takes is what the second says: the first makes queues and topics.
  set_run(host, ++number);
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(host.run().exit_code, 0);
  Killer killer(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin));
  ASSERT_NO_FATAL_FAILURE(expect_whole(seen(), number));

  while (killer.goes_on()) {
    set_run(host, ++number);
    const bool finished = killer.finishes(host.command({"run", "--json"}));
    const auto rows = seen();
    // A host may die between the last confirmation and its own end.
    if (!finished && rows.empty()) continue;
    if (!finished) killer.had_delivered();
    SCOPED_TRACE(killer.moment());
    ASSERT_NO_FATAL_FAILURE(expect_whole(rows, number));
  }
  set_run(host, ++number);
  ASSERT_EQ(host.run().exit_code, 0) << "a host that was killed hinders none after it";
  expect_whole(seen(), number);
}

}  // namespace qonduit::integration

#include "tests/integration/kill_while_delivering.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <random>

namespace qonduit::integration {
namespace {

using ::testing::SizeIs;

constexpr std::size_t kCustomers = 1200;

}  // namespace

void kill_while_delivering(Host& host, const Seen& seen) {
  const auto first = host.run();
  ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
  const auto rows = seen();
  ASSERT_THAT(rows, SizeIs(kCustomers));
  // How long a run takes is what the second says: the first makes queues and topics.
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(host.run().exit_code, 0);
  const auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
  ASSERT_EQ(seen(), rows);

  const char* wished = std::getenv("QONDUIT_KILLS");
  const int kills = wished == nullptr ? 48 : std::atoi(wished);
  std::mt19937 random(11);
  int died = 0;
  for (int kill = 0; kill < kills; ++kill) {
    auto command = host.command({"run", "--json"});
    const auto delay = static_cast<double>(random() % static_cast<unsigned>(longest) + 1) / 1000;
    const std::vector<std::string> killer = {"/usr/bin/env", "timeout", "-s", "KILL", std::to_string(delay)};
    command.insert(command.begin(), killer.begin(), killer.end());
    const bool finished = integration::run(command).exit_code == 0;
    died += finished ? 0 : 1;
    const auto more = seen();
    // A host may die between the last confirmation and its own end.
    if (finished || !more.empty()) {
      ASSERT_EQ(more, rows) << "kill " << kill << " after " << delay << " s";
    }
  }
  EXPECT_GT(died, kills / 4) << "the moments were too late";
  ASSERT_EQ(host.run().exit_code, 0) << "a host that was killed hinders none after it";
  EXPECT_EQ(seen(), rows);
}

void deliver_customers(Host& host, const std::string& sink) {
  host.set("pipeline.p.sinks", "queue").set("pipeline.p.objects", "object:table-customers").set("sink.queue.type", sink);
}

}  // namespace qonduit::integration

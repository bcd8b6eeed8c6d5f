// The host, killed at any moment while it delivers into a real RabbitMQ: a consumer that believes markers sees whole deliveries only, among
// them each that was reported delivered. QONDUIT_KILLS says how often (scripts/endurance).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <set>

#include "plugins/sinks/queue/testing/consumer.hpp"
#include "plugins/sinks/queue/testing/rabbitmq_server.hpp"
#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using amqp::testing::RabbitmqServer;
using amqp::testing::RabbitmqSession;
using ::testing::SizeIs;

constexpr std::size_t kCustomers = 1200;

// Rows of completed deliveries that are in the queue, taken out of it.
std::vector<std::string> customers(RabbitmqSession& session) {
  std::vector<queue::testing::Delivered> messages;
  for (auto& message : session.take_all("customers")) messages.push_back({message.id, message.type, message.body});
  return queue::testing::completed(messages).value_or(std::vector<std::string>());
}

TEST(QueueKills, AConsumerSeesWholeDeliveriesOnly) {
  auto& broker = RabbitmqServer::shared();
  RabbitmqSession session(broker.port());
  const Simulator engine({"--app", demo_app().string()});
  Host host(engine.url());
  host.set("pipeline.p.sinks", "queue").set("pipeline.p.objects", "object:table-customers");
  host.set("sink.queue.type", "amqp").set("sink.queue.url", broker.url()).set("sink.queue.marker", "true");
  host.set("sink.queue.routing-key", "customers").set("sink.queue.declare-queue", "classic");
  const auto begin = std::chrono::steady_clock::now();
  const auto first = host.run();
  ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
  const auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
  const auto rows = customers(session);
  ASSERT_THAT(rows, SizeIs(kCustomers));

  const char* wished = std::getenv("QONDUIT_KILLS");
  const int kills = wished == nullptr ? 40 : std::atoi(wished);
  std::mt19937 random(11);
  int died = 0;
  for (int kill = 0; kill < kills; ++kill) {
    auto command = host.command({"run", "--json"});
    const auto delay = static_cast<double>(random() % static_cast<unsigned>(longest) + 1) / 1000;
    const std::vector<std::string> killer = {"/usr/bin/env", "timeout", "-s", "KILL", std::to_string(delay)};
    command.insert(command.begin(), killer.begin(), killer.end());
    const bool finished = integration::run(command).exit_code == 0;
    died += finished ? 0 : 1;
    const auto seen = customers(session);
    // A host may die between the confirmation of the last marker and its own end.
    if (finished || !seen.empty()) {
      ASSERT_EQ(seen, rows) << "kill " << kill << " after " << delay << " s";
    }
  }
  EXPECT_GT(died, kills / 4) << "the moments were too late";
  ASSERT_EQ(host.run().exit_code, 0) << "a host that was killed hinders none after it";
  EXPECT_EQ(customers(session), rows);
}

}  // namespace
}  // namespace qonduit::integration

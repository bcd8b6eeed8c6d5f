// The host, killed at any moment while it delivers into a real RabbitMQ and a real Kafka: consumers see whole deliveries only, among them
// each that was reported delivered. To RabbitMQ that is a consumer that believes markers, to Kafka one that reads committed messages.
// QONDUIT_KILLS says how often (scripts/endurance).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>
#include <set>

#include "plugins/sinks/queue/testing/consumer.hpp"
#include "plugins/sinks/queue/testing/kafka_reader.hpp"
#include "plugins/sinks/queue/testing/kafka_server.hpp"
#include "plugins/sinks/queue/testing/rabbitmq_server.hpp"
#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using amqp::testing::RabbitmqServer;
using amqp::testing::RabbitmqSession;
using kafka::testing::KafkaServer;
using ::testing::SizeIs;

constexpr std::size_t kCustomers = 1200;

// The rows of the deliveries that a consumer has seen since it was last asked.
using Seen = std::function<std::vector<std::string>()>;

void kill_while_delivering(Host& host, const Seen& seen) {
  const auto begin = std::chrono::steady_clock::now();
  const auto first = host.run();
  ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
  const auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
  const auto rows = seen();
  ASSERT_THAT(rows, SizeIs(kCustomers));

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

TEST(QueueKills, AConsumerThatBelievesMarkersSeesWholeDeliveriesOnly) {
  auto& broker = RabbitmqServer::shared();
  RabbitmqSession session(broker.port());
  const Simulator engine({"--app", demo_app().string()});
  Host host(engine.url());
  host.set("pipeline.p.sinks", "queue").set("pipeline.p.objects", "object:table-customers");
  host.set("sink.queue.type", "amqp").set("sink.queue.url", broker.url()).set("sink.queue.marker", "true");
  host.set("sink.queue.routing-key", "customers").set("sink.queue.declare-queue", "classic");
  session.make_queue("customers", {{"x-queue-type", "classic"}});
  kill_while_delivering(host, [&] {
    std::vector<queue::testing::Delivered> messages;
    for (auto& message : session.take_all("customers")) messages.push_back({message.id, message.type, message.body});
    return queue::testing::completed(messages).value_or(std::vector<std::string>());
  });
}

TEST(QueueKills, AConsumerThatReadsCommittedMessagesSeesWholeDeliveriesOnly) {
  auto& broker = KafkaServer::shared();
  const Simulator engine({"--app", demo_app().string()});
  Host host(engine.url());
  host.set("pipeline.p.sinks", "queue").set("pipeline.p.objects", "object:table-customers");
  host.set("sink.queue.type", "kafka").set("sink.queue.bootstrap-servers", broker.address()).set("sink.queue.tls", "false");
  host.set("sink.queue.topic", "customers").set("sink.queue.create-topic", "true").set("sink.queue.delivery", "transactional");
  std::size_t before = 0;
  std::set<std::string> ids;
  kill_while_delivering(host, [&] {
    std::vector<std::string> bodies;
    const auto messages = kafka::testing::read_all(broker.address(), "customers");
    for (std::size_t i = before; i < messages.size(); ++i) {
      EXPECT_TRUE(ids.insert(messages[i].id).second) << "there twice: " << messages[i].id;
      bodies.push_back(messages[i].body.value());
    }
    before = messages.size();
    return bodies;
  });
}

}  // namespace
}  // namespace qonduit::integration

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: servers die with the thread that started them.
  if (!GTEST_FLAG_GET(list_tests)) RabbitmqServer::shared(), KafkaServer::shared();
  return RUN_ALL_TESTS();
}

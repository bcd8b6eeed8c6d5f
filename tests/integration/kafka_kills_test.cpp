// Hosts killed while they deliver into a real Kafka in transactions, seen by a consumer that reads committed messages.
#include <gtest/gtest.h>

#include <set>

#include "plugins/sinks/queue/testing/kafka_reader.hpp"
#include "plugins/sinks/queue/testing/kafka_server.hpp"
#include "tests/integration/kill_while_delivering.hpp"

namespace qonduit::integration {
namespace {

using kafka::testing::KafkaServer;

TEST(KafkaKills, AConsumerThatReadsCommittedMessagesSeesWholeDeliveriesOnly) {
  auto& broker = KafkaServer::shared();
  const Simulator engine({"--app", demo_app().string()});
  Host host(engine.url());
  deliver_customers(host, "kafka");
  host.set("sink.queue.bootstrap-servers", broker.address()).set("sink.queue.tls", "false");
  const auto topic = host.folder().path().filename().string();
  host.set("sink.queue.topic", topic).set("sink.queue.create-topic", "true").set("sink.queue.delivery", "transactional");
  std::size_t before = 0;
  std::set<std::string> ids;
  kill_while_delivering(host, [&] {
    std::vector<std::string> bodies;
    const auto messages = kafka::testing::read_all(broker.address(), topic);
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
  // Started by this thread: the server dies with the thread that started it.
  if (!GTEST_FLAG_GET(list_tests)) qonduit::kafka::testing::KafkaServer::shared();
  return RUN_ALL_TESTS();
}

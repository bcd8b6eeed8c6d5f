// Hosts killed while they deliver into a real RabbitMQ, seen by a consumer that believes markers.
#include <gtest/gtest.h>

#include <string_view>

#include "plugins/sinks/queue/testing/consumer.hpp"
#include "plugins/sinks/queue/testing/rabbitmq_server.hpp"
#include "tests/integration/kill_while_delivering.hpp"

namespace qonduit::integration {
namespace {

using amqp::testing::RabbitmqServer;
using amqp::testing::RabbitmqSession;

class QueueKills : public ::testing::TestWithParam<const char*> {};

TEST_P(QueueKills, AConsumerThatBelievesMarkersSeesWholeDeliveriesOnly) {
  auto& broker = RabbitmqServer::shared();
  RabbitmqSession session(broker.port());
  Host host(demo_engine().url());
  deliver_customers(host, "amqp");
  const auto queue = host.folder().path().filename().string();
  host.set("sink.queue.url", broker.url()).set("sink.queue.marker", "true").set("sink.queue.mode", GetParam());
  host.set("sink.queue.routing-key", queue).set("sink.queue.declare-queue", "classic");
  if (std::string_view(GetParam()) == "changes") host.set("sink.queue.key", "No.").set("sink.queue.state-directory", host.out().string());
  session.make_queue(queue, {{"x-queue-type", "classic"}});
  kill_while_delivering(host, [&] {
    std::vector<queue::testing::Delivered> messages;
    for (auto& message : session.take_all(queue)) messages.push_back({message.id, message.type, message.body});
    return queue::testing::completed(messages).value_or(std::vector<std::string>());
  });
}

INSTANTIATE_TEST_SUITE_P(Amqp, QueueKills, ::testing::Values("snapshot", "changes"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace qonduit::integration

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: the server dies with the thread that started it.
  if (!GTEST_FLAG_GET(list_tests)) qonduit::amqp::testing::RabbitmqServer::shared();
  return RUN_ALL_TESTS();
}

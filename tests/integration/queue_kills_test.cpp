// Hosts killed while they deliver into a real RabbitMQ, seen by a consumer that believes markers.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugins/sinks/queue/testing/consumer.hpp"
#include "plugins/sinks/queue/testing/rabbitmq_server.hpp"
#include "tests/integration/kill_while_delivering.hpp"

namespace qonduit::integration {
namespace {

using amqp::testing::RabbitmqServer;
using amqp::testing::RabbitmqSession;

// A host that delivers into a queue of its own.
class QueueKills : public ::testing::Test {
 protected:
  QueueKills() {
    deliver_customers(host_, "amqp");
    host_.set("sink.queue.url", RabbitmqServer::shared().url()).set("sink.queue.marker", "true");
    host_.set("sink.queue.routing-key", queue_).set("sink.queue.declare-queue", "classic");
    session_.make_queue(queue_, {{"x-queue-type", "classic"}});
  }

  RabbitmqSession session_{RabbitmqServer::shared().port()};
  Host host_{demo_engine().url()};
  const std::string queue_ = host_.folder().path().filename().string();
};

TEST_F(QueueKills, Snapshot) {
  kill_while_delivering(host_, [&] {
    std::vector<queue::testing::Delivered> messages;
    for (auto& message : session_.take_all(queue_)) messages.push_back({message.id, message.type, message.body});
    return queue::testing::completed(messages).value_or(std::vector<std::string>());
  });
}

TEST_F(QueueKills, Changes) {
  host_.set("sink.queue.mode", "changes").set("sink.queue.changes", "rows").set("sink.queue.key", "No.");
  host_.set("sink.queue.state-directory", host_.out().string());
  queue::testing::ChangedTable table;
  kill_while_delivering(host_, [&] {
    for (const auto& message : session_.take_all(queue_)) {
      const auto key = message.headers.find("qonduit-key");
      table.take(key == message.headers.end() ? "" : key->second, {message.id, message.type, message.body});
    }
    return table.rows();
  });
}

}  // namespace
}  // namespace qonduit::integration

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: the server dies with the thread that started it.
  if (!GTEST_FLAG_GET(list_tests)) qonduit::amqp::testing::RabbitmqServer::shared();
  return RUN_ALL_TESTS();
}

// Hosts killed while they deliver into a real Kafka, seen by a consumer that believes markers; in transactions, by any that reads committed
// messages.
#include <gtest/gtest.h>

#include <set>

#include "plugins/sinks/queue/testing/kafka_reader.hpp"
#include "plugins/sinks/queue/testing/kafka_server.hpp"
#include "tests/integration/kill_while_delivering.hpp"

namespace qonduit::integration {
namespace {

using kafka::testing::KafkaServer;
using kafka::testing::Place;
using kafka::testing::read_new;
using kafka::testing::Received;

// A host that delivers into a topic of its own.
class KafkaKills : public ::testing::Test {
 protected:
  KafkaKills() {
    deliver_customers(host_, "kafka");
    host_.set("sink.queue.bootstrap-servers", broker_.address()).set("sink.queue.tls", "false");
    host_.set("sink.queue.topic", topic_).set("sink.queue.create-topic", "true").set("sink.queue.marker", "true");
  }
  std::vector<Received> news() { return read_new(broker_.address(), topic_, place_); }

  KafkaServer& broker_ = KafkaServer::shared();
  Host host_{demo_engine().url()};
  const std::string topic_ = host_.folder().path().filename().string();
  Place place_;
};

TEST_F(KafkaKills, AtLeastOnce) {
  kill_while_delivering(host_, [&] { return queue::testing::completed(delivered(news())).value_or(std::vector<std::string>()); });
}

TEST_F(KafkaKills, Transactional) {
  host_.set("sink.queue.delivery", "transactional");
  std::set<std::string> ids;
  kill_while_delivering(host_, [&] {
    std::vector<std::string> rows;
    for (const auto& message : news()) {
      EXPECT_TRUE(ids.insert(message.id).second) << "there twice: " << message.id;
      if (message.type == "row") rows.push_back(message.body.value());
    }
    return rows;
  });
}

TEST_F(KafkaKills, Changes) {
  host_.set("sink.queue.mode", "changes").set("sink.queue.changes", "rows").set("sink.queue.key", "No.");
  host_.set("sink.queue.state-directory", host_.out().string());
  queue::testing::ChangedTable table;
  kill_while_delivering(host_, [&] {
    for (const auto& message : news()) table.take(message.key.value_or(""), {message.id, message.type, message.body.value_or("")});
    return table.rows();
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

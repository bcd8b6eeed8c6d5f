// Hosts killed while they deliver into a real Kafka, seen by a consumer that believes markers; in transactions, by any that reads committed
// messages.
#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <utility>

#include "plugins/sinks/queue/testing/kafka_reader.hpp"
#include "plugins/sinks/queue/testing/kafka_server.hpp"
#include "tests/integration/kill_while_delivering.hpp"

namespace qonduit::integration {
namespace {

using kafka::testing::KafkaServer;
using kafka::testing::read_all;

// A host that delivers into a topic of its own.
class KafkaKills : public ::testing::Test {
 protected:
  KafkaKills() {
    deliver_customers(host_, "kafka");
    host_.set("sink.queue.bootstrap-servers", broker_.address()).set("sink.queue.tls", "false");
    host_.set("sink.queue.topic", topic_).set("sink.queue.create-topic", "true").set("sink.queue.marker", "true");
  }
  // To a consumer that believes markers.
  std::vector<std::string> completed() {
    auto rows = queue::testing::completed(delivered(read_all(broker_.address(), topic_))).value_or(std::vector<std::string>());
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::exchange(before_, rows.size())));
    return rows;
  }
  // To any that reads committed messages.
  std::vector<std::string> committed() {
    std::vector<std::string> rows;
    const auto messages = read_all(broker_.address(), topic_);
    for (auto i = std::exchange(before_, messages.size()); i < messages.size(); ++i) {
      EXPECT_TRUE(ids_.insert(messages[i].id).second) << "there twice: " << messages[i].id;
      if (messages[i].type == "row") rows.push_back(messages[i].body.value());
    }
    return rows;
  }

  KafkaServer& broker_ = KafkaServer::shared();
  Host host_{demo_engine().url()};
  const std::string topic_ = host_.folder().path().filename().string();
  std::size_t before_ = 0;
  std::set<std::string> ids_;
};

TEST_F(KafkaKills, AtLeastOnce) {
  kill_while_delivering(host_, [&] { return completed(); });
}

TEST_F(KafkaKills, Transactional) {
  host_.set("sink.queue.delivery", "transactional");
  kill_while_delivering(host_, [&] { return committed(); });
}

TEST_F(KafkaKills, Changes) {
  host_.set("sink.queue.mode", "changes").set("sink.queue.changes", "rows").set("sink.queue.key", "No.");
  host_.set("sink.queue.state-directory", host_.out().string());
  queue::testing::ChangedTable table;
  kill_while_delivering(host_, [&] {
    const auto messages = read_all(broker_.address(), topic_);
    for (auto i = std::exchange(before_, messages.size()); i < messages.size(); ++i)
      table.take(messages[i].key.value_or(""), {messages[i].id, messages[i].type, messages[i].body.value_or("")});
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

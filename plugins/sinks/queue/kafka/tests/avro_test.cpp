// Avro in Confluent's format through a real Kafka, with a real schema registry, read by Apache's library for Python.
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/sinks/queue/testing/avro_reader.hpp"
#include "plugins/sinks/queue/testing/kafka_reader.hpp"
#include "plugins/sinks/queue/testing/kafka_server.hpp"
#include "plugins/sinks/queue/testing/schema_registry_server.hpp"
#include "plugins/sinks/testing/delivery_fixture.hpp"
#include "plugins/sinks/testing/temporary_folder.hpp"
#include "tests/paths.hpp"

namespace {

using qonduit::kafka::testing::KafkaServer;
using qonduit::kafka::testing::read_all;
using qonduit::queue::testing::read_avro;
using qonduit::queue::testing::SchemaRegistryServer;
using ::testing::ElementsAre;

class KafkaAvro : public qonduit::sinks::testing::DeliveryFixture {
 protected:
  KafkaAvro() : DeliveryFixture(qonduit::paths::plugin("kafka"), "kafka") {}

  SchemaRegistryServer& registry_ = SchemaRegistryServer::shared();
  const qonduit::sinks::testing::TemporaryFolder state_{"qonduit-kafka-avro"};
  const std::string topic_ = state_.path().filename().string();
};

TEST_F(KafkaAvro, ChangesAreRecordsAndTombstones) {
  auto sink = create({{"bootstrap-servers", KafkaServer::shared().address()},
                      {"tls", "false"},
                      {"topic", topic_},
                      {"create-topic", "true"},
                      {"topic-settings", "cleanup.policy=compact"},
                      {"format", "avro"},
                      {"key", "n"},
                      {"mode", "changes"},
                      {"changes", "rows"},
                      {"state-directory", state_.path().string()},
                      {"schema-registry", registry_.tls_url()},
                      {"schema-registry-ca", registry_.file("ca.crt")},
                      {"schema-registry-user", "etl"},
                      {"schema-registry-password", "etl-secret"}},
                     {});
  ASSERT_DONE(deliver(sink, 1, 3));
  ASSERT_DONE(deliver(sink, 1, 2));
  std::vector<std::string> records, keys;
  for (const auto& message : read_all(KafkaServer::shared().address(), topic_)) {
    if (message.type != "row") continue;
    keys.push_back(message.key.value());
    if (message.body) records.push_back(*message.body);
  }
  EXPECT_THAT(keys, ElementsAre("0", "1", "2", "2"));
  const auto id = std::to_string(static_cast<unsigned char>(records.front().at(4)));
  const auto schema = Poco::JSON::Parser().parse(registry_.get("/schemas/ids/" + id)).extract<Poco::JSON::Object::Ptr>();
  const auto read = read_avro(schema->getValue<std::string>("schema"), records);
  EXPECT_EQ(read.schema_id, id);
  EXPECT_THAT(read.rows, ElementsAre(R"({"delivery": 1, "n": 0})", R"({"delivery": 1, "n": 1})", R"({"delivery": 1, "n": 2})"));
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: the servers die with the thread that started them.
  if (!GTEST_FLAG_GET(list_tests)) {
    KafkaServer::shared();
    SchemaRegistryServer::shared();
  }
  return RUN_ALL_TESTS();
}

// Avro through a real broker, with and without a real schema registry, read by Apache's library for Python.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Poco/JSON/Parser.h>

#include "plugins/sinks/queue/testing/avro_reader.hpp"
#include "plugins/sinks/queue/testing/consumer.hpp"
#include "plugins/sinks/queue/testing/rabbitmq_server.hpp"
#include "plugins/sinks/queue/testing/schema_registry_server.hpp"
#include "plugins/sinks/testing/delivery_fixture.hpp"
#include "plugins/sinks/testing/temporary_folder.hpp"
#include "tests/paths.hpp"

namespace {

using qonduit::Code;
using qonduit::amqp::testing::RabbitmqServer;
using qonduit::amqp::testing::RabbitmqSession;
using qonduit::amqp::testing::Received;
using qonduit::queue::testing::completed;
using qonduit::queue::testing::Delivered;
using qonduit::queue::testing::read_avro;
using qonduit::queue::testing::SchemaRegistryServer;
using qonduit::testing::Options;
using qonduit::testing::SinkDriver;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AmqpAvro : public qonduit::sinks::testing::DeliveryFixture {
 protected:
  AmqpAvro() : DeliveryFixture(qonduit::paths::plugin("amqp"), "amqp") {}

  [[nodiscard]] SinkDriver create(const Options& more = {}) const {
    return DeliveryFixture::create(
        {{"url", broker_.url()}, {"routing-key", queue_}, {"declare-queue", "classic"}, {"connect-wait", "0ms"}, {"format", "avro"}}, more);
  }
  [[nodiscard]] SinkDriver with_registry(const Options& more = {}) const {
    Options options{{"schema-registry", registry_.tls_url()},
                    {"schema-registry-ca", registry_.file("ca.crt")},
                    {"schema-registry-user", "etl"},
                    {"schema-registry-password", "etl-secret"},
                    {"marker", "true"}};
    options.insert(options.end(), more.begin(), more.end());
    return create(options);
  }
  std::vector<Received> received() { return RabbitmqSession(broker_.port()).take_all(queue_); }
  // What the registry holds under an id.
  [[nodiscard]] std::string registered(const std::string& id) const {
    const auto answer = Poco::JSON::Parser().parse(registry_.get("/schemas/ids/" + id)).extract<Poco::JSON::Object::Ptr>();
    return answer->getValue<std::string>("schema");
  }

  RabbitmqServer& broker_ = RabbitmqServer::shared();
  SchemaRegistryServer& registry_ = SchemaRegistryServer::shared();
  const qonduit::sinks::testing::TemporaryFolder folder_{"qonduit-amqp-avro"};
  const std::string queue_ = folder_.path().filename().string();
};

std::vector<std::string> bodies(const std::vector<Received>& messages) {
  std::vector<std::string> all;
  for (const auto& message : messages) all.push_back(message.body);
  return all;
}

TEST_F(AmqpAvro, AMessageBringsItsSchema) {
  auto sink = create({{"key", "n"}});
  ASSERT_DONE(deliver(sink, 1, 3));
  const auto messages = received();
  ASSERT_THAT(messages, SizeIs(3));
  EXPECT_EQ(messages[2].content_type, "avro/binary");
  EXPECT_EQ(messages[2].headers.at("qonduit-key"), "2");
  const auto read = read_avro(messages[0].headers.at("qonduit-avro-schema"), bodies(messages));
  EXPECT_EQ(read.schema_id, "-");
  EXPECT_THAT(read.rows, ElementsAre(R"({"delivery": 1, "n": 0})", R"({"delivery": 1, "n": 1})", R"({"delivery": 1, "n": 2})"));
}

TEST_F(AmqpAvro, AConsumerFindsTheSchemaInTheRegistry) {
  auto sink = with_registry();
  ASSERT_DONE(sink.probe());
  ASSERT_DONE(deliver(sink, 1, 2));
  std::vector<Delivered> delivered;
  for (const auto& message : received()) {
    EXPECT_FALSE(message.headers.contains("qonduit-avro-schema"));
    delivered.push_back({message.id, message.type, message.body});
  }
  const auto rows = completed(delivered);
  ASSERT_TRUE(rows.has_value());
  ASSERT_THAT(*rows, SizeIs(2));
  const auto id = static_cast<unsigned char>(rows->front()[4]);
  const auto read = read_avro(registered(std::to_string(id)), *rows);
  EXPECT_EQ(read.schema_id, std::to_string(id));
  EXPECT_THAT(read.rows, ElementsAre(R"({"delivery": 1, "n": 0})", R"({"delivery": 1, "n": 1})"));
  EXPECT_THAT(registry_.get("/subjects"), HasSubstr(queue_ + "-value"));
}

TEST_F(AmqpAvro, NothingReachesTheBrokerOfADeliveryTheRegistryRefuses) {
  auto sink = with_registry();
  ASSERT_DONE(deliver(sink, 1, 1));
  EXPECT_THAT(received(), SizeIs(3));
  schema_.fields[1].type = qonduit::Type::utf8;
  const auto status = sink.open(run_, schema_);
  EXPECT_EQ(status.code(), Code::invalid_config);
  EXPECT_THAT(status.message(), AllOf(HasSubstr(queue_ + "-value"), HasSubstr("not compatible"), HasSubstr("LONG")));
  ASSERT_DONE(sink.abort());
  EXPECT_THAT(received(), IsEmpty());
  schema_.fields[1].type = qonduit::Type::int64;
  ASSERT_DONE(deliver(sink, 2, 1));
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: the servers die with the thread that started them.
  if (!GTEST_FLAG_GET(list_tests)) {
    RabbitmqServer::shared();
    SchemaRegistryServer::shared();
  }
  return RUN_ALL_TESTS();
}

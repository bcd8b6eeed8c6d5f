// What is refused before a broker is asked.
#include "plugins/sinks/queue/kafka/kafka_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::kafka {
namespace {

using ::testing::HasSubstr;

KafkaOptions usable() {
  KafkaOptions options;
  options.bootstrap_servers = "localhost:9092";
  options.tls = false;
  return options;
}

template <typename Change>
std::string refused(const Change& change) {
  auto options = usable();
  change(options);
  const auto sink = KafkaSink::create(options);
  EXPECT_FALSE(sink);
  if (sink) return "";
  EXPECT_EQ(sink.error().code(), Code::invalid_config);
  return sink.error().message();
}

TEST(KafkaSink, RefusesWhatDoesNotGoTogether) {
  EXPECT_TRUE(KafkaSink::create(usable()));
  EXPECT_THAT(refused([](auto& o) { o.bootstrap_servers = "kafka.example:9092"; }), HasSubstr("allow-plaintext"));
  EXPECT_THAT(refused([](auto& o) { o.bootstrap_servers = "kafka://localhost:9092"; }), HasSubstr("host:port"));
  EXPECT_THAT(refused([](auto& o) { o.bootstrap_servers = " , "; }), HasSubstr("names no broker"));
  EXPECT_THAT(refused([](auto& o) { o.tls_ca = "ca.pem"; }), HasSubstr("tls"));
  EXPECT_THAT(refused([](auto& o) { o.tls = true, o.tls_key = "key.pem"; }), HasSubstr("set both"));
  EXPECT_THAT(refused([](auto& o) { o.sasl = Sasl::plain, o.user = "etl"; }), HasSubstr("user and password"));
  EXPECT_THAT(refused([](auto& o) { o.user = "etl"; }), HasSubstr("set sasl"));
  EXPECT_THAT(refused([](auto& o) { o.atomic = Atomic::run; }), HasSubstr("transactional"));
  EXPECT_THAT(refused([](auto& o) { o.delivery = Guarantee::transactional, o.dead_letter_directory = "/tmp"; }),
              HasSubstr("at-least-once"));
  EXPECT_THAT(refused([](auto& o) { o.delivery = Guarantee::transactional, o.transactional_id = ""; }), HasSubstr("transactional-id"));
  EXPECT_THAT(refused([](auto& o) { o.topic_settings = "cleanup.policy=compact"; }), HasSubstr("create-topic"));
  EXPECT_THAT(refused([](auto& o) { o.create_topic = true, o.topic_settings = "compact"; }), HasSubstr("name=value"));
  EXPECT_THAT(refused([](auto& o) { o.client_settings = "acks=1"; }), HasSubstr("sink's own"));
  EXPECT_THAT(refused([](auto& o) { o.client_settings = "no.such.setting=1"; }), HasSubstr("no.such.setting"));
  EXPECT_THAT(refused([](auto& o) { o.topic = "{titel}"; }), HasSubstr("titel"));
}

}  // namespace
}  // namespace qonduit::kafka

// What is refused before a broker is asked.
#include "plugins/sinks/queue/kafka/kafka_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qonduit/text.hpp>

#include <memory>
#include <string>
#include <utility>

namespace qonduit::kafka {
namespace {

using ::testing::HasSubstr;

KafkaOptions usable() {
  KafkaOptions options;
  options.bootstrap_servers = {"localhost:9092"};
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
  EXPECT_THAT(refused([](auto& o) { o.bootstrap_servers = {"kafka.example:9092"}; }), HasSubstr("allow-plaintext"));
  EXPECT_THAT(refused([](auto& o) { o.bootstrap_servers = {"kafka://localhost:9092"}; }), HasSubstr("host:port"));
  EXPECT_THAT(refused([](auto& o) { o.bootstrap_servers = {}; }), HasSubstr("names no broker"));
  EXPECT_THAT(refused([](auto& o) { o.tls_ca = "ca.pem"; }), HasSubstr("tls"));
  EXPECT_THAT(refused([](auto& o) { o.tls = true, o.tls_key = "key.pem"; }), HasSubstr("set both"));
  EXPECT_THAT(refused([](auto& o) { o.sasl = Sasl::plain, o.user = "etl"; }), HasSubstr("user and password"));
  EXPECT_THAT(refused([](auto& o) { o.user = "etl"; }), HasSubstr("set sasl"));
  EXPECT_THAT(refused([](auto& o) { o.atomic = Atomic::run; }), HasSubstr("transactional"));
  EXPECT_THAT(refused([](auto& o) { o.delivery = Guarantee::transactional, o.dead_letter_directory = "/tmp"; }),
              HasSubstr("at-least-once"));
  EXPECT_THAT(refused([](auto& o) { o.delivery = Guarantee::transactional, o.transactional_id = ""; }), HasSubstr("transactional-id"));
  EXPECT_THAT(refused([](auto& o) { o.topic_settings = {"cleanup.policy=compact"}; }), HasSubstr("create-topic"));
  EXPECT_THAT(refused([](auto& o) { o.create_topic = true, o.topic_settings = {"compact"}; }), HasSubstr("name=value"));
  EXPECT_THAT(refused([](auto& o) { o.client_settings = {"acks=1"}; }), HasSubstr("sink's own"));
  EXPECT_THAT(refused([](auto& o) { o.client_settings = {"no.such.setting=1"}; }), HasSubstr("no.such.setting"));
  EXPECT_THAT(refused([](auto& o) { o.topic = "{titel}"; }), HasSubstr("titel"));
}

// The topics of a pipeline's objects.
class KafkaTopics : public ::testing::Test {
 protected:
  std::string topic(std::string_view id) {
    run_.object_id = id;
    for (const auto& object : run_.objects) {
      if (object.object_id == id) run_.title = object.title;
    }
    const auto said = sink_->plan(run_, {});
    if (!said) return said.error().message();
    const auto begin = said->target.find('\'') + 1;
    return said->target.substr(begin, said->target.find('\'', begin) - begin);
  }
  // Of the turn of a foreach over R.
  std::string topic_of_turn(std::string_view value) {
    run_.loop = {{"R", value}};
    const auto dataset = "R=" + std::string(value);
    run_.turn = dataset;
    auto name = topic("o");
    run_.turn = {};
    return name;
  }
  static std::string hash(std::string_view title) { return short_hash(title).substr(0, 8); }

  std::unique_ptr<KafkaSink> sink_ = std::move(*KafkaSink::create(usable()));
  qonduit::Run run_;
};

TEST_F(KafkaTopics, OfObjectsOfOneTitleHaveTheirIds) {
  run_.objects = {{"A", "Sales", "One"}, {"B", "Sales", "One"}, {"C", "sales", "One"}, {"D", "Costs", "One"}};
  EXPECT_EQ(topic("A"), "Sales.A");
  EXPECT_EQ(topic("B"), "Sales.B");
  EXPECT_EQ(topic("C"), "sales.C");
  EXPECT_EQ(topic("D"), "Costs");
}

TEST_F(KafkaTopics, OfTitlesInAnyAlphabetStayApart) {
  run_.objects = {
      {"A", "Продажи", "One"}, {"B", "Закупки", "One"}, {"C", "日本", "One"}, {"D", "中国", "One"}, {"E", "Umsatz (Größe)", "One"}};
  EXPECT_EQ(topic("A"), "topic-" + hash("Продажи"));
  EXPECT_EQ(topic("B"), "topic-" + hash("Закупки"));
  EXPECT_EQ(topic("C"), "topic-" + hash("日本"));
  EXPECT_EQ(topic("D"), "topic-" + hash("中国"));
  EXPECT_EQ(topic("E"), "Umsatz--Gre-" + hash("Umsatz (Größe)"));
}

TEST_F(KafkaTopics, AreNamesThatKafkaTakes) {
  const std::string longest(300, 'x');
  run_.objects = {{"A", ".", "One"},   {"B", "..", "One"},  {"C", longest, "One"},
                  {"D", "a.b", "One"}, {"E", "a_b", "One"}, {"F", "Net Sales", "One"}};
  EXPECT_EQ(topic("A"), "topic-" + hash("."));
  EXPECT_EQ(topic("B"), "topic-" + hash(".."));
  EXPECT_EQ(topic("C").size(), 249u);
  EXPECT_EQ(topic("D"), "a.b.D") << "Kafka refuses a.b beside a_b";
  EXPECT_EQ(topic("E"), "a_b.E");
  EXPECT_EQ(topic("F"), "Net-Sales");
}

TEST_F(KafkaTopics, OfMadeNamesAreNobodyElses) {
  run_.objects = {{"o0", "Sales", "One"}, {"o1", "Sales", "One"}, {"o13", "Sales_o1", "One"}, {"O0", "sales", "One"}};
  EXPECT_EQ(topic("o13"), "Sales_o1.o13") << "Kafka refuses Sales.o1 beside Sales_o1";
  EXPECT_EQ(topic("o1"), "Sales.o1");
  EXPECT_EQ(topic("o0"), "Sales.o0." + hash(std::string_view("o0\0", 3)));
  EXPECT_EQ(topic("O0"), "sales.O0." + hash(std::string_view("O0\0", 3)));
}

// What is not in the name letter by letter is in its hash, whichever turns there are.
TEST_F(KafkaTopics, OfTurnsStayApart) {
  run_.objects = {{"o", "Obj", "One"}};
  for (const auto* name : {"{title}.{loop:R}", "{title}.{loop}"}) {
    auto options = usable();
    options.topic = name;
    sink_ = std::move(*KafkaSink::create(options));
    EXPECT_EQ(topic_of_turn("a-b"), "Obj.a-b");
    EXPECT_EQ(topic_of_turn("a/b"), "Obj.a-b-" + hash("Obj.a/b"));
    EXPECT_EQ(topic_of_turn("a b"), "Obj.a-b-" + hash("Obj.a b"));
    EXPECT_EQ(topic_of_turn("c_d"), "Obj.c_d");
    EXPECT_EQ(topic_of_turn("c.d"), "Obj.c.d-" + hash("Obj.c.d")) << "Kafka refuses c.d beside c_d";
    EXPECT_EQ(topic_of_turn("Süd"), "Obj.Sd-" + hash("Obj.Süd"));
    EXPECT_EQ(topic_of_turn("/"), "Obj-" + hash("Obj./"));
  }
}

TEST_F(KafkaTopics, OfTurnsThatTheTemplateDoesNotNameStayApart) {
  run_.objects = {{"o", "Net Sales", "One"}};
  EXPECT_EQ(topic_of_turn("North"), "Net-Sales.R-North");
  EXPECT_EQ(topic_of_turn("a-b"), "Net-Sales.R-a-b");
  EXPECT_EQ(topic_of_turn("a/b"), "Net-Sales.R-a-b-" + hash("Net Sales.R=a/b"));
  const std::string same(300, 'x');
  const auto first = topic_of_turn(same + "/"), second = topic_of_turn(same + "-");
  EXPECT_NE(first, second);
  EXPECT_LE(first.size(), 249u);
}

}  // namespace
}  // namespace qonduit::kafka

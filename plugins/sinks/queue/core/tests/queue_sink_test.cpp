// What the sink makes of rows, seen where a broker would be.
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qonduit/testing/sink_driver.hpp>

#include <algorithm>
#include <map>
#include <string_view>

#include "broker.hpp"
#include "plugins/sinks/queue/core/avro.hpp"

namespace qonduit::queue {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

class QueueSinkTest : public ::testing::Test {
 protected:
  QueueSinkTest() {
    run_.pipeline = "sales", run_.run_id = "run-1", run_.app = "Sales", run_.app_id = "app-1", run_.object_id = "obj",
    run_.title = "Orders";
    run_.started_at = "2026-01-31T23:59:59Z";
  }
  arrow::ArrayHandle rows(int count) const {
    std::vector<Column> columns;
    columns.emplace_back(Type::int64);
    for (int i = 0; i < count; ++i) columns[0].append_int64(i);
    arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    return array;
  }
  Status deliver(TestSink& sink, int count) {
    auto status = sink.open(run_, schema_);
    const auto array = rows(count);
    if (status.ok()) status = sink.write(BatchView(schema_, *array));
    if (status.ok()) status = sink.commit();
    return status;
  }
  // What it says it would do, without rows: "publishes to orders", or why not.
  static std::string foretold(Result<Plan> plan) { return plan ? plan->before + " " + plan->after : plan.error().message(); }
  std::vector<std::string> bodies() const {
    std::vector<std::string> all;
    for (const auto& message : broker_.messages) all.push_back(message.body);
    return all;
  }

  Broker broker_;
  QueueOptions options_;
  qonduit::Run run_;
  Schema schema_{{{"n", Type::int64}}};
};

TEST_F(QueueSinkTest, ARowIsAMessageWithAnIdOfItsOwn) {
  options_.key = {"n"};
  TestSink sink(options_, broker_);
  ASSERT_TRUE(deliver(sink, 2).ok());
  EXPECT_THAT(bodies(), ElementsAre(R"({"n":0})", R"({"n":1})"));
  EXPECT_THAT(broker_.keys, ElementsAre("0", "1"));
  EXPECT_EQ(broker_.flushed, 2u);
  EXPECT_EQ(broker_.destination.name, "Orders");
  EXPECT_THAT(broker_.destination.headers, ::testing::Contains(Pair("qonduit-pipeline", "sales")));
  const auto ids = std::pair(broker_.messages[0].id, broker_.messages[1].id);
  EXPECT_NE(ids.first, ids.second);
  broker_.messages.clear();
  ASSERT_TRUE(deliver(sink, 2).ok());
  EXPECT_EQ(std::pair(broker_.messages[0].id, broker_.messages[1].id), ids) << "the same run again";
  run_.run_id = "run-2";
  ASSERT_TRUE(deliver(sink, 1).ok());
  EXPECT_NE(broker_.messages.back().id, ids.first);
  run_.run_id = "run-1", run_.reload_time = "2026-02-01T06:00:00.000Z";
  ASSERT_TRUE(deliver(sink, 1).ok());
  EXPECT_NE(broker_.messages.back().id, ids.first) << "started over: numbers are given to other rows";
}

TEST_F(QueueSinkTest, SaysBeforeWhereRowsGoOrWhyNot) {
  EXPECT_EQ(foretold(TestSink(options_, broker_).plan(run_, schema_)), "publishes to Orders");
  for (const auto* missing : {"id", "Größe", "N"}) {
    options_.key = {missing};
    EXPECT_THAT(foretold(TestSink(options_, broker_).plan(run_, schema_)), HasSubstr("'" + std::string(missing) + "'"));
  }
  EXPECT_THAT(broker_.messages, IsEmpty());
}

TEST_F(QueueSinkTest, NoObjectGetsTheNameThatIsMadeForAnother) {
  run_.objects = {{"o0", "Sales", ""}, {"o1", "Sales", ""}, {"o13", "Sales.o1", ""}, {"obj", "Orders", ""}};
  for (const bool backwards : {false, true}) {
    std::map<std::string_view, std::string> names;
    TestSink sink(options_, broker_);
    for (const auto& object : run_.objects) {
      run_.object_id = object.object_id, run_.title = object.title;
      EXPECT_THAT(foretold(sink.plan(run_, schema_)), ::testing::StartsWith("publishes to "));
      ASSERT_TRUE(deliver(sink, 1).ok());
      names[object.object_id] = broker_.destination.name;
    }
    EXPECT_THAT(names, ElementsAre(Pair("o0", "Sales.o0"), Pair("o1", "Sales.o1"), Pair("o13", "Sales.o1.o13"), Pair("obj", "Orders")))
        << (backwards ? "backwards" : "");
    std::reverse(run_.objects.begin(), run_.objects.end());
  }
}

TEST_F(QueueSinkTest, IdsThatDifferInCaseOnlyGetAHash) {
  run_.objects = {{"o1", "Sales", ""}, {"O1", "Sales", ""}, {"o2", "Sales", ""}};
  TestSink sink(options_, broker_);
  for (const auto& [id, name] : {std::pair("o1", "Sales.o1.8e42e71b"), {"O1", "Sales.O1.ffe420a8"}, {"o2", "Sales.o2"}}) {
    run_.object_id = id, run_.title = "Sales";
    ASSERT_TRUE(deliver(sink, 1).ok());
    EXPECT_EQ(broker_.destination.name, name);
  }
}

TEST_F(QueueSinkTest, WhatIsOneNameWhenItIsPutTogetherIsRefusedBeforeItsFirstMessage) {
  TestSink sink(options_, broker_, "{title}-{loop:R}");
  run_.title = "Sales", run_.loop = {{"R", "x-y"}}, run_.turn = "R=x-y";
  run_.objects = {{"obj", "Sales", ""}, {"o2", "Sales-x", ""}};
  ASSERT_TRUE(deliver(sink, 1).ok());
  ASSERT_TRUE(deliver(sink, 1).ok()) << "the same again";
  broker_.messages.clear();
  run_.object_id = "o2", run_.title = "Sales-x", run_.loop = {{"R", "y"}}, run_.turn = "R=y";
  for (const auto& status : {deliver(sink, 1), sink.plan(run_, schema_).status()}) {
    EXPECT_EQ(status.code(), Code::invalid_config);
    EXPECT_THAT(status.message(), HasSubstr("'Sales-x-y' is where this run publishes object 'obj' (R=x-y), and object 'o2' (R=y) would"));
  }
  EXPECT_THAT(broker_.messages, IsEmpty());
  run_.run_id = "run-2";
  EXPECT_TRUE(deliver(sink, 1).ok());
}

TEST_F(QueueSinkTest, SeveralRowsAreCutByCountAndBySize) {
  options_.format = Format::json_array;
  options_.rows_per_message = 3;
  TestSink by_count(options_, broker_);
  ASSERT_TRUE(deliver(by_count, 7).ok());
  EXPECT_THAT(bodies(), ElementsAre(R"([{"n":0},{"n":1},{"n":2}])", R"([{"n":3},{"n":4},{"n":5}])", R"([{"n":6}])"));
  broker_.messages.clear();
  options_.rows_per_message = 1000;
  options_.message_max = {20};
  TestSink by_size(options_, broker_);
  ASSERT_TRUE(deliver(by_size, 5).ok());
  EXPECT_THAT(bodies(), ElementsAre(R"([{"n":0},{"n":1}])", R"([{"n":2},{"n":3}])", R"([{"n":4}])"));
}

TEST_F(QueueSinkTest, MarkersSayWhatIsBetweenThem) {
  options_.marker = true;
  TestSink sink(options_, broker_);
  ASSERT_TRUE(deliver(sink, 3).ok());
  ASSERT_THAT(broker_.messages, SizeIs(5));
  EXPECT_EQ(broker_.messages.front().kind, "marker");
  const auto end = Poco::JSON::Parser().parse(broker_.messages.back().body).extract<Poco::JSON::Object::Ptr>();
  EXPECT_EQ(end->getValue<std::string>("marker"), "completed");
  EXPECT_EQ(end->getValue<int>("rows"), 3);
  EXPECT_EQ(end->getArray("columns")->getObject(0)->getValue<std::string>("type"), "int64");
  const auto rows = queue::testing::completed(broker_.messages);
  ASSERT_TRUE(rows.has_value());
  EXPECT_THAT(*rows, SizeIs(3));
}

TEST_F(QueueSinkTest, AnAbortIsSaidWhereTheBrokerIsThere) {
  options_.marker = true;
  TestSink sink(options_, broker_);
  ASSERT_TRUE(sink.open(run_, schema_).ok());
  ASSERT_TRUE(sink.abort().ok());
  EXPECT_THAT(broker_.messages.back().body, HasSubstr("\"aborted\""));
  ASSERT_TRUE(sink.open(run_, schema_).ok());
  broker_.fails = {Code::unavailable, "gone"};
  const auto array = rows(1);
  EXPECT_EQ(sink.write(BatchView(schema_, *array)).code(), Code::unavailable);
  const auto messages = broker_.messages.size();
  EXPECT_TRUE(sink.abort().ok());
  EXPECT_THAT(broker_.messages, SizeIs(messages));
}

TEST_F(QueueSinkTest, NothingIsCommittedBehindAFailure) {
  TestSink sink(options_, broker_);
  ASSERT_TRUE(sink.open(run_, schema_).ok());
  broker_.fails = {Code::unavailable, "gone"};
  const auto array = rows(1);
  EXPECT_EQ(sink.write(BatchView(schema_, *array)).code(), Code::unavailable);
  broker_.fails = {};
  EXPECT_EQ(sink.write(BatchView(schema_, *array)).code(), Code::unavailable);
  EXPECT_EQ(sink.commit().code(), Code::unavailable);
  EXPECT_THAT(bodies(), IsEmpty());
}

TEST_F(QueueSinkTest, AnEnvelopeHoldsTheRow) {
  options_.envelope = Envelope::cloudevents;
  TestSink sink(options_, broker_);
  ASSERT_TRUE(deliver(sink, 1).ok());
  EXPECT_THAT(broker_.content_types, ElementsAre("application/cloudevents+json"));
  const auto event = Poco::JSON::Parser().parse(bodies().front()).extract<Poco::JSON::Object::Ptr>();
  EXPECT_EQ(event->getValue<std::string>("specversion"), "1.0");
  EXPECT_EQ(event->getValue<std::string>("id"), broker_.messages.front().id);
  EXPECT_EQ(event->getValue<std::string>("source"), "/qonduit/sales/app-1/obj");
  EXPECT_EQ(event->getValue<std::string>("time"), "2026-01-31T23:59:59Z");
  EXPECT_EQ(event->getObject("data")->getValue<int>("n"), 0);
}

TEST_F(QueueSinkTest, WithoutARegistryTheSchemaIsInAHeader) {
  options_.format = Format::avro;
  options_.key = {"n"};
  TestSink sink(options_, broker_);
  ASSERT_TRUE(deliver(sink, 2).ok());
  EXPECT_THAT(broker_.content_types, ElementsAre("avro/binary", "avro/binary"));
  EXPECT_THAT(broker_.keys, ElementsAre("0", "1"));
  const auto schema = avro_schema(run_, schema_);
  EXPECT_THAT(broker_.destination.headers, ::testing::Contains(Pair("qonduit-avro-schema", schema.text)));
  EXPECT_THAT(bodies(), ElementsAre(single_object_prefix(avro_fingerprint(schema.canonical)) + std::string("\2\0", 2),
                                    single_object_prefix(avro_fingerprint(schema.canonical)) + "\2\2"));
  options_.format = Format::json;
  TestSink json(options_, broker_);
  ASSERT_TRUE(deliver(json, 1).ok());
  EXPECT_THAT(broker_.destination.headers, ::testing::Not(::testing::Contains(Pair("qonduit-avro-schema", ::testing::_))));
}

TEST_F(QueueSinkTest, ASchemaThatIsTooLongForAHeaderIsRefused) {
  options_.format = Format::avro;
  Schema wide;
  for (int i = 0; i < 1000; ++i) wide.fields.push_back({"a column with a name of its own " + std::to_string(i), Type::utf8});
  TestSink sink(options_, broker_);
  const auto status = sink.open(run_, wide);
  EXPECT_EQ(status.code(), Code::unsupported);
  EXPECT_THAT(status.message(), HasSubstr("1000 columns"));
  options_.headers = {"run"};
  TestSink without(options_, broker_);
  EXPECT_TRUE(without.open(run_, wide).ok());
}

TEST_F(QueueSinkTest, OptionsThatDoNotGoTogetherAreRefused) {
  const auto refused = [](auto change) {
    QueueOptions options;
    change(options);
    const auto status = TestSink::check(options);
    EXPECT_EQ(status.code(), Code::invalid_config);
    return status.message();
  };
  EXPECT_THAT(refused([](auto& options) { options.key = {"n"}, options.format = Format::csv; }), HasSubstr("format = json"));
  EXPECT_THAT(refused([](auto& options) { options.format = Format::avro, options.envelope = Envelope::cloudevents; }), HasSubstr("Avro"));
  EXPECT_THAT(refused([](auto& options) { options.schema_registry = "https://registry"; }), HasSubstr("format = avro"));
  EXPECT_THAT(refused([](auto& options) { options.format = Format::avro, options.schema_subject = "s"; }), HasSubstr("schema-registry"));
  EXPECT_THAT(refused([](auto& options) { options.headers = {"rowz"}; }), HasSubstr("did you mean 'rows'?"));
  EXPECT_THAT(refused([](auto& options) { options.window_size = {1000}; }), HasSubstr("message-max"));
}

}  // namespace
}  // namespace qonduit::queue

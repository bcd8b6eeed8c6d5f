// What goes wrong between the sink and Kafka: nothing is reported delivered that the cluster does not have, what comes twice has the same
// id, and in transactions nothing comes twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "plugins/sinks/queue/testing/expect_rows.hpp"
#include "plugins/sinks/queue/testing/kafka_reader.hpp"
#include "plugins/sinks/queue/testing/kafka_server.hpp"
#include "plugins/sinks/testing/delivery_fixture.hpp"
#include "plugins/sinks/testing/kills.hpp"
#include "plugins/sinks/testing/temporary_folder.hpp"
#include "tests/paths.hpp"

namespace {

namespace fs = std::filesystem;
using qonduit::Code;
using qonduit::kafka::testing::Isolation;
using qonduit::kafka::testing::KafkaServer;
using qonduit::kafka::testing::leader_of;
using qonduit::kafka::testing::make_topic;
using qonduit::kafka::testing::Place;
using qonduit::kafka::testing::read_all;
using qonduit::kafka::testing::read_new;
using qonduit::kafka::testing::Received;
using qonduit::queue::testing::completed;
using qonduit::queue::testing::expect_rows;
using qonduit::sinks::testing::free_port;
using qonduit::testing::Options;
using qonduit::testing::SinkDriver;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

class KafkaFailures : public qonduit::sinks::testing::DeliveryFixture {
 protected:
  KafkaFailures() : DeliveryFixture(qonduit::paths::plugin("kafka"), "kafka") { topic_ = folder_.filename().string(); }

  [[nodiscard]] SinkDriver create(const Options& more = {}, const std::string& servers = {}) const {
    Options options{{"bootstrap-servers", servers.empty() ? server_.address() : servers}, {"topic", topic_}, {"create-topic", "true"}};
    if (!std::any_of(more.begin(), more.end(), [](const auto& option) { return option.first == "tls-ca"; }))
      options.emplace_back("tls", "false");
    return DeliveryFixture::create(options, more);
  }
  [[nodiscard]] SinkDriver transactional(const Options& more = {}) const {
    Options options{{"delivery", "transactional"}, {"transactional-id", topic_}};
    options.insert(options.end(), more.begin(), more.end());
    return create(options);
  }
  std::vector<Received> received(Isolation isolation = Isolation::committed) { return read_all(server_.address(), topic_, isolation); }
  std::vector<Received> of_run(std::string_view run) {
    auto messages = received();
    std::erase_if(messages, [&](const Received& message) { return message.headers.at("qonduit-run") != run; });
    return messages;
  }
  qonduit::Status delivery(const Options& more, const std::string& servers = {}) {
    auto sink = create(more, servers);
    return deliver(sink, 1);
  }

  // While the sink makes a topic and delivers, again and again. REQUIRES: the sink's topic ends in .{title}
  void kill_the_broker(SinkDriver& sink) {
    const auto base = folder_.filename().string();
    auto random = qonduit::sinks::testing::chosen_moments();
    for (int i = 1; i <= qonduit::sinks::testing::kills(); ++i) {
      run_.title = "kill-" + std::to_string(i);
      topic_ = base + "." + run_.title;
      std::atomic<bool> done = false;
      qonduit::Status status;
      std::thread delivering([&] {
        run_.run_id = "run-" + std::to_string(i);
        status = sink.open(run_, schema_);
        // Rows until the broker has died and is back, so that it dies among them.
        while (status.ok() && !done) status = sink.write(*rows(i, 100));
        if (status.ok()) status = sink.commit();
      });
      // The point at which the broker dies is what varies.
      std::this_thread::sleep_for(qonduit::sinks::testing::moment_before(std::chrono::milliseconds(450), random));
      server_.kill_at_once();
      server_.start();
      done = true;
      delivering.join();
      ASSERT_DONE(status);
      const auto count = sink.delivery()->rows;
      Place from_the_start;
      const auto messages = read_new(server_.address(), topic_, from_the_start);
      const auto bodies = completed(delivered(messages));
      ASSERT_TRUE(bodies.has_value());
      EXPECT_EQ(bodies->size(), count);
      EXPECT_EQ(messages.size(), count + 2) << "something is there twice";
    }
  }

  KafkaServer& server_ = KafkaServer::shared();
  const qonduit::sinks::testing::TemporaryFolder temporary_{"qonduit-kafka-test"};
  const fs::path folder_ = temporary_.path();
  std::string topic_;
};

std::string content(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(KafkaFailures, MessagesSayWhatTheyAre) {
  auto sink = create({{"key", "n"}, {"partitions", "3"}});
  ASSERT_DONE(deliver(sink, 1, 2));
  const auto messages = received();
  ASSERT_THAT(messages, SizeIs(2));
  const auto& message = messages[0].id.ends_with("/2") ? messages[0] : messages[1];
  EXPECT_EQ(message.body, R"({"delivery":1,"n":1})");
  EXPECT_EQ(message.content_type, "application/json");
  EXPECT_EQ(message.type, "row");
  EXPECT_EQ(message.key, "1");
  const auto& headers = message.headers;
  EXPECT_EQ(headers.at("qonduit-run"), "run-1");
  EXPECT_EQ(headers.at("qonduit-pipeline"), "sales");
  EXPECT_EQ(headers.at("qonduit-rows"), "1");
  EXPECT_EQ(headers.at("qonduit-reload-time"), "2026-01-31T06:00:00.000Z");
  EXPECT_THAT(headers.at("qonduit-schema"), SizeIs(16));
}

TEST_F(KafkaFailures, ClientsNoOneHereWroteReadThem) {
  auto sink = create({{"key", "n"}});
  ASSERT_DONE(deliver(sink, 1, 3));
  qonduit::sinks::testing::run(
      {"/bin/sh", "-c",
       "kcat -q -C -b " + server_.address() + " -t " + topic_ + " -o beginning -e -f '%k %s %h\\n' > " + (folder_ / "kcat").string()});
  EXPECT_THAT(content(folder_ / "kcat"), HasSubstr(R"(2 {"delivery":1,"n":2})"));
  EXPECT_THAT(content(folder_ / "kcat"), HasSubstr("content-type=application/json"));
  server_.tool("org.apache.kafka.tools.consumer.ConsoleConsumer",
               "--bootstrap-server " + server_.address() + " --topic " + topic_ + " --from-beginning --max-messages 3 --timeout-ms 60000",
               (folder_ / "console").string());
  EXPECT_EQ(content(folder_ / "console"), "{\"delivery\":1,\"n\":0}\n{\"delivery\":1,\"n\":1}\n{\"delivery\":1,\"n\":2}\n");
}

TEST_F(KafkaFailures, KeysChooseThePartitionAsJavaProducersDo) {
  make_topic(server_.address(), topic_, 5);
  schema_ = {{{"Region", qonduit::Type::utf8}}};
  auto sink = create({{"key", "Region"}});
  run_.run_id = "run-1";
  ASSERT_DONE(sink.open(run_, schema_));
  std::vector<qonduit::Column> columns;
  columns.emplace_back(qonduit::Type::utf8);
  for (const auto* region : {"Nord", "Süd", "Ost", "West", "Nord"}) columns[0].append_text(region);
  qonduit::arrow::ArrayHandle batch(new ArrowArray{});
  finish_batch(columns, batch.get());
  ASSERT_DONE(sink.write(*batch));
  ASSERT_DONE(sink.commit());
  std::ofstream(folder_ / "lines") << "Nord:\nSüd:\nOst:\nWest:\n";
  server_.tool("org.apache.kafka.tools.ConsoleProducer", "--bootstrap-server " + server_.address() + " --topic " + topic_ +
                                                             " --property parse.key=true --property key.separator=: < " +
                                                             (folder_ / "lines").string());
  std::map<std::string, std::set<std::int32_t>> partitions;
  std::size_t java = 0;
  for (const auto& message : received()) {
    partitions[message.key.value()].insert(message.partition);
    java += message.id.empty() ? 1 : 0;
  }
  EXPECT_EQ(java, 4u);
  EXPECT_THAT(partitions, SizeIs(4));
  for (const auto& [key, in] : partitions) EXPECT_THAT(in, SizeIs(1)) << key;
}

TEST_F(KafkaFailures, ABrokerThatDiesLosesNothing) {
  topic_ += ".{title}";
  auto sink = create({{"retry-for", "120s"}, {"marker", "true"}, {"window", "500"}});
  kill_the_broker(sink);
}

TEST_F(KafkaFailures, ABrokerThatDiesLosesNothingInTransactions) {
  topic_ += ".{title}";
  auto sink = transactional({{"transactional-id", "kills"}, {"retry-for", "120s"}, {"marker", "true"}, {"window", "500"}});
  kill_the_broker(sink);
}

TEST_F(KafkaFailures, AnotherLeaderTakesOver) {
  // Node 1 keeps the cluster's metadata and a replica; node 2 leads, and dies.
  KafkaServer second({}, &server_);
  const auto servers = server_.address() + "," + second.address();
  for (int tried = 0; leader_of(servers, topic_) != second.node(); ++tried) {
    ASSERT_LT(tried, 20) << "no topic is led by node 2";
    topic_ = folder_.filename().string() + "." + std::to_string(tried);
    make_topic(servers, topic_, 1, 2);
  }
  auto sink = create({{"marker", "true"}, {"window", "500"}, {"retry-for", "120s"}}, servers);
  run_.run_id = "run-1";
  ASSERT_DONE(sink.open(run_, schema_));
  ASSERT_DONE(sink.write(*rows(1, 1000)));
  second.kill_at_once();
  qonduit::Status status;
  while (status.ok() && leader_of(server_.address(), topic_) != server_.node()) status = sink.write(*rows(1, 100));
  ASSERT_DONE(status);
  ASSERT_DONE(sink.commit());
  const auto bodies = completed(delivered(received()));
  ASSERT_TRUE(bodies.has_value());
  EXPECT_EQ(bodies->size(), sink.delivery()->rows);
}

TEST_F(KafkaFailures, ATransactionIsSeenWholeOrNotAtAll) {
  auto sink = transactional();
  ASSERT_DONE(load(sink, 1));
  EXPECT_THAT(received(), IsEmpty());
  ASSERT_DONE(sink.commit());
  expect_rows(received(), 1, 10);
  ASSERT_DONE(load(sink, 2, 1000));
  ASSERT_DONE(sink.abort());
  expect_rows(received(), 1, 10);
  ASSERT_DONE(deliver(sink, 3));
  EXPECT_THAT(received(), SizeIs(20));
}

TEST_F(KafkaFailures, TheDeliveriesOfARunAppearTogether) {
  auto sink = transactional({{"atomic", "run"}});
  run_.object_id = "a";
  ASSERT_DONE(deliver(sink, 1));
  run_.object_id = "b";
  ASSERT_DONE(deliver(sink, 1));
  EXPECT_THAT(received(), IsEmpty());
  ASSERT_DONE(sink.end_run("run-1", true));
  EXPECT_THAT(of_run("run-1"), SizeIs(20));

  ASSERT_DONE(deliver(sink, 2));
  ASSERT_DONE(sink.end_run("run-2", false));
  EXPECT_THAT(of_run("run-2"), IsEmpty());

  ASSERT_DONE(deliver(sink, 3));
  ASSERT_DONE(load(sink, 3));
  ASSERT_DONE(sink.abort());
  const auto again = deliver(sink, 3);
  EXPECT_EQ(again.code(), Code::unavailable);
  EXPECT_THAT(again.message(), HasSubstr("the run must be made again"));
  EXPECT_EQ(sink.end_run("run-3", true).code(), Code::unavailable);
  ASSERT_DONE(deliver(sink, 4));
  ASSERT_DONE(sink.end_run("run-4", true));
  EXPECT_THAT(of_run("run-3"), IsEmpty());
  EXPECT_THAT(of_run("run-4"), SizeIs(10));
}

TEST_F(KafkaFailures, AHostThatWasReplacedIsFenced) {
  auto old = transactional();
  ASSERT_DONE(load(old, 1));
  auto fresh = transactional();
  ASSERT_DONE(deliver(fresh, 2));
  auto status = old.write(*rows(1, 10));
  if (status.ok()) status = old.commit();
  EXPECT_EQ(status.code(), Code::forbidden) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("another host has taken over under the transactional id '" + topic_));
  static_cast<void>(old.abort());
  expect_rows(received(), 2, 10);
}

TEST_F(KafkaFailures, ATransactionThatTakesTooLongIsSaid) {
  auto sink = transactional({{"transaction-timeout", "1s"}});
  ASSERT_DONE(load(sink, 1));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (received(Isolation::uncommitted).size() < 10) ASSERT_LT(std::chrono::steady_clock::now(), until);
  // What stands behind an open transaction is seen when the broker has aborted it.
  auto behind = create();
  ASSERT_DONE(deliver(behind, 9));
  while (received().empty()) ASSERT_LT(std::chrono::steady_clock::now(), until);
  const auto status = sink.commit();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr("transaction-timeout"));
  static_cast<void>(sink.abort());
  EXPECT_THAT(of_run("run-1"), IsEmpty());
  auto longer = transactional();
  ASSERT_DONE(deliver(longer, 2));
  EXPECT_THAT(of_run("run-2"), SizeIs(10));
}

TEST_F(KafkaFailures, NoBrokerFailsAtOnceOrWaits) {
  const auto closed = "127.0.0.1:" + std::to_string(free_port());
  const auto status = delivery({{"connect-wait", "0ms"}}, closed);
  EXPECT_EQ(status.code(), Code::unavailable) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("Connection refused"));
  EXPECT_EQ(create({}, closed).probe().code(), Code::unavailable);
  ASSERT_DONE(create().probe());
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(delivery({{"connect-wait", "1500ms"}}, closed).code(), Code::unavailable);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(1500));
}

TEST_F(KafkaFailures, WaitsEndWhenTheyAreCancelled) {
  auto away = create({{"connect-wait", "1h"}}, "127.0.0.1:" + std::to_string(free_port()));
  const auto status = cancelled_when(
      away, "at once", [] { return true; }, [&] { return away.open(run_, schema_); });
  EXPECT_EQ(status.code(), Code::cancelled) << status.message();
}

TEST_F(KafkaFailures, ABrokerThatIsSilentIsWaitedFor) {
  auto sink = create({{"window", "100"}, {"retry-for", "2s"}});
  ASSERT_DONE(load(sink, 1));
  server_.pause();
  auto status = sink.write(*rows(1, 1000));
  if (status.ok()) status = sink.commit();
  server_.resume();
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_THAT(status.message(), HasSubstr("retry-for = 2 s"));
  static_cast<void>(sink.abort());
  auto patient = create();
  ASSERT_DONE(deliver(patient, 2));
  expect_rows(of_run("run-2"), 2, 10);
}

TEST_F(KafkaFailures, ATopicIsMadeOrMissed) {
  const auto missing = delivery({{"create-topic", "false"}});
  EXPECT_EQ(missing.code(), Code::not_found) << missing.message();
  EXPECT_THAT(missing.message(), HasSubstr("create-topic"));
  EXPECT_THAT(received(), IsEmpty()) << "the broker made it by itself";
  ASSERT_DONE(delivery({{"partitions", "4"}, {"topic-settings", "cleanup.policy=compact"}, {"key", "n"}}));
  std::set<std::int32_t> partitions;
  for (const auto& message : received()) partitions.insert(message.partition);
  EXPECT_GT(partitions.size(), 1u);
  // A compacted topic refuses what has no key.
  const auto keyless = delivery({{"headers", ""}});
  EXPECT_EQ(keyless.code(), Code::bad_data) << keyless.message();
  topic_ += ".more";
  const auto replicas = delivery({{"replication", "3"}});
  EXPECT_EQ(replicas.code(), Code::invalid_config) << replicas.message();
  EXPECT_THAT(replicas.message(), HasSubstr("eplication"));
}

TEST_F(KafkaFailures, OnlyTheMessageThatIsRefusedFails) {
  make_topic(server_.address(), topic_, 1, 1, {{"max.message.bytes", "4000"}});
  schema_ = {{{"text", qonduit::Type::utf8}}};
  auto sink = create({{"compression", "none"}, {"dead-letter-directory", folder_.string()}, {"linger", "100ms"}});
  run_.run_id = "run-1";
  ASSERT_DONE(sink.open(run_, schema_));
  std::vector<qonduit::Column> columns;
  columns.emplace_back(qonduit::Type::utf8);
  for (int i = 0; i < 50; ++i) columns[0].append_text(std::string(i == 20 ? 5000 : 100, static_cast<char>('a' + i % 26)));
  qonduit::arrow::ArrayHandle batch(new ArrowArray{});
  finish_batch(columns, batch.get());
  ASSERT_DONE(sink.write(*batch));
  ASSERT_DONE(sink.commit());
  std::set<std::string> ids;
  for (const auto& message : received()) ids.insert(message.id);
  EXPECT_THAT(ids, SizeIs(49));
  EXPECT_THAT(received(), SizeIs(49));
  EXPECT_THAT(sink.delivery()->note, HasSubstr("1 message was refused"));
  std::string lines;
  for (const auto& entry : fs::directory_iterator(folder_)) lines += content(entry.path());
  EXPECT_THAT(lines, HasSubstr("/21\""));
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);

  auto strict = create({{"compression", "none"}});
  ASSERT_DONE(strict.open(run_, schema_));
  auto status = strict.write(*batch);
  if (status.ok()) status = strict.commit();
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), HasSubstr("dead-letter-directory"));
}

TEST_F(KafkaFailures, ChangesKeepACompactedTopicUpToDate) {
  const Options options{{"mode", "changes"}, {"key", "n"},
                        {"changes", "rows"}, {"state-directory", folder_.string()},
                        {"partitions", "3"}, {"topic-settings", "cleanup.policy=compact"}};
  // The last message of each key, as a consumer of a compacted topic has it.
  const auto table = [&] {
    std::map<std::string, std::optional<std::string>> rows;
    for (const auto& message : received()) {
      if (message.type == "row") rows[message.key.value()] = message.body;
    }
    std::erase_if(rows, [](const auto& row) { return !row.second; });
    std::vector<std::string> bodies;
    for (const auto& [key, body] : rows) bodies.push_back(*body);
    return bodies;
  };
  auto sink = create(options);
  ASSERT_DONE(deliver(sink, 1, 3));
  EXPECT_THAT(table(), ElementsAre(R"({"delivery":1,"n":0})", R"({"delivery":1,"n":1})", R"({"delivery":1,"n":2})"));
  const auto first = received().size();
  ASSERT_DONE(deliver(sink, 1, 2));
  EXPECT_THAT(table(), ElementsAre(R"({"delivery":1,"n":0})", R"({"delivery":1,"n":1})"));
  const auto messages = received();
  ASSERT_THAT(messages, SizeIs(first + 1));
  const auto gone = std::find_if(messages.begin(), messages.end(), [](const Received& message) { return !message.body; });
  ASSERT_NE(gone, messages.end());
  EXPECT_EQ(gone->key, "2");
  EXPECT_EQ(gone->headers.at("qonduit-op"), "delete");
  auto restarted = create(options);
  ASSERT_DONE(deliver(restarted, 2, 1));
  EXPECT_THAT(table(), ElementsAre(R"({"delivery":2,"n":0})"));
  EXPECT_THAT(received(), SizeIs(first + 3));
}

TEST_F(KafkaFailures, ChangesInTransactionsAreSeenTogether) {
  auto sink = transactional({{"mode", "changes"}, {"key", "n"}, {"state-directory", folder_.string()}});
  ASSERT_DONE(deliver(sink, 1, 3));
  const auto first = received().size();
  ASSERT_DONE(load(sink, 2, 2));
  ASSERT_DONE(sink.abort());
  EXPECT_THAT(received(), SizeIs(first));
  ASSERT_DONE(deliver(sink, 2, 2));
  std::map<std::string, int> ops;
  for (const auto& message : received()) ++ops[message.type == "row" ? message.headers.at("qonduit-op") : "marker"];
  EXPECT_THAT(ops, ElementsAre(Pair("delete", 1), Pair("marker", 2), Pair("read", 3), Pair("update", 2)));
}

TEST_F(KafkaFailures, WhoIsNotLetInIsTold) {
  const auto with = [&](const char* mechanism, const char* password) {
    return Options{{"tls-ca", server_.file("ca.crt")}, {"sasl", mechanism}, {"user", "etl"}, {"password", password}};
  };
  const auto password = delivery(with("plain", "wrong-secret"), server_.sasl_address());
  EXPECT_EQ(password.code(), Code::unauthenticated) << password.message();
  EXPECT_THAT(password.message(), Not(HasSubstr("wrong-secret")));
  ASSERT_DONE(delivery(with("plain", "etl-secret"), server_.sasl_address()));
  expect_rows(received(), 1, 10);
  for (const auto* mechanism : {"scram-sha-256", "scram-sha-512"}) {
    const auto scram = delivery(with(mechanism, "etl-secret"), server_.sasl_address());
    if (rd_kafka_version() < 0x020601ff) {
      // Not with this broker: https://github.com/confluentinc/librdkafka/pull/4895
      EXPECT_EQ(scram.code(), Code::unauthenticated);
      EXPECT_THAT(scram.message(), HasSubstr("SCRAM with Kafka 4 needs 2.6.1"));
    } else {
      EXPECT_TRUE(scram.ok()) << scram.message();
    }
    EXPECT_EQ(delivery(with(mechanism, "wrong-secret"), server_.sasl_address()).code(), Code::unauthenticated);
  }
}

TEST_F(KafkaFailures, CertificatesAreCheckedOnBothSides) {
  const auto with = [&](const char* authority, const std::string& certificate) {
    return Options{{"tls-ca", server_.file(authority)},
                   {"tls-certificate", server_.file(certificate + ".crt")},
                   {"tls-key", server_.file(certificate + ".key")},
                   {"connect-wait", "1s"}};
  };
  ASSERT_DONE(delivery(with("ca.crt", "client"), server_.tls_address()));
  expect_rows(received(), 1, 10);
  const auto authority = delivery(with("other.crt", "client"), server_.tls_address());
  EXPECT_EQ(authority.code(), Code::unauthenticated) << authority.message();
  EXPECT_THAT(authority.message(), HasSubstr("certificate"));
  auto by_number = server_.tls_address();
  by_number.replace(0, 9, "127.0.0.1");
  const auto name = delivery(with("ca.crt", "client"), by_number);
  EXPECT_EQ(name.code(), Code::unauthenticated) << name.message();
  const auto expired = delivery(with("ca.crt", "expired"), server_.tls_address());
  EXPECT_THAT(expired.code(), AnyOf(Eq(Code::unauthenticated), Eq(Code::unavailable))) << expired.message();
  EXPECT_THAT(expired.message(), HasSubstr("certificate"));
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: the server dies with the thread that started it.
  if (!GTEST_FLAG_GET(list_tests)) KafkaServer::shared();
  return RUN_ALL_TESTS();
}

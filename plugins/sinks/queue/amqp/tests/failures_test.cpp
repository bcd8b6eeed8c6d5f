// What goes wrong between the sink and RabbitMQ: nothing is reported delivered that the broker does not have, and what comes twice has the
// same id.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <latch>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>

#include "plugins/sinks/queue/testing/consumer.hpp"
#include "plugins/sinks/queue/testing/expect_rows.hpp"
#include "plugins/sinks/queue/testing/rabbitmq_server.hpp"
#include "plugins/sinks/testing/cutting_proxy.hpp"
#include "plugins/sinks/testing/delivery_fixture.hpp"
#include "plugins/sinks/testing/kills.hpp"
#include "plugins/sinks/testing/temporary_folder.hpp"
#include "tests/paths.hpp"

namespace {

namespace fs = std::filesystem;
using qonduit::Code;
using qonduit::amqp::testing::RabbitmqServer;
using qonduit::amqp::testing::RabbitmqSession;
using qonduit::amqp::testing::Received;
using qonduit::queue::testing::completed;
using qonduit::queue::testing::Delivered;
using qonduit::queue::testing::expect_rows;
using qonduit::sinks::testing::Cut;
using qonduit::sinks::testing::CuttingProxy;
using qonduit::testing::Options;
using qonduit::testing::SinkDriver;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class AmqpFailures : public qonduit::sinks::testing::DeliveryFixture {
 protected:
  AmqpFailures() : DeliveryFixture(qonduit::paths::plugin("amqp"), "amqp") { queue_ = folder_.filename().string(); }

  [[nodiscard]] SinkDriver create(const Options& more = {}, const std::string& url = {}) const {
    return DeliveryFixture::create(
        {{"url", url.empty() ? server_.url() : url}, {"routing-key", queue_}, {"declare-queue", "classic"}, {"connect-wait", "0ms"}}, more);
  }
  std::vector<Received> received() { return RabbitmqSession(server_.port()).take_all(queue_); }
  static std::vector<Delivered> delivered(const std::vector<Received>& messages) {
    std::vector<Delivered> all;
    for (const auto& message : messages) all.push_back({message.id, message.type, message.body});
    return all;
  }
  // The status of one delivery.
  qonduit::Status delivery(const Options& more, const std::string& url = {}) {
    auto sink = create(more, url);
    return deliver(sink, 1);
  }

  RabbitmqServer& server_ = RabbitmqServer::shared();
  const qonduit::sinks::testing::TemporaryFolder temporary_{"qonduit-amqp"};
  const fs::path folder_ = temporary_.path();
  std::string queue_;
};

TEST_F(AmqpFailures, MessagesSayWhatTheyAre) {
  auto sink = create({{"key", "n"}});
  ASSERT_DONE(deliver(sink, 1, 2));
  const auto messages = received();
  ASSERT_THAT(messages, SizeIs(2));
  EXPECT_EQ(messages[1].body, R"({"delivery":1,"n":1})");
  EXPECT_EQ(messages[1].content_type, "application/json");
  EXPECT_THAT(messages[1].id, ::testing::EndsWith("/2"));
  const auto& headers = messages[1].headers;
  EXPECT_EQ(headers.at("qonduit-key"), "1");
  EXPECT_EQ(headers.at("qonduit-run"), "run-1");
  EXPECT_EQ(headers.at("qonduit-pipeline"), "sales");
  EXPECT_EQ(headers.at("qonduit-rows"), "1");
  EXPECT_EQ(headers.at("qonduit-reload-time"), "2026-01-31T06:00:00.000Z");
  EXPECT_THAT(headers.at("qonduit-schema"), SizeIs(16));
}

TEST_F(AmqpFailures, AClientNoOneHereWroteReadsThem) {
  auto sink = create({{"format", "json-array"}, {"rows-per-message", "4"}, {"envelope", "cloudevents"}});
  ASSERT_DONE(deliver(sink, 1, 10));
  const auto out = folder_ / "bodies";
  qonduit::sinks::testing::run(
      {"/bin/sh", "-c",
       "amqp-consume --port=" + std::to_string(server_.port()) + " -s 127.0.0.1 -q " + queue_ + " -c 3 cat > " + out.string()});
  std::ifstream file(out);
  const std::string bodies(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(bodies, HasSubstr(R"("data":[{"delivery":1,"n":8},{"delivery":1,"n":9}]})"));
  EXPECT_THAT(bodies, HasSubstr(R"("specversion":"1.0")"));
}

TEST_F(AmqpFailures, ASwallowedConfirmationRepeatsUnderTheSameId) {
  CuttingProxy proxy(server_.port(), "\"n\":3}");
  auto sink = create({{"window", "5"}}, server_.url(proxy.port()));
  std::size_t repeated = 0;
  for (int i = 1; i <= 100; ++i) {
    proxy.cut_next(i % 2 == 0 ? Cut::answer : Cut::request);
    ASSERT_DONE(deliver(sink, i, 20));
    const auto messages = received();
    expect_rows(messages, i, 20);
    repeated += messages.size() - 20;
  }
  EXPECT_EQ(proxy.cuts(), 100);
  EXPECT_GT(repeated, 0u) << "nothing was in doubt";
}

TEST_F(AmqpFailures, ASlowSourceIsNoBrokerThatDoesNotConfirm) {
  CuttingProxy proxy(server_.port(), "\"n\":3}");
  // Long enough for a machine with much to do to connect again.
  auto sink = create({{"retry-for", "3s"}}, server_.url(proxy.port()));
  proxy.cut_next(Cut::answer);
  ASSERT_DONE(load(sink, 1, 20));
  std::this_thread::sleep_for(std::chrono::milliseconds(3200));  // the source's: longer than retry-for
  ASSERT_DONE(sink.commit());
  EXPECT_EQ(proxy.cuts(), 1);
  expect_rows(received(), 1, 20);
}

TEST_F(AmqpFailures, ABrokerThatDiesLosesNothing) {
  auto random = qonduit::sinks::testing::chosen_moments();
  auto sink = create({{"retry-for", "60s"}, {"marker", "true"}, {"window", "500"}});
  for (int i = 1; i <= qonduit::sinks::testing::kills(); ++i) {
    std::atomic<bool> done = false;
    qonduit::Status status;
    std::latch opened(1);
    std::thread delivering([&] {
      run_.run_id = "run-" + std::to_string(i);
      status = sink.open(run_, schema_);
      opened.count_down();
      // Rows until the broker has died and is back, so that it dies among them.
      std::int64_t from = 0;
      while (status.ok() && !done) status = sink.write(*rows(i, 100)), ++from;
      if (status.ok()) status = sink.commit();
    });
    // The point at which the broker dies is what varies; a broker that dies before there is a delivery fails its open.
    opened.wait();
    std::this_thread::sleep_for(qonduit::sinks::testing::moment_before(std::chrono::milliseconds(450), random));
    server_.kill_at_once();
    server_.start();
    done = true;
    delivering.join();
    if (status.code() == Code::unavailable && status.message().find("the broker lost the queue") != std::string::npos) {
      // RabbitMQ's own: a queue declared shortly before the kill.
      static_cast<void>(sink.abort());
      status = deliver(sink, i, 100);
    }
    ASSERT_DONE(status);
    const auto bodies = completed(delivered(received()));
    ASSERT_TRUE(bodies.has_value());
    EXPECT_EQ(bodies->size() % 100, 0u);
    EXPECT_EQ(bodies->size(), sink.delivery()->rows);
  }
}

TEST_F(AmqpFailures, AQueueThatIsGoneAfterALossFailsTheDelivery) {
  CuttingProxy proxy(server_.port(), "\"n\":0}");
  auto sink = create({{"window", "1"}}, server_.url(proxy.port()));
  ASSERT_DONE(load(sink, 1));
  RabbitmqSession(server_.port()).delete_queue(queue_);
  proxy.cut_next(Cut::request);
  auto status = sink.write(*rows(1, 10));
  if (status.ok()) status = sink.commit();
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("the broker lost the queue"), HasSubstr("messages of this delivery"), HasSubstr(queue_)));
  static_cast<void>(sink.abort());
  ASSERT_DONE(deliver(sink, 1));
  expect_rows(received(), 1, 10);
}

TEST_F(AmqpFailures, AnotherBrokerTakesOver) {
  const auto closed = server_.url(qonduit::sinks::testing::free_port());
  auto sink = create({}, closed + ", " + server_.url());
  ASSERT_DONE(deliver(sink, 1));
  expect_rows(received(), 1, 10);
}

TEST_F(AmqpFailures, NoBrokerFailsAtOnceOrWaits) {
  const auto closed = server_.url(qonduit::sinks::testing::free_port());
  const auto status = delivery({}, closed);
  EXPECT_EQ(status.code(), Code::unavailable) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("cannot connect"));
  EXPECT_EQ(create({}, closed).probe().code(), Code::unavailable);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(delivery({{"connect-wait", "700ms"}}, closed).code(), Code::unavailable);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(700));
}

// The broker lacks memory and blocks all that publish, until this goes.
class AmqpMemoryAlarm {
 public:
  explicit AmqpMemoryAlarm(RabbitmqServer& server) : server_(server) { limit("0.000001"); }
  AmqpMemoryAlarm(const AmqpMemoryAlarm&) = delete;
  AmqpMemoryAlarm& operator=(const AmqpMemoryAlarm&) = delete;
  ~AmqpMemoryAlarm() {
    try {
      limit("0.4");
    } catch (const std::exception& error) {
      ADD_FAILURE() << "the broker stays blocked for the tests after this one: " << error.what();
    }
  }

 private:
  void limit(const std::string& part) { server_.call("vm_memory_monitor set_vm_memory_high_watermark [" + part + "]"); }

  RabbitmqServer& server_;
};

TEST_F(AmqpFailures, ABlockedBrokerIsWaitedFor) {
  auto sink = create({{"window", "10"}});
  ASSERT_DONE(deliver(sink, 1));
  expect_rows(received(), 1, 10);
  std::optional<AmqpMemoryAlarm> alarm(std::in_place, server_);
  auto impatient = create({{"window", "10"}, {"retry-for", "1s"}});
  const auto status = deliver(impatient, 2, 1000);
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_THAT(status.message(), HasSubstr("blocked"));

  auto waiting = std::async(std::launch::async, [&] { return deliver(sink, 3, 1000); });
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds(500)), std::future_status::timeout) << "it is blocked";
  alarm.reset();
  ASSERT_DONE(waiting.get());
  auto messages = received();
  std::erase_if(messages, [](const Received& message) { return message.headers.at("qonduit-run") == "run-2"; });
  expect_rows(messages, 3, 1000);
}

TEST_F(AmqpFailures, WaitsEndWhenTheyAreCancelled) {
  auto away = create({{"connect-wait", "1h"}}, server_.url(qonduit::sinks::testing::free_port()));
  auto status = cancelled_when(
      away, "at once", [] { return true; }, [&] { return away.open(run_, schema_); });
  EXPECT_EQ(status.code(), Code::cancelled) << status.message();

  // A queue that is full: nothing is confirmed, and the sink tries again.
  RabbitmqSession session(server_.port());
  session.make_queue(queue_, {{"x-overflow", "reject-publish"}}, {{"x-max-length", 5}});
  auto full = create({{"declare-queue", "none"}, {"retry-for", "1h"}});
  ASSERT_DONE(load(full, 1, 20));
  status = cancelled_when(
      full, "at once", [] { return true; }, [&] { return full.commit(); });
  EXPECT_EQ(status.code(), Code::cancelled) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("had not confirmed"));
  ASSERT_DONE(full.abort());
}

TEST_F(AmqpFailures, AFullQueueIsTriedAgainAndThenFails) {
  RabbitmqSession session(server_.port());
  session.make_queue(queue_, {{"x-overflow", "reject-publish"}}, {{"x-max-length", 5}});
  auto sink = create({{"declare-queue", "none"}, {"retry-for", "1s"}});
  const auto status = deliver(sink, 1, 20);
  EXPECT_EQ(status.code(), Code::unavailable) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("nothing was confirmed"));
  session.take_all(queue_);

  auto patient = create({{"declare-queue", "none"}, {"retry-for", "30s"}});
  std::vector<Received> messages;
  std::string failure;
  std::jthread reader([&](const std::stop_token& stop) {
    try {
      RabbitmqSession own(server_.port());
      const auto take = [&] {
        for (auto& message : own.take_all(queue_)) messages.push_back(std::move(message));
      };
      for (; !stop.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds(5))) take();
      take();
    } catch (const std::exception& error) {
      failure = error.what();
    }
  });
  const auto delivered_at_last = deliver(patient, 2, 20);
  reader.request_stop();
  reader.join();
  EXPECT_EQ(failure, "");
  ASSERT_DONE(delivered_at_last);
  expect_rows(messages, 2, 20);
}

TEST_F(AmqpFailures, WhatReachesNoQueueFails) {
  const auto status = delivery({{"declare-queue", "none"}});
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), HasSubstr("NO_ROUTE"));
  EXPECT_THAT(status.message(), HasSubstr("dead-letter-directory"));
}

TEST_F(AmqpFailures, DeadLettersAreKeptWithTheirReason) {
  auto sink = create({{"declare-queue", "none"}, {"dead-letter-directory", folder_.string()}, {"dead-letter-limit", "3"}});
  ASSERT_DONE(deliver(sink, 1, 3));
  EXPECT_THAT(sink.delivery()->note, HasSubstr("3 messages were refused"));
  std::string lines;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    std::ifstream file(entry.path());
    lines.append(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_THAT(lines, HasSubstr(R"("reason":"unroutable: 312 NO_ROUTE")"));
  EXPECT_THAT(lines, HasSubstr(R"("body":"{\"delivery\":1,\"n\":2}")"));
  EXPECT_THAT(lines, HasSubstr(R"("qonduit-run":"run-1")"));
  const auto beyond = deliver(sink, 2, 4);
  EXPECT_EQ(beyond.code(), Code::bad_data);
  EXPECT_THAT(beyond.message(), HasSubstr("dead-letter-limit = 3"));
}

TEST_F(AmqpFailures, ChangesSurviveALossUnderTheirIds) {
  CuttingProxy proxy(server_.port(), "\"n\":1}");
  auto sink =
      create({{"mode", "changes"}, {"key", "n"}, {"state-directory", folder_.string()}, {"before", "true"}}, server_.url(proxy.port()));
  ASSERT_DONE(deliver(sink, 1, 3));
  received();
  proxy.cut_next(Cut::answer);
  ASSERT_DONE(deliver(sink, 2, 2));
  EXPECT_EQ(proxy.cuts(), 1);
  std::map<std::string, Received> by_id;
  for (const auto& message : received()) by_id.emplace(message.id, message);
  std::map<std::string, int> ops;
  for (const auto& [id, message] : by_id) ++ops[message.headers.at("qonduit-op")];
  EXPECT_THAT(ops, ::testing::ElementsAre(::testing::Pair("delete", 1), ::testing::Pair("update", 2)));
  for (const auto& [id, message] : by_id) EXPECT_THAT(message.body, HasSubstr(R"("before":{"delivery":1,"n":)")) << message.body;
  ASSERT_DONE(deliver(sink, 2, 2));
  EXPECT_THAT(received(), SizeIs(0));
}

TEST_F(AmqpFailures, ARowLargerThanAMessageIsNamed) {
  schema_ = {{{"text", qonduit::Type::utf8}}};
  auto sink = create({{"message-max", "1KiB"}, {"format", "json-array"}});
  run_.run_id = "run-1";
  ASSERT_DONE(sink.open(run_, schema_));
  std::vector<qonduit::Column> columns;
  columns.emplace_back(qonduit::Type::utf8);
  for (int i = 0; i < 30; ++i) columns[0].append_text(std::string(100, 'x'));
  columns[0].append_text(std::string(2000, 'y'));
  qonduit::arrow::ArrayHandle batch(new ArrowArray{});
  finish_batch(columns, batch.get());
  auto status = sink.write(*batch);
  if (status.ok()) status = sink.commit();
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), HasSubstr("row 31"));
  EXPECT_THAT(status.message(), HasSubstr("message-max"));
  static_cast<void>(sink.abort());
  for (const auto& message : received()) EXPECT_LE(message.body.size(), 1024u);
}

TEST_F(AmqpFailures, AnAbortedDeliverySaysSo) {
  auto sink = create({{"marker", "true"}});
  ASSERT_DONE(load(sink, 1));
  ASSERT_DONE(sink.abort());
  const auto messages = received();
  ASSERT_FALSE(messages.empty());
  EXPECT_EQ(messages.back().type, "marker");
  EXPECT_THAT(messages.back().body, HasSubstr(R"({"marker":"aborted")"));
  EXPECT_FALSE(completed(delivered(messages)).has_value());
}

TEST_F(AmqpFailures, WhatIsThereOtherwiseIsNamed) {
  RabbitmqSession(server_.port()).make_queue(queue_);
  const auto quorum = delivery({{"declare-queue", "quorum"}});
  EXPECT_EQ(quorum.code(), Code::invalid_config);
  EXPECT_THAT(quorum.message(), HasSubstr("PRECONDITION_FAILED"));
  auto sink = create({{"declare-queue", "quorum"}});
  EXPECT_EQ(deliver(sink, 1).code(), Code::invalid_config);
  RabbitmqSession(server_.port()).delete_queue(queue_);
  ASSERT_DONE(deliver(sink, 2));
  RabbitmqSession(server_.port()).delete_queue(queue_);
  ASSERT_DONE(deliver(sink, 3));
  const auto exchange = delivery({{"exchange", "no-such"}, {"declare-queue", "none"}});
  EXPECT_EQ(exchange.code(), Code::not_found) << exchange.message();
  EXPECT_THAT(exchange.message(), HasSubstr("no-such"));
}

TEST_F(AmqpFailures, AnExchangeIsMadeAndBound) {
  auto sink = create({{"exchange", queue_ + ".exchange"},
                      {"declare-exchange", "topic"},
                      {"queue", queue_},
                      {"declare-queue", "quorum"},
                      {"routing-key", "{app}.{title}"}});
  ASSERT_DONE(deliver(sink, 1));
  EXPECT_THAT(sink.delivery()->target, HasSubstr("routing key 'Consumer Sales.t'"));
  expect_rows(received(), 1, 10);
}

TEST_F(AmqpFailures, WhoIsNotLetInIsTold) {
  const auto host = "@127.0.0.1:" + std::to_string(server_.port());
  const auto password = delivery({{"user", "etl"}, {"password", "wrong-secret"}});
  EXPECT_EQ(password.code(), Code::unauthenticated) << password.message();
  EXPECT_THAT(password.message(), Not(HasSubstr("wrong-secret")));
  const auto vhost = delivery({}, "amqp://guest" + host + "/elsewhere");
  EXPECT_THAT(vhost.code(), AnyOf(Eq(Code::forbidden), Eq(Code::not_found))) << vhost.message();
  EXPECT_THAT(vhost.message(), HasSubstr("elsewhere"));
  ASSERT_DONE(delivery({{"user", "etl"}, {"password", "etl-secret"}}));
}

TEST_F(AmqpFailures, CertificatesAreCheckedOnBothSides) {
  const auto port = std::to_string(server_.tls_port());
  const auto url = "amqps://localhost:" + port + "/%2f";
  const auto with = [&](const char* authority, const char* certificate) {
    return Options{{"tls-ca", server_.file(authority)},
                   {"tls-certificate", server_.file((std::string(certificate) + ".crt").c_str())},
                   {"tls-key", server_.file((std::string(certificate) + ".key").c_str())},
                   {"auth", "external"},
                   {"retry-for", "1s"}};
  };
  ASSERT_DONE(delivery(with("ca.crt", "client"), url));
  expect_rows(received(), 1, 10);
  const auto authority = delivery(with("other.crt", "client"), url);
  EXPECT_EQ(authority.code(), Code::unauthenticated) << authority.message();
  EXPECT_THAT(authority.message(), HasSubstr("verification failed"));
  const auto name = delivery(with("ca.crt", "client"), "amqps://127.0.0.1:" + port + "/%2f");
  EXPECT_EQ(name.code(), Code::unauthenticated) << name.message();
  const auto expired = delivery(with("ca.crt", "expired"), url);
  EXPECT_THAT(expired.code(), AnyOf(Eq(Code::unauthenticated), Eq(Code::unavailable))) << expired.message();
  EXPECT_THAT(expired.message(), HasSubstr("certificate"));
  const auto missing = delivery({{"tls-ca", server_.file("no-such.crt")}}, url);
  EXPECT_EQ(missing.code(), Code::invalid_config);
  EXPECT_THAT(missing.message(), HasSubstr("no-such.crt"));
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: the server dies with the thread that started it.
  if (!GTEST_FLAG_GET(list_tests)) RabbitmqServer::shared();
  return RUN_ALL_TESTS();
}

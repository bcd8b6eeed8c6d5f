// Against a real registry, in front of which nginx adds TLS, a user, and answers of a registry that is not well.
#include "plugins/sinks/queue/core/schema_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <qonduit/run_template.hpp>

#include <chrono>
#include <future>

#include "plugins/sinks/queue/core/avro.hpp"
#include "plugins/sinks/queue/core/queue_sink.hpp"
#include "plugins/sinks/queue/testing/schema_registry_server.hpp"

namespace qonduit::queue {
namespace {

using sinks::testing::free_port;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::SchemaRegistryServer;
using ::testing::SizeIs;

// Counts what reaches it.
class CountingBroker final : public Publisher {
 public:
  explicit CountingBroker(std::vector<std::string>& bodies) : bodies_(bodies) {}
  Status probe() override { return {}; }
  Status open(const Destination& /*destination*/, OnRefused /*on_refused*/) override { return {}; }
  Status publish(const Message& message) override {
    bodies_.emplace_back(message.body);
    return {};
  }
  Status flush() override { return {}; }
  [[nodiscard]] bool connected() const override { return true; }
  void drop() noexcept override {}
  [[nodiscard]] std::string target() const override { return "nowhere"; }

 private:
  std::vector<std::string>& bodies_;
};

class RegisteredSink final : public QueueSink {
 public:
  RegisteredSink(const QueueOptions& options, std::vector<std::string>& bodies)
      : QueueSink(options, *RunTemplate::parse("topic", "{title}"), std::make_unique<CountingBroker>(bodies)) {}
  using QueueSink::check;
};

class SchemaRegistryTest : public ::testing::Test {
 protected:
  SchemaRegistryTest() {
    title_ = ::testing::UnitTest::GetInstance()->current_test_info()->name() + std::to_string(::getpid());
    subject_ = title_ + "-value";
    options_.format = Format::avro;
    options_.schema_registry = server_.url();
    options_.connect_wait = std::chrono::milliseconds(0);
    run_.pipeline = "sales", run_.object_id = "orders", run_.run_id = "run-1";
    run_.title = title_;
  }
  [[nodiscard]] std::string schema(const std::vector<Field>& fields) const { return avro_schema(run_, Schema{fields}).text; }
  void through_front(const std::string& url) {
    options_.schema_registry = url;
    options_.schema_registry_ca = server_.file("ca.crt");
    options_.schema_registry_user = "etl";
    options_.schema_registry_password = "etl-secret";
  }
  // The status of looking a schema up, by options that pass the check.
  Status asked() {
    if (auto status = SchemaRegistry::check(options_); !status.ok()) return status;
    return SchemaRegistry(options_).id(subject_, schema({{"n", Type::int64}})).status();
  }

  SchemaRegistryServer& server_ = SchemaRegistryServer::shared();
  QueueOptions options_;
  qonduit::Run run_;
  std::string title_, subject_;
};

TEST_F(SchemaRegistryTest, ASchemaIsRegisteredOnceAndHasOneId) {
  SchemaRegistry registry(options_);
  EXPECT_TRUE(registry.probe().ok()) << registry.probe().message();
  const auto text = schema({{"n", Type::int64}});
  const auto id = registry.id(subject_, text);
  ASSERT_TRUE(id) << id.error().message();
  EXPECT_EQ(*registry.id(subject_, text), *id);
  EXPECT_EQ(*SchemaRegistry(options_).id(subject_, text), *id) << "found again by another";
  EXPECT_THAT(server_.get("/schemas/ids/" + std::to_string(*id)), HasSubstr("orders"));
  EXPECT_EQ(server_.get("/subjects/" + subject_ + "/versions"), "[1]");
}

TEST_F(SchemaRegistryTest, AColumnMoreIsANewVersion) {
  SchemaRegistry registry(options_);
  const auto one = registry.id(subject_, schema({{"n", Type::int64}}));
  const auto two = registry.id(subject_, schema({{"n", Type::int64},
                                                 {"Gr\xC3\xB6\xC3\x9F"
                                                  "e",
                                                  Type::float64}}));
  ASSERT_TRUE(one);
  ASSERT_TRUE(two) << two.error().message();
  EXPECT_NE(*one, *two);
  EXPECT_EQ(server_.get("/subjects/" + subject_ + "/versions"), "[1,2]");
  EXPECT_EQ(*SchemaRegistry(options_).id(subject_, schema({{"n", Type::int64}})), *one) << "an earlier version keeps its id";
}

TEST_F(SchemaRegistryTest, NothingIsPublishedOfADeliveryTheSubjectDoesNotTake) {
  ASSERT_TRUE(SchemaRegistry(options_).id(subject_, schema({{"n", Type::int64}})));
  std::vector<std::string> bodies;
  options_.marker = true;
  RegisteredSink sink(options_, bodies);
  const auto status = sink.open(run_, Schema{{{"n", Type::utf8}}});
  EXPECT_EQ(status.code(), Code::invalid_config);
  EXPECT_THAT(status.message(), AllOf(HasSubstr(subject_), HasSubstr("union lacking writer type"), HasSubstr("schema-subject")));
  EXPECT_TRUE(sink.abort().ok());
  EXPECT_THAT(bodies, IsEmpty());
  EXPECT_EQ(server_.get("/subjects/" + subject_ + "/versions"), "[1]");
}

TEST_F(SchemaRegistryTest, MessagesBeginWithTheId) {
  std::vector<std::string> bodies;
  RegisteredSink sink(options_, bodies);
  const Schema columns{{{"n", Type::int64}}};
  ASSERT_TRUE(sink.open(run_, columns).ok());
  std::vector<Column> filled;
  filled.emplace_back(Type::int64).append_int64(-2);
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(filled, array.get());
  ASSERT_TRUE(sink.write(BatchView(columns, *array)).ok());
  ASSERT_TRUE(sink.commit().ok());
  ASSERT_THAT(bodies, SizeIs(1));
  EXPECT_EQ(bodies[0], registered_prefix(*SchemaRegistry(options_).id(subject_, schema({{"n", Type::int64}}))) + "\x02\x03");
}

TEST_F(SchemaRegistryTest, TheSubjectCanBeNamed) {
  std::vector<std::string> bodies;
  options_.schema_subject = "{title}/of {object}";
  ASSERT_TRUE(RegisteredSink::check(options_).ok());
  RegisteredSink sink(options_, bodies);
  const auto status = sink.open(run_, Schema{{{"n", Type::int64}}});
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_THAT(server_.get("/subjects"), HasSubstr("\"" + title_ + "/of orders\""));
}

TEST_F(SchemaRegistryTest, WhatIsOnlyLookedUpIsNotRegistered) {
  options_.schema_register = false;
  const auto unknown = asked();
  EXPECT_EQ(unknown.code(), Code::not_found);
  EXPECT_THAT(unknown.message(), AllOf(HasSubstr(subject_), HasSubstr("schema-register = false"), HasSubstr(R"("type":"record")")));
  EXPECT_THAT(server_.get("/subjects"), Not(HasSubstr(subject_)));
  options_.schema_register = true;
  ASSERT_TRUE(asked().ok());
  options_.schema_register = false;
  EXPECT_TRUE(asked().ok());
}

TEST_F(SchemaRegistryTest, WhoIsNotLetInIsTold) {
  through_front(server_.tls_url());
  ASSERT_TRUE(asked().ok()) << asked().message();
  options_.schema_registry_password = "wrong-secret";
  const auto password = asked();
  EXPECT_EQ(password.code(), Code::unauthenticated);
  EXPECT_THAT(password.message(), AllOf(HasSubstr("HTTP 401"), HasSubstr("schema-registry-password"), Not(HasSubstr("wrong-secret"))));
  through_front(server_.tls_url("localhost", "/forbidden"));
  EXPECT_EQ(asked().code(), Code::forbidden);
  EXPECT_THAT(asked().message(), Not(HasSubstr("etl-secret")));
}

TEST_F(SchemaRegistryTest, CertificateAndHostNameAreChecked) {
  through_front(server_.tls_url());
  options_.schema_registry_ca = server_.file("other.crt");
  EXPECT_EQ(asked().code(), Code::unauthenticated) << asked().message();
  EXPECT_THAT(asked().message(), HasSubstr("certificate"));
  options_.schema_registry_ca.clear();
  EXPECT_EQ(asked().code(), Code::unauthenticated) << "the system's authorities do not know it";
  through_front(server_.tls_url("127.0.0.1"));
  EXPECT_EQ(asked().code(), Code::unauthenticated) << asked().message();
  options_.schema_registry_ca = server_.file("no-such.crt");
  EXPECT_EQ(asked().code(), Code::invalid_config) << asked().message();
  EXPECT_THAT(asked().message(), HasSubstr("no-such.crt"));
}

TEST_F(SchemaRegistryTest, OneThatIsDownIsWaitedFor) {
  through_front(server_.tls_url());
  server_.stop_front();
  EXPECT_EQ(asked().code(), Code::unavailable);
  options_.connect_wait = std::chrono::milliseconds(300);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(asked().code(), Code::unavailable);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, options_.connect_wait);
  options_.connect_wait = std::chrono::seconds(60);
  auto waiting = std::async(std::launch::async, [this] { return asked(); });
  server_.start_front();
  const auto status = waiting.get();
  EXPECT_TRUE(status.ok()) << status.message();
}

TEST_F(SchemaRegistryTest, AnOverloadedOneIsAskedAgain) {
  through_front(server_.tls_url("localhost", "/overloaded"));
  const auto status = asked();
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_THAT(status.message(), HasSubstr("HTTP 503"));
}

TEST_F(SchemaRegistryTest, ReasonsThatTheRegistryGivesAreTold) {
  through_front(server_.tls_url("localhost", "/confluent"));
  const auto status = asked();
  EXPECT_EQ(status.code(), Code::invalid_config);
  EXPECT_THAT(status.message(),
              AllOf(HasSubstr("not compatible with the subject '" + subject_ + "': one; two"), HasSubstr("nothing was published")));
}

TEST_F(SchemaRegistryTest, AnAddressThatIsNoRegistryIsNamed) {
  through_front(server_.tls_url("localhost", "/moved"));
  EXPECT_EQ(asked().code(), Code::invalid_config);
  EXPECT_THAT(asked().message(), HasSubstr("redirects are not followed"));
  through_front(server_.tls_url("localhost", "/no-such-api"));
  EXPECT_EQ(asked().code(), Code::invalid_config) << asked().message();
  EXPECT_THAT(asked().message(), HasSubstr("HTTP 404"));
  EXPECT_EQ(SchemaRegistry(options_).probe().code(), Code::invalid_config);
}

TEST_F(SchemaRegistryTest, NothingGoesUnencryptedToOtherMachines) {
  const auto checked = [&](const char* url) {
    options_.schema_registry = url;
    return RegisteredSink::check(options_);
  };
  EXPECT_TRUE(checked("https://registry.example.com").ok());
  EXPECT_TRUE(checked("http://localhost:8081/").ok());
  EXPECT_TRUE(checked("http://127.0.0.1:8081").ok());
  EXPECT_TRUE(checked("http://[::1]:8081").ok());
  for (const char* url : {"http://registry.example.com", "http://127.example.com", "http://localhost.example.com:8081"}) {
    EXPECT_THAT(checked(url).message(), HasSubstr("not encrypted"));
  }
  options_.schema_registry_allow_plaintext = true;
  EXPECT_TRUE(checked("http://registry.example.com").ok());
  EXPECT_THAT(checked("https://etl:hidden@registry.example.com").message(),
              AllOf(HasSubstr("schema-registry-user"), Not(HasSubstr("hidden"))));
  for (const char* url : {"registry.example.com", "ftp://registry.example.com", "https://", "https://a?b"}) {
    EXPECT_EQ(checked(url).code(), Code::invalid_config) << url;
  }
}

}  // namespace
}  // namespace qonduit::queue

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: the servers die with the thread that started them.
  if (!GTEST_FLAG_GET(list_tests)) qonduit::queue::testing::SchemaRegistryServer::shared();
  return RUN_ALL_TESTS();
}

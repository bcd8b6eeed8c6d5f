// What goes wrong between the generic dialect and a server, PostgreSQL behind its ODBC driver: after each failure the target is as it was,
// or the delivery is there once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "plugins/sinks/sql/testing/postgresql_server.hpp"
#include "plugins/sinks/testing/cutting_proxy.hpp"
#include "plugins/sinks/testing/delivery_fixture.hpp"
#include "tests/paths.hpp"

namespace {

using qonduit::Code;
using qonduit::Committed;
using qonduit::postgresql::testing::PostgresqlServer;
using qonduit::sinks::testing::Cut;
using qonduit::sinks::testing::CuttingProxy;
using qonduit::testing::Options;
using qonduit::testing::SinkDriver;
using ::testing::AllOf;
using ::testing::HasSubstr;

class GenericFailures : public qonduit::sinks::testing::DeliveryFixture {
 protected:
  GenericFailures() : DeliveryFixture(qonduit::paths::plugin("odbc"), "odbc"), database_(server_.empty_database()) {}

  SinkDriver create(const Options& more, int port = 0) const {
    return DeliveryFixture::create({{"mode", "append"},
                                    {"connection", server_.odbc_connection(database_, port)},
                                    {"user", "etl"},
                                    {"password", PostgresqlServer::password()}},
                                   more);
  }
  std::string one(const std::string& sql) const { return server_.query(database_, sql)[0][0].value_or("null"); }
  // Backends of the role whose last statement was of this kind.
  void terminate(const std::string& statement) const {
    server_.query("postgres",
                  "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'etl' AND query LIKE '" + statement + "%'");
  }

  PostgresqlServer& server_ = PostgresqlServer::shared();
  std::string database_;
};

TEST_F(GenericFailures, ALostAnswerToCommitIsResolvedByLooking) {
  CuttingProxy proxy(server_.port());
  auto sink = create({}, proxy.port());
  ASSERT_DONE(deliver(sink, 0));
  for (int delivery = 1; delivery <= 40; ++delivery) {
    const bool landed = delivery % 4 != 0;
    proxy.cut_next(landed ? Cut::answer : Cut::request);
    ASSERT_DONE(load(sink, delivery));
    const auto status = sink.commit();
    ASSERT_EQ(status.code(), Code::unavailable) << status.message();
    const auto answer = sink.committed(run_.run_id);
    ASSERT_TRUE(answer) << answer.error().message();
    ASSERT_EQ(*answer, landed ? Committed::yes : Committed::no) << delivery;
    static_cast<void>(sink.abort());
    if (!landed) ASSERT_DONE(deliver(sink, delivery));
  }
  EXPECT_EQ(proxy.cuts(), 40);
  EXPECT_EQ(one("SELECT count(*) FROM t"), "410");
  EXPECT_EQ(one("SELECT count(DISTINCT (delivery, n)) FROM t"), "410") << "nothing is there twice";
}

TEST_F(GenericFailures, OneHostDeliversIntoATableAtATime) {
  auto sink = create({{"mode", "replace"}, {"lock-timeout", "1s"}});
  ASSERT_DONE(deliver(sink, 1));
  ASSERT_DONE(load(sink, 2));
  auto other = create({{"mode", "replace"}, {"lock-timeout", "1s"}});
  auto status = deliver(other, 3);
  EXPECT_EQ(status.code(), Code::timeout) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("another host"));
  ASSERT_DONE(sink.commit());
  ASSERT_DONE(deliver(other, 3));
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "3");
}

TEST_F(GenericFailures, NothingIsCommittedWithoutTheLock) {
  auto sink = create({{"mode", "replace"}});
  ASSERT_DONE(deliver(sink, 1));
  ASSERT_DONE(load(sink, 2));
  terminate("%_qonduit_locks");
  const auto status = sink.commit();
  EXPECT_EQ(status.code(), Code::unavailable) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("lock"));
  EXPECT_EQ(*sink.committed(run_.run_id), Committed::no);
  static_cast<void>(sink.abort());
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "1");
  ASSERT_DONE(deliver(sink, 2));
}

TEST_F(GenericFailures, AServerThatWasKilledLeavesAWholeTable) {
  auto sink = create({{"mode", "replace"}, {"connect-wait", "1s"}});
  ASSERT_DONE(deliver(sink, 1));
  ASSERT_DONE(load(sink, 2));
  server_.kill_at_once();
  EXPECT_EQ(sink.commit().code(), Code::unavailable);
  static_cast<void>(sink.abort());
  server_.start();
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "1");
  ASSERT_DONE(deliver(sink, 2));
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "2");
}

TEST_F(GenericFailures, SayWhatIsWrongAndWhatToDo) {
  auto sink = create({});
  ASSERT_DONE(deliver(sink, 1));
  server_.query(database_, "ALTER TABLE t ADD CHECK (n < 5) NOT VALID");
  auto status = deliver(sink, 3);
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("row 6"), HasSubstr("(3, 5)"), HasSubstr("t_n_check")));
  server_.query(database_, "ALTER TABLE t OWNER TO postgres");
  status = deliver(sink, 2);
  EXPECT_EQ(status.code(), Code::forbidden) << status.message();
  EXPECT_THAT(status.message(), AllOf(HasSubstr("table 't'"), HasSubstr("permission denied"), HasSubstr("grant")));
  auto homeless = create({{"schema", "no_such_schema"}});
  EXPECT_THAT(homeless.probe().message(), HasSubstr("no_such_schema"));
  auto mistaken = create({{"dialect", "sqlserver"}});
  status = mistaken.probe();
  EXPECT_EQ(status.code(), Code::invalid_config) << status.message();
  EXPECT_THAT(status.message(), AllOf(HasSubstr("dialect"), HasSubstr("PostgreSQL")));
  auto closed = create({{"connect-wait", "0ms"}}, qonduit::sinks::testing::free_port());
  EXPECT_EQ(closed.probe().code(), Code::unavailable);
}

// The driver for SQL Server is there; a server is not.
TEST_F(GenericFailures, ASqlServerThatIsNotThereIsUnavailable) {
  auto sink = SinkDriver::create(
      *component_, Options{{"connection", "DRIVER={FreeTDS};SERVER=127.0.0.1;PORT=" + std::to_string(qonduit::sinks::testing::free_port()) +
                                              ";TDS_Version=7.4;DATABASE=x"},
                           {"mode", "append"},
                           {"user", "sa"},
                           {"password", "x"}});
  ASSERT_TRUE(sink) << sink.error().message();
  const auto status = sink->probe();
  EXPECT_EQ(status.code(), Code::unavailable) << status.message();
}

}  // namespace

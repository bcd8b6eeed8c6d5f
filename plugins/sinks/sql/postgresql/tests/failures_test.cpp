// What goes wrong between a sink and a PostgreSQL server: after each failure the target is as it was, or the delivery is there once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include "plugins/sinks/sql/testing/full_disk.hpp"
#include "plugins/sinks/sql/testing/postgresql_server.hpp"
#include "plugins/sinks/testing/cutting_proxy.hpp"
#include "plugins/sinks/testing/delivery_fixture.hpp"
#include "plugins/sinks/testing/kills.hpp"
#include "tests/paths.hpp"

namespace {

using qonduit::Code;
using qonduit::Committed;
using qonduit::Schema;
using qonduit::Status;
using qonduit::Type;
using qonduit::postgresql::testing::PostgresqlServer;
using qonduit::sinks::testing::Cut;
using qonduit::sinks::testing::CuttingProxy;
using qonduit::testing::Options;
using qonduit::testing::SampleRun;
using qonduit::testing::SinkDriver;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;

class PostgresqlFailures : public qonduit::sinks::testing::DeliveryFixture {
 protected:
  PostgresqlFailures() : DeliveryFixture(qonduit::paths::plugin("postgresql"), "postgresql"), database_(server_.empty_database()) {}

  SinkDriver create(const Options& more, const std::string& url = {}) const {
    return DeliveryFixture::create(
        {{"mode", "append"}, {"url", url.empty() ? server_.url(database_) : url}, {"password", PostgresqlServer::password()}}, more);
  }
  // The superuser's, in plain libpq.
  std::unique_ptr<PGconn, decltype(&PQfinish)> connect(const std::string& more = {}) const {
    const auto conninfo =
        "host=" + server_.folder().string() + " port=" + std::to_string(server_.port()) + " user=postgres dbname=" + database_ + more;
    return {PQconnectdb(conninfo.c_str()), PQfinish};
  }
  std::string one(const std::string& sql) const { return server_.query(database_, sql)[0][0].value_or("null"); }
  void terminate() const {
    server_.query("postgres", "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'etl'");
  }

  PostgresqlServer& server_ = PostgresqlServer::shared();
  std::string database_;
};

// libpq takes what stands behind the colon for a port, and shows it, where the password has a / in it.
TEST_F(PostgresqlFailures, AnAddressThatHoldsAPasswordIsRefusedHoweverItIsWritten) {
  const auto status = [&](const std::string& url) { return SinkDriver::create(*component_, {{"mode", "append"}, {"url", url}}).status(); };
  for (const std::string url : {"postgresql://etl:secret@db/w", "postgresql://etl:se/cret@db/w", "postgresql://etl:se?cret@db:5432/w"}) {
    EXPECT_EQ(status(url).code(), Code::invalid_config) << url;
    EXPECT_THAT(status(url).message(), AllOf(HasSubstr("holds a password"), ::testing::Not(HasSubstr("cret")))) << url;
  }
  for (const std::string url : {"postgresql://etl@db:5432/w", "postgresql://db:5432/w?application_name=a@b",
                                "postgresql://etl@[::1]:5432/w", "postgresql://a:5432,b:5433/w?application_name=a@b"})
    EXPECT_TRUE(status(url).ok()) << url << ": " << status(url).message();
}

TEST_F(PostgresqlFailures, ALostAnswerToCommitIsResolvedByLooking) {
  CuttingProxy proxy(server_.port());
  auto sink = create({}, "postgresql://etl@127.0.0.1:" + std::to_string(proxy.port()) + "/" + database_ + "?sslmode=disable");
  ASSERT_DONE(deliver(sink, 0));
  for (int delivery = 1; delivery <= 100; ++delivery) {
    const bool landed = delivery % 4 != 0;
    proxy.cut_next(landed ? Cut::answer : Cut::request);
    ASSERT_DONE(load(sink, delivery));
    const auto status = sink.commit();
    ASSERT_EQ(status.code(), Code::unavailable) << status.message();
    const auto answer = sink.committed(run_.run_id);
    ASSERT_TRUE(answer) << answer.error().message();
    ASSERT_EQ(*answer, landed ? Committed::yes : Committed::no) << delivery;
    static_cast<void>(sink.abort());
    // What the host does then: nothing, or the same run again.
    if (!landed) ASSERT_DONE(deliver(sink, delivery));
  }
  EXPECT_EQ(proxy.cuts(), 100);
  EXPECT_EQ(one("SELECT count(*) FROM t"), "1010");
  EXPECT_EQ(one("SELECT count(DISTINCT (delivery, n)) FROM t"), "1010") << "nothing is there twice";
}

TEST_F(PostgresqlFailures, AConnectionLostWhileLoadingLeavesNothing) {
  for (const auto* mode : {"append", "replace", "truncate"}) {
    run_.title = run_.object_id = mode;
    auto sink = create({{"mode", mode}});
    ASSERT_DONE(deliver(sink, 1));
    ASSERT_DONE(load(sink, 2));
    terminate();
    EXPECT_EQ(sink.commit().code(), Code::unavailable);
    EXPECT_EQ(*sink.committed(run_.run_id), Committed::no);
    static_cast<void>(sink.abort());
    EXPECT_EQ(one("SELECT string_agg(DISTINCT delivery::text, ',') FROM " + std::string(mode)), "1");
    ASSERT_DONE(deliver(sink, 2));
    EXPECT_EQ(one("SELECT max(delivery) FROM " + std::string(mode)), "2");
  }
}

TEST_F(PostgresqlFailures, ARunWhoseTransactionIsLostIsLostAsAWhole) {
  auto sink = create({{"atomic", "run"}});
  run_.run_id = "run-1";
  ASSERT_DONE(sink.open(run_, schema_));
  ASSERT_DONE(sink.write(*rows(1, 10)));
  ASSERT_DONE(sink.commit());
  terminate();
  run_.object_id = "second";
  auto status = sink.open(run_, schema_);
  if (status.ok()) status = sink.write(*rows(1, 10));
  if (status.ok()) status = sink.commit();
  EXPECT_FALSE(status.ok());
  static_cast<void>(sink.abort());
  status = sink.open(run_, schema_);
  EXPECT_EQ(status.code(), Code::io) << "no attempt brings back what was delivered before";
  EXPECT_FALSE(sink.end_run("run-1", true).ok());
  EXPECT_EQ(*sink.committed("run-1"), Committed::no);
  EXPECT_EQ(one("SELECT count(*) FROM pg_class WHERE relname = 't'"), "0");
}

TEST_F(PostgresqlFailures, ReadersNeverSeeHalfADeliveryWhenTheServerIsKilled) {
  auto random = qonduit::sinks::testing::chosen_moments();
  auto sink = create({{"mode", "replace"}, {"connect-wait", "1s"}});
  ASSERT_DONE(deliver(sink, 0, 2000));
  for (int delivery = 1; delivery <= qonduit::sinks::testing::kills(); ++delivery) {
    std::thread killer([&, delay = qonduit::sinks::testing::moment_before(std::chrono::milliseconds(60), random)] {
      std::this_thread::sleep_for(delay);  // the point at which the server dies is what varies
      server_.kill_at_once();
    });
    auto status = deliver(sink, delivery, 2000);
    const bool answered = status.ok();
    killer.join();
    server_.start();  // by this thread: a server dies with the thread that started it
    const auto seen = server_.query(database_, "SELECT min(delivery), max(delivery), count(*), count(DISTINCT n) FROM t")[0];
    EXPECT_EQ(seen[0], seen[1]) << "two deliveries at once";
    EXPECT_EQ(seen[2], "2000");
    EXPECT_EQ(seen[3], "2000");
    if (answered) {
      EXPECT_EQ(seen[1], std::to_string(delivery)) << "what was reported delivered is there";
    } else {
      EXPECT_TRUE(qonduit::retryable(status.code())) << status.message();
      ASSERT_DONE(deliver(sink, delivery, 2000));
      EXPECT_EQ(one("SELECT max(delivery) FROM t"), std::to_string(delivery));
    }
  }
}

TEST_F(PostgresqlFailures, ReadersSeeWholeDeliveriesOnlyWhileTheyAreReplaced) {
  auto sink = create({{"mode", "replace"}});
  ASSERT_DONE(deliver(sink, 0, 3000));
  std::atomic<bool> done = false;
  std::atomic<int> looks = 0;
  std::string wrong;
  std::thread reader([&] {
    while (!done) {
      const auto seen = server_.query(database_, "SELECT min(delivery), max(delivery), count(*) FROM t")[0];
      if (seen[0] != seen[1] || seen[2] != "3000") wrong = seen[0].value_or("none") + " to " + seen[1].value_or("none") + ": " + *seen[2];
      ++looks;
    }
  });
  for (int delivery = 1; delivery <= 30 || looks < 11; ++delivery) EXPECT_TRUE(deliver(sink, delivery, 3000).ok());
  done = true;
  reader.join();
  EXPECT_EQ(wrong, "");
}

TEST_F(PostgresqlFailures, HostsThatMakeOneTableAtOnceBothDeliver) {
  std::vector<std::thread> hosts;
  std::atomic<int> delivered = 0;
  std::vector<std::string> failures(6);
  for (int host = 0; host < 6; ++host) {
    hosts.emplace_back([&, host] {
      auto sink = create({});
      auto run = run_;
      for (int attempt = 0; attempt < 20; ++attempt) {
        run.run_id = "host-" + std::to_string(host);
        auto status = sink.open(run, schema_);
        if (status.ok()) status = sink.write(*rows(host, 10));
        if (status.ok()) status = sink.commit();
        if (status.ok()) {
          ++delivered;
          return;
        }
        static_cast<void>(sink.abort());
        failures[static_cast<std::size_t>(host)] = status.message();
        if (!qonduit::retryable(status.code())) return;
      }
    });
  }
  for (auto& host : hosts) host.join();
  EXPECT_EQ(delivered, 6) << ::testing::PrintToString(failures);
  EXPECT_EQ(one("SELECT count(*) FROM t"), "60");
}

TEST_F(PostgresqlFailures, WaitsEndWhenTheyAreCancelled) {
  auto holder = create({});
  ASSERT_DONE(load(holder, 1));
  auto waiter = create({{"lock-timeout", "1h"}});
  auto run = run_;
  run.run_id = "run-2";
  const auto status = cancelled_when(
      waiter, "it waits for the lock", [&] { return one("SELECT count(*) FROM pg_locks WHERE NOT granted") == "1"; },
      [&] { return waiter.open(run, schema_); });
  EXPECT_EQ(status.code(), Code::cancelled) << status.message();
  ASSERT_DONE(waiter.abort());
  ASSERT_DONE(holder.commit());
  EXPECT_EQ(one("SELECT count(*) FROM t"), "10");

  // A server that is away.
  auto away = create({{"connect-wait", "1h"}}, "postgresql://etl@localhost:" + std::to_string(qonduit::sinks::testing::free_port()) + "/x");
  const auto unreached = cancelled_when(
      away, "at once", [] { return true; }, [&] { return away.open(run, schema_); });
  EXPECT_EQ(unreached.code(), Code::cancelled) << unreached.message();
}

// A commit that waits for somebody else's lock is ended, too; what was loaded is not in the table.
TEST_F(PostgresqlFailures, ACommitThatWaitsEndsWhenItIsCancelled) {
  auto merging = create({{"mode", "merge"}, {"key", "n"}, {"lock-timeout", "1h"}});
  ASSERT_DONE(deliver(merging, 1));
  ASSERT_DONE(load(merging, 2));
  const auto other = connect("");
  PQclear(PQexec(other.get(), "BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE"));
  const auto status = cancelled_when(
      merging, "it waits for the table", [&] { return one("SELECT count(*) FROM pg_locks WHERE NOT granted") == "1"; },
      [&] { return merging.commit(); });
  EXPECT_FALSE(status.ok());
  PQclear(PQexec(other.get(), "ROLLBACK"));
  ASSERT_DONE(merging.abort());
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "1");
}

TEST_F(PostgresqlFailures, SayWhatIsWrongAndWhatToDo) {
  auto sink = create({});
  ASSERT_DONE(deliver(sink, 1));
  server_.query(database_, "ALTER TABLE t OWNER TO postgres");
  auto status = deliver(sink, 2);
  EXPECT_EQ(status.code(), Code::forbidden);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("table 't'"), HasSubstr("permission denied"), HasSubstr("grant"), HasSubstr(database_)));
  server_.query(database_, "ALTER TABLE t OWNER TO etl; ALTER TABLE t ADD CHECK (n < 5) NOT VALID");
  status = deliver(sink, 3);
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("row 6"), HasSubstr("(3, 5)"), HasSubstr("t_n_check")));
  EXPECT_EQ(one("SELECT count(*) FROM t"), "10");

  auto stranger = create({{"password", "wrong"}, {"connect-wait", "0ms"}});
  EXPECT_EQ(stranger.probe().code(), Code::unauthenticated);
  auto nowhere = create({}, server_.url("no_such_database"));
  EXPECT_EQ(nowhere.probe().code(), Code::not_found);
  auto homeless = create({{"schema", "no_such_schema"}});
  EXPECT_THAT(homeless.probe().message(), HasSubstr("no_such_schema"));
  auto closed = create({}, "postgresql://etl@localhost:" + std::to_string(qonduit::sinks::testing::free_port()) + "/x");
  EXPECT_EQ(closed.probe().code(), Code::unavailable);
}

TEST_F(PostgresqlFailures, ATableDroppedUnderneathFailsTheDelivery) {
  auto sink = create({{"mode", "replace"}});
  ASSERT_DONE(deliver(sink, 1));
  ASSERT_DONE(load(sink, 2));
  server_.query(database_, "DROP TABLE t");
  const auto status = sink.commit();
  EXPECT_EQ(status.code(), Code::not_found) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("dropped"));
  static_cast<void>(sink.abort());
  ASSERT_DONE(deliver(sink, 2));
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "2");
}

TEST_F(PostgresqlFailures, AHeldTableIsATimeoutNotAHang) {
  auto sink = create({{"mode", "replace"}, {"lock-timeout", "200ms"}});
  ASSERT_DONE(deliver(sink, 1));
  ASSERT_DONE(load(sink, 2));
  const auto holder = connect();
  PQclear(PQexec(holder.get(), "BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE"));
  const auto status = sink.commit();
  EXPECT_EQ(status.code(), Code::timeout) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("lock-timeout"));
  PQclear(PQexec(holder.get(), "ROLLBACK"));
  static_cast<void>(sink.abort());
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "1");
}

TEST_F(PostgresqlFailures, ADeadlockIsWorthAnotherTry) {
  auto sink = create({});
  ASSERT_DONE(deliver(sink, 0));
  ASSERT_DONE(load(sink, 1));
  // The other holds the records and waits for the table just loaded; it never looks for deadlocks, so that the sink's transaction ends.
  const auto other = connect(" options='-c deadlock_timeout=1h'");
  PQclear(PQexec(other.get(), "BEGIN; LOCK TABLE _qonduit_deliveries IN ACCESS EXCLUSIVE MODE"));
  ASSERT_EQ(PQsendQuery(other.get(), "LOCK TABLE t IN ACCESS EXCLUSIVE MODE"), 1);
  wait_until("one waits for the other", [&] { return one("SELECT count(*) FROM pg_locks WHERE NOT granted") != "0"; });
  const auto status = sink.commit();
  EXPECT_EQ(status.code(), Code::unavailable) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("deadlock"));
  static_cast<void>(sink.abort());
  while (auto* result = PQgetResult(other.get())) PQclear(result);
  PQclear(PQexec(other.get(), "ROLLBACK"));
  EXPECT_EQ(one("SELECT count(*) FROM t"), "10");
  ASSERT_DONE(deliver(sink, 1));
  EXPECT_EQ(one("SELECT count(*) FROM t"), "20");
}

TEST_F(PostgresqlFailures, ASerializationFailureIsWorthAnotherTry) {
  server_.query("postgres", "ALTER ROLE etl SET default_transaction_isolation = 'repeatable read'");
  auto sink = create({{"mode", "replace"}});
  ASSERT_DONE(deliver(sink, 1));
  ASSERT_DONE(load(sink, 2));
  // Another changes a row, and commits while the delivery waits to delete it.
  const auto other = connect();
  PQclear(PQexec(other.get(), "BEGIN; UPDATE t SET n = n WHERE n = 1"));
  std::thread committer([&] {
    wait_until("one waits for the other", [&] { return one("SELECT count(*) FROM pg_locks WHERE NOT granted") != "0"; });
    PQclear(PQexec(other.get(), "COMMIT"));
  });
  const auto status = sink.commit();
  committer.join();
  server_.query("postgres", "ALTER ROLE etl RESET default_transaction_isolation");
  EXPECT_EQ(status.code(), Code::unavailable) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("serialize"));
  static_cast<void>(sink.abort());
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "1");
  ASSERT_DONE(deliver(sink, 2));
}

TEST_F(PostgresqlFailures, AFullDiskFailsTheDeliveryAndNothingElse) {
  auto sink = create({{"mode", "replace"}});
  ASSERT_DONE(deliver(sink, 1));
  Status status;
  {
    const qonduit::sql::testing::FullDisk full(server_.folder());
    status = deliver(sink, 2, 300'000);
  }
  EXPECT_EQ(status.code(), Code::io) << status.message();
  EXPECT_THAT(status.message(), AllOf(HasSubstr("No space left"), HasSubstr("53100")));
  EXPECT_EQ(one("SELECT count(*) FROM t WHERE delivery = 1"), "10");
  ASSERT_DONE(deliver(sink, 3));
}

TEST_F(PostgresqlFailures, TheServerMustProveWhoItIs) {
  const auto authority = "&sslrootcert=" + server_.authority().string();
  auto right = create({}, server_.url(database_) + "?sslmode=verify-full" + authority);
  EXPECT_TRUE(right.probe().ok()) << right.probe().message();
  auto other_name = create({{"connect-wait", "0ms"}}, server_.url(database_, "127.0.0.1") + "?sslmode=verify-full" + authority);
  EXPECT_EQ(other_name.probe().code(), Code::unauthenticated) << "the certificate is for localhost";
  auto other_authority =
      create({{"connect-wait", "0ms"}}, server_.url(database_) + "?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt");
  EXPECT_EQ(other_authority.probe().code(), Code::unauthenticated);
}

TEST_F(PostgresqlFailures, AServerThatDiesInTheHandshakeIsOneThatIsDown) {
  constexpr const char* kClientHello = "\x16\x03\x01";
  CuttingProxy proxy(server_.port(), kClientHello);
  auto sink = create({{"connect-wait", "0ms"}},
                     "postgresql://etl@127.0.0.1:" + std::to_string(proxy.port()) + "/" + database_ + "?sslmode=require");
  for (const auto cut : {Cut::request, Cut::answer}) {
    proxy.cut_next(cut);
    const auto status = sink.probe();
    EXPECT_EQ(status.code(), Code::unavailable) << status.message();
  }
  EXPECT_EQ(proxy.cuts(), 2);
  ASSERT_DONE(deliver(sink, 1));
}

TEST_F(PostgresqlFailures, PartitionedTablesTakeRowsAndRefuseThoseOfNoPartition) {
  server_.query(
      database_,
      "CREATE TABLE t (delivery bigint, n bigint) PARTITION BY RANGE (n); ALTER TABLE t OWNER TO etl; "
      "CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (5); CREATE TABLE t_high PARTITION OF t FOR VALUES FROM (5) TO (10)");
  auto sink = create({});
  ASSERT_DONE(deliver(sink, 1));
  EXPECT_EQ(one("SELECT count(*) FROM t_high"), "5");
  const auto status = deliver(sink, 2, 11);
  EXPECT_EQ(status.code(), Code::bad_data) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("no partition"));
  EXPECT_EQ(one("SELECT count(*) FROM t"), "10");
}

TEST_F(PostgresqlFailures, ANegativeScaleRoundsNothing) {
  server_.query(database_, "CREATE TABLE t (delivery bigint, n numeric(5,-2)); ALTER TABLE t OWNER TO etl");
  auto sink = create({});
  const auto status = deliver(sink, 1);
  EXPECT_EQ(status.code(), Code::type_mismatch);
  EXPECT_THAT(status.message(), HasSubstr("column 'n' is numeric(5,-2) in the table, and integer in the delivery"));
  EXPECT_EQ(one("SELECT count(*) FROM t"), "0");
}

// Titles as an app's author, or somebody who means harm, may write them.
std::vector<std::string> hostile_titles(std::size_t count) {
  const std::vector<std::string> parts = {"\"",
                                          "'",
                                          "\\",
                                          ";",
                                          "--",
                                          "/*",
                                          "*/",
                                          ".",
                                          "\"; DROP SCHEMA victim CASCADE; --",
                                          "\");DROP TABLE victim.gold;--",
                                          "select",
                                          "user",
                                          "pg_class",
                                          "victim.gold",
                                          " ",
                                          "\n",
                                          "\t",
                                          std::string("\0", 1),
                                          "\xff\xfe",
                                          "\xc0\xaf",
                                          "\u0430",
                                          "a",
                                          "\u00e9",
                                          "e\u0301",
                                          "\U0001F600",
                                          "\u202e",
                                          std::string(70, 'x'),
                                          std::string(63, 'y'),
                                          "%s",
                                          "$1",
                                          "?"};
  std::mt19937 random(4711);
  std::set<std::string> titles;
  while (titles.size() < count) {
    std::string title;
    for (auto pieces = random() % 5 + 1; pieces > 0; --pieces) title += parts[random() % parts.size()];
    if (random() % 3 == 0) title += std::to_string(random() % 1000);
    titles.insert(title);
  }
  return {titles.begin(), titles.end()};
}

TEST_F(PostgresqlFailures, HostileTitlesTouchNothingOutsideTheirSchema) {
  server_.query(database_, "CREATE SCHEMA victim; CREATE TABLE victim.gold AS SELECT 1 AS bar; CREATE SCHEMA target AUTHORIZATION etl");
  const std::string catalogue =
      "SELECT md5(string_agg(relnamespace::regnamespace || '.' || relname || relkind::text || coalesce(relacl::text, ''), ',' ORDER BY "
      "oid)) "
      "FROM pg_class WHERE relnamespace NOT IN ('target'::regnamespace, 'pg_toast'::regnamespace) AND relnamespace::regnamespace::text NOT "
      "LIKE 'pg_%temp%'";
  const auto before = one(catalogue);
  const char* wished = std::getenv("QONDUIT_TITLES");
  const auto titles = hostile_titles(wished == nullptr ? 500 : static_cast<std::size_t>(std::atoi(wished)));
  auto sink = create({{"schema", "target"}});
  std::int64_t delivery = 0;
  for (const auto& title : titles) {
    run_.title = title;
    run_.object_id = "o" + std::to_string(delivery);
    schema_.fields[1].name = title;
    const auto status = deliver(sink, delivery++, 1);
    ASSERT_TRUE(status.ok()) << status.message();
  }
  EXPECT_EQ(one(catalogue), before);
  EXPECT_EQ(one("SELECT bar FROM victim.gold"), "1");
  EXPECT_EQ(one("SELECT count(*) FROM pg_class WHERE relnamespace = 'target'::regnamespace AND relkind = 'r' AND relname NOT IN "
                "('_qonduit_deliveries', '_qonduit_columns')"),
            std::to_string(titles.size()))
      << "no two names became one";
}

}  // namespace

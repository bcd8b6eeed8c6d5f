// What goes wrong between a sink and a MariaDB server: after each failure the target is as it was, or the delivery is there once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>

#include "plugins/sinks/sql/testing/full_disk.hpp"
#include "plugins/sinks/sql/testing/mariadb_server.hpp"
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
using qonduit::odbc::testing::MariadbServer;
using qonduit::sinks::testing::Cut;
using qonduit::sinks::testing::CuttingProxy;
using qonduit::testing::Options;
using qonduit::testing::SampleRun;
using qonduit::testing::SinkDriver;
using ::testing::AllOf;
using ::testing::HasSubstr;

class MariadbFailures : public qonduit::sinks::testing::DeliveryFixture {
 protected:
  MariadbFailures() : DeliveryFixture(qonduit::paths::plugin("odbc"), "odbc"), database_(server_.empty_database()) {}

  SinkDriver create(const Options& more, int port = 0) const {
    return DeliveryFixture::create(
        {{"mode", "append"}, {"connection", server_.connection(database_, port)}, {"user", "etl"}, {"password", MariadbServer::password()}},
        more);
  }
  std::string one(const std::string& sql) const { return server_.query(database_, sql)[0][0].value_or("null"); }

  MariadbServer& server_ = MariadbServer::shared();
  std::string database_;
};

TEST_F(MariadbFailures, ALostAnswerToCommitIsResolvedByLooking) {
  CuttingProxy proxy(server_.port());
  auto sink = create({}, proxy.port());
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
    if (!landed) ASSERT_DONE(deliver(sink, delivery));
  }
  EXPECT_EQ(proxy.cuts(), 100);
  EXPECT_EQ(one("SELECT count(*) FROM t"), "1010");
  EXPECT_EQ(one("SELECT count(DISTINCT delivery, n) FROM t"), "1010") << "nothing is there twice";
}

TEST_F(MariadbFailures, AFreshTableThatWasCommittedGetsItsNameLater) {
  CuttingProxy proxy(server_.port());
  auto sink = create({{"mode", "replace"}, {"method", "swap"}}, proxy.port());
  proxy.cut_next(Cut::answer);
  ASSERT_DONE(load(sink, 1));
  EXPECT_EQ(sink.commit().code(), Code::unavailable);
  EXPECT_THROW(one("SELECT count(*) FROM t"), std::exception) << "committed, and not renamed: nobody could";
  EXPECT_EQ(*sink.committed(run_.run_id), Committed::yes);
  EXPECT_EQ(one("SELECT count(*) FROM t"), "10") << "whoever asks whether it landed finishes it";
  proxy.cut_next(Cut::answer);
  ASSERT_DONE(load(sink, 2));
  EXPECT_EQ(sink.commit().code(), Code::unavailable);
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "1");
  auto successor = create({{"mode", "replace"}, {"method", "swap"}});
  ASSERT_DONE(load(successor, 3));
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "2") << "the next delivery finishes it, too";
  ASSERT_DONE(successor.commit());
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "3");
}

TEST_F(MariadbFailures, AFreshTableThatWasNotCommittedIsNeverPublished) {
  const Options swap{{"mode", "replace"}, {"method", "swap"}};
  for (int delivery = 1; delivery <= 2; ++delivery) {
    auto sink = create(swap);
    ASSERT_DONE(deliver(sink, delivery));
    auto dying = create(swap);
    ASSERT_DONE(load(dying, 10));
    server_.query("mysql", "KILL USER etl");
    auto successor = create(swap);
    ASSERT_DONE(load(successor, 20));
    EXPECT_EQ(one("SELECT count(*) FROM t WHERE delivery = " + std::to_string(delivery)), "10");
    ASSERT_DONE(successor.abort());
  }
}

TEST_F(MariadbFailures, ReadersNeverSeeHalfADeliveryWhenTheServerIsKilled) {
  auto random = qonduit::sinks::testing::chosen_moments();
  auto sink = create({{"mode", "replace"}, {"connect-wait", "1s"}});
  ASSERT_DONE(deliver(sink, 0, 2000));
  for (int delivery = 1; delivery <= qonduit::sinks::testing::kills(); ++delivery) {
    std::thread killer([&, delay = qonduit::sinks::testing::moment_before(std::chrono::milliseconds(60), random)] {
      std::this_thread::sleep_for(delay);  // the point at which the server dies is what varies
      server_.kill_at_once();
    });
    const auto status = deliver(sink, delivery, 2000);
    killer.join();
    server_.start();  // by this thread: a server dies with the thread that started it
    const auto seen = server_.query(database_, "SELECT min(delivery), max(delivery), count(*), count(DISTINCT n) FROM t")[0];
    EXPECT_EQ(seen[0], seen[1]) << "two deliveries at once";
    EXPECT_EQ(seen[2], "2000");
    EXPECT_EQ(seen[3], "2000");
    if (status.ok()) {
      EXPECT_EQ(seen[1], std::to_string(delivery)) << "what was reported delivered is there";
    } else {
      EXPECT_TRUE(qonduit::retryable(status.code())) << status.message();
      ASSERT_DONE(deliver(sink, delivery, 2000));
    }
  }
}

TEST_F(MariadbFailures, ReadersSeeWholeDeliveriesOnlyWhileTheyAreReplaced) {
  for (const auto* method : {"rewrite", "swap", "view"}) {
    run_.title = run_.object_id = method;
    auto sink = create({{"mode", "replace"}, {"method", method}});
    ASSERT_DONE(deliver(sink, 0, 2000));
    std::atomic<bool> done = false;
    std::atomic<int> looks = 0;
    std::string wrong;
    std::thread reader([&] {
      while (!done) {
        const auto seen = server_.query(database_, "SELECT min(delivery), max(delivery), count(*) FROM \"" + std::string(method) + "\"")[0];
        if (seen[0] != seen[1] || seen[2] != "2000") wrong = seen[0].value_or("none") + " to " + seen[1].value_or("none") + ": " + *seen[2];
        ++looks;
      }
    });
    for (int delivery = 1; delivery <= 15 || looks < 6; ++delivery) EXPECT_TRUE(deliver(sink, delivery, 2000).ok());
    done = true;
    reader.join();
    EXPECT_EQ(wrong, "") << method;
  }
}

TEST_F(MariadbFailures, SayWhatIsWrongAndWhatToDo) {
  auto sink = create({});
  ASSERT_DONE(deliver(sink, 1));
  server_.query(database_, "ALTER TABLE t ADD CHECK (n < 5 OR delivery = 1)");
  auto status = deliver(sink, 3);
  EXPECT_EQ(status.code(), Code::bad_data) << status.message();
  EXPECT_THAT(status.message(), AllOf(HasSubstr("row 6"), HasSubstr("table 't'")));
  EXPECT_EQ(one("SELECT count(*) FROM t"), "10");

  auto stranger = create({{"password", "wrong"}, {"connect-wait", "0ms"}});
  EXPECT_EQ(stranger.probe().code(), Code::unauthenticated);
  auto elsewhere = create({{"schema", "mysql"}});
  EXPECT_FALSE(elsewhere.probe().ok()) << "etl may not see it";
  auto closed = create({{"connect-wait", "0ms"}}, qonduit::sinks::testing::free_port());
  EXPECT_EQ(closed.probe().code(), Code::unavailable);
  auto driver = SinkDriver::create(*component_, Options{{"mode", "append"}, {"connection", "DRIVER={No Such Driver};SERVER=x"}});
  ASSERT_TRUE(driver);
  status = driver->probe();
  EXPECT_EQ(status.code(), Code::invalid_config) << status.message();
}

TEST_F(MariadbFailures, ADeadlockIsWorthAnotherTry) {
  server_.query(database_, "CREATE TABLE heavy AS SELECT seq AS n FROM seq_1_to_5000");
  auto sink = create({});
  ASSERT_DONE(deliver(sink, 0));
  ASSERT_DONE(load(sink, 1));
  // The other changes more rows, so that the server ends the sink's transaction. It holds the records and waits for the rows just loaded.
  const auto other = server_.session(database_);
  other->query("START TRANSACTION");
  other->query("UPDATE heavy SET n = n + 1");
  other->query("SELECT * FROM _qonduit_deliveries FOR UPDATE");
  std::thread waiter([&] {
    EXPECT_NO_THROW(other->query("SELECT * FROM t FOR UPDATE"));
    EXPECT_NO_THROW(other->query("ROLLBACK"));
  });
  // Not innodb_lock_waits: InnoDB takes a fresh look for it only when nobody has asked for 100 ms.
  wait_until("one waits for the other", [&] {
    return one("SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'innodb_row_lock_current_waits'") != "0";
  });
  const auto status = sink.commit();
  waiter.join();
  EXPECT_EQ(status.code(), Code::unavailable) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("1213"));
  static_cast<void>(sink.abort());
  EXPECT_EQ(one("SELECT count(*) FROM t"), "10");
  ASSERT_DONE(deliver(sink, 1));
  EXPECT_EQ(one("SELECT count(*) FROM t"), "20");
}

TEST_F(MariadbFailures, WaitsEndWhenTheyAreCancelled) {
  auto holder = create({});
  ASSERT_DONE(load(holder, 1));
  auto waiter = create({{"lock-timeout", "1h"}});
  auto run = run_;
  run.run_id = "run-2";
  const auto status = cancelled_when(
      waiter, "it waits for the lock",
      [&] { return one("SELECT count(*) FROM information_schema.processlist WHERE state = 'User lock'") == "1"; },
      [&] { return waiter.open(run, schema_); });
  EXPECT_EQ(status.code(), Code::cancelled) << status.message();
  ASSERT_DONE(waiter.abort());
  ASSERT_DONE(holder.commit());
  EXPECT_EQ(one("SELECT count(*) FROM t"), "10");
}

TEST_F(MariadbFailures, AFullDiskFailsTheDeliveryAndNothingElse) {
  auto sink = create({{"mode", "replace"}});
  ASSERT_DONE(deliver(sink, 1));
  Status status;
  {
    const qonduit::sql::testing::FullDisk full(server_.folder());
    status = deliver(sink, 2, 300'000);
  }
  EXPECT_EQ(status.code(), Code::io) << status.message();
  EXPECT_THAT(status.message(), AllOf(HasSubstr("1114"), HasSubstr("disk is full")));
  EXPECT_EQ(one("SELECT count(*) FROM t WHERE delivery = 1"), "10");
  ASSERT_DONE(deliver(sink, 3));
}

TEST_F(MariadbFailures, WhatTheUserMayNotDoIsForbidden) {
  auto sink = create({});
  ASSERT_DONE(deliver(sink, 1));
  server_.query("mysql", "CREATE USER IF NOT EXISTS reader@'%' IDENTIFIED BY 'r'");
  server_.query("mysql", "GRANT SELECT ON " + database_ + ".* TO reader@'%'");
  auto reader = DeliveryFixture::create(
      {{"mode", "append"}, {"connection", server_.connection(database_)}, {"user", "reader"}, {"password", "r"}}, {});
  const auto status = deliver(reader, 2);
  EXPECT_EQ(status.code(), Code::forbidden) << status.message();
  EXPECT_THAT(status.message(), AllOf(HasSubstr("'reader'"), HasSubstr("grant")));
  EXPECT_EQ(one("SELECT count(*) FROM t"), "10");
}

TEST_F(MariadbFailures, WideRowsGoInAsManyPacketsAsTheyNeed) {
  const Schema texts{{{"a", Type::utf8}, {"b", Type::utf8}, {"c", Type::utf8}}};
  const auto deliver_texts = [&](const Options& options, std::int64_t count, std::size_t size) {
    std::vector<qonduit::Column> columns;
    for (int i = 0; i < 3; ++i) columns.emplace_back(Type::utf8);
    for (std::int64_t row = 0; row < count; ++row) {
      for (auto& column : columns) column.append_text(std::string(size, static_cast<char>('a' + row % 26)));
    }
    ArrowArray array{};
    finish_batch(columns, &array);
    auto sink = create(options);
    auto status = sink.open(run_, texts);
    if (status.ok()) status = sink.write(array);
    array.release(&array);
    if (status.ok()) status = sink.commit();
    if (!status.ok()) static_cast<void>(sink.abort());
    return status;
  };
  for (const auto* arrays : {"auto", "off"}) {
    run_.run_id = run_.title = run_.object_id = std::string("wide_") + arrays;
    ASSERT_DONE(deliver_texts({{"arrays", arrays}}, 400, 20'000));
    EXPECT_EQ(one("SELECT sum(length(a) + length(b) + length(c)) FROM " + run_.title), "24000000") << "a packet takes 16 MiB";
  }
  run_.run_id = run_.title = run_.object_id = "too_wide";
  const auto status = deliver_texts({}, 1, 20 << 20);
  EXPECT_EQ(status.code(), Code::bad_data) << status.message();
  EXPECT_THAT(status.message(), AllOf(HasSubstr("row 1"), HasSubstr("'a'"), HasSubstr("max_allowed_packet")));
}

TEST_F(MariadbFailures, AStatementThatTakesTooLongIsATimeout) {
  auto sink = create({{"mode", "replace"}, {"statement-timeout", "300ms"}});
  ASSERT_DONE(deliver(sink, 1));
  server_.query(database_, "CREATE TRIGGER slow BEFORE DELETE ON t FOR EACH ROW SET @slow = SLEEP(2)");
  const auto status = deliver(sink, 2);
  EXPECT_EQ(status.code(), Code::timeout) << status.message();
  EXPECT_EQ(one("SELECT max(delivery) FROM t"), "1");
}

TEST_F(MariadbFailures, RowsHeldByAnotherAreATimeoutNotAHang) {
  auto sink = create({{"mode", "replace"}, {"lock-timeout", "1s"}});
  ASSERT_DONE(deliver(sink, 1));
  ASSERT_DONE(load(sink, 2));
  auto other = create({{"lock-timeout", "1s"}});
  auto status = deliver(other, 3);
  EXPECT_EQ(status.code(), Code::timeout) << "one host delivers into a table at a time";
  EXPECT_THAT(status.message(), HasSubstr("another host"));
  ASSERT_DONE(sink.commit());
  ASSERT_DONE(deliver(other, 3));
}

}  // namespace

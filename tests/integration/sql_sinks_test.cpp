// Pipelines into SQL databases, as a user runs them: the host's binary, the simulated engine, and a SQLite file. What the sinks do by
// themselves is tested beside them, against real servers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <memory>

#include "tests/integration/harness.hpp"
#include "tests/integration/kill_while_delivering.hpp"

namespace qonduit::integration {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// The first cell of a query; throws with SQLite's words.
std::string one(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(file.c_str(), &opened);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection(opened, sqlite3_close);
  sqlite3_busy_timeout(opened, 30'000);
  std::string text;
  const auto take = [](void* out, int, char** cells, char**) {
    *static_cast<std::string*>(out) = cells[0] == nullptr ? "null" : cells[0];
    return 0;
  };
  if (code != SQLITE_OK || sqlite3_exec(opened, sql.c_str(), take, &text, nullptr) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(opened));
  return text;
}

class SqlSinks : public ::testing::Test {
 protected:
  SqlSinks() {
    host_.set("sink.db.type", "sqlite").set("sink.db.file", file_.string()).set("sink.db.table", "{title}").set("pipeline.p.sinks", "db");
    host_.set("sink.db.mode", "replace");
  }

  Host host_{demo_engine().url()};
  std::filesystem::path file_ = host_.out() / "warehouse.db";
};

TEST_F(SqlSinks, DeliverEverySheetOfAnApp) {
  std::filesystem::create_directories(host_.out());
  const auto outcome = host_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(one(file_, "SELECT count(*) FROM Orders"), "50000");
  EXPECT_EQ(one(file_, "SELECT count(*) FROM Customers"), "1200");
  EXPECT_EQ(one(file_, "SELECT row_count FROM _qonduit_deliveries WHERE table_name = 'orders'"), "50000");
  EXPECT_EQ(host_.run().exit_code, 0);
  EXPECT_EQ(one(file_, "SELECT count(*) FROM Orders"), "50000") << "replaced, not added";
}

TEST_F(SqlSinks, TwoOfAPipelineDoNotDeliverIntoOneTable) {
  std::filesystem::create_directories(host_.out());
  host_.set("pipeline.p.objects", "object:table-customers").set("pipeline.p.sinks", "db, copy").set("pipeline.p.attempts", "1");
  host_.set("sink.copy.type", "sqlite")
      .set("sink.copy.file", (host_.out() / "." / "warehouse.db").string())
      .set("sink.copy.mode", "append");
  host_.set("sink.copy.table", "customers").set("sink.copy.lock-timeout", "100ms");
  const auto words = HasSubstr("the sinks 'db' and 'copy' deliver the same rows into one target");
  const auto checked = host_.run({"check", "--probe"});
  EXPECT_EQ(checked.exit_code, 1);
  EXPECT_THAT(checked.out, words) << "letter case is no difference to SQLite";
  const auto outcome = host_.run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out + outcome.err, AllOf(HasSubstr("sink 'copy'"), HasSubstr("another process, pipeline or sink writes into it")));
  host_.set("sink.copy.file", (host_.out() / "copy.db").string());
  EXPECT_EQ(host_.run({"check", "--probe"}).exit_code, 0);
  EXPECT_EQ(host_.run().exit_code, 0);
  EXPECT_EQ(one(host_.out() / "copy.db", "SELECT count(*) FROM customers"), one(file_, "SELECT count(*) FROM Customers"));
}

TEST_F(SqlSinks, ARunAppearsTogetherOrNotAtAll) {
  std::filesystem::create_directories(host_.out());
  host_.set("sink.db.atomic", "run").set("pipeline.p.objects", "object:table-customers, object:table-orders");
  // The second object does not fit into the table that is there.
  { one(file_, "CREATE TABLE Orders (wrong INTEGER NOT NULL)"); }
  auto outcome = host_.run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("wrong"), HasSubstr("\"delivered\": 0"), HasSubstr("\"rolled_back\": 1")));
  EXPECT_THROW(one(file_, "SELECT count(*) FROM Customers"), std::runtime_error) << "committed, and taken back with its run";
  one(file_, "DROP TABLE Orders");
  outcome = host_.run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_EQ(one(file_, "SELECT count(*) FROM Customers"), "1200");
}

TEST_F(SqlSinks, RowsThatAreRefusedAreCountedApart) {
  std::filesystem::create_directories(host_.out());
  host_.set("pipeline.p.objects", "object:table-customers").set("sink.db.mode", "append");
  host_.set("sink.db.reject", "skip-to " + (host_.out() / "refused.jsonl").string());
  host_.set("sink.db.column-type.No.", R"(INTEGER CHECK ("No." > 3))");
  const auto outcome = host_.run({"run", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  const auto rows = one(file_, "SELECT count(*) FROM Customers");
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("\"rows\": " + rows), HasSubstr("\"refused\": 3")));
  EXPECT_EQ(rows, "1197");
  EXPECT_EQ(one(file_, "SELECT row_count FROM _qonduit_deliveries"), rows);
  EXPECT_THAT(host_.run({"run"}).out, HasSubstr("3 rows were refused"));
}

TEST_F(SqlSinks, ALockThatIsNotGivenIsNoUnknownOutcome) {
  std::filesystem::create_directories(host_.out());
  host_.set("pipeline.p.objects", "object:table-customers").set("sink.db.lock-timeout", "100ms").set("pipeline.p.attempts", "1");
  ASSERT_EQ(host_.run().exit_code, 0);
  sqlite3* opened = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &opened), SQLITE_OK);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> holder(opened, sqlite3_close);
  ASSERT_EQ(sqlite3_exec(opened, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto outcome = host_.run();
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
  EXPECT_THAT(outcome.out + outcome.err, AllOf(HasSubstr("lock-timeout"), Not(HasSubstr("unknown outcome"))));
}

TEST_F(SqlSinks, AHostKilledAtAnyMomentLeavesAWholeTable) {
  std::filesystem::create_directories(host_.out());
  // An engine that answers at once: nearly all of a run is its delivery.
  const Simulator engine({"--synthetic", "--rows", "20000"});
  host_.set("connection.c.url", engine.url()).set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table");
  ASSERT_EQ(host_.run().exit_code, 0);
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(host_.run().exit_code, 0);
  Killer killer(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin));
  while (killer.goes_on()) {
    killer.finishes(host_.command({"run", "--json"}));
    EXPECT_EQ(one(file_, "SELECT count(*) FROM Synthetic"), "20000") << killer.moment();
    EXPECT_EQ(one(file_, "PRAGMA integrity_check"), "ok") << killer.moment();
  }
  EXPECT_EQ(host_.run().exit_code, 0);
  EXPECT_EQ(one(file_, "SELECT count(*) FROM Synthetic"), "20000");
}

}  // namespace
}  // namespace qonduit::integration

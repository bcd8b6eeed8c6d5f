// What goes wrong with a SQLite file: the delivery fails with the reason, and the file is as it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>
#include <qonduit/testing/sink_driver.hpp>

#include <fstream>
#include <memory>

#include "sqlite_file.hpp"
#include "tests/paths.hpp"

namespace qonduit::sqlite::testing {
namespace {

using qonduit::testing::Options;
using qonduit::testing::SampleRun;
using qonduit::testing::SinkDriver;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SqliteFailures : public ::testing::Test {
 protected:
  SqliteFailures() {
    auto pattern = (std::filesystem::temp_directory_path() / "qonduit-sqlite-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    folder_ = pattern;
    auto component = qonduit::testing::shared_host().find(paths::plugin("sqlite"), "sqlite", false);
    if (!component) throw std::runtime_error(component.error().message());
    component_ = *component;
    run_.title = "t";
  }
  ~SqliteFailures() override { std::filesystem::remove_all(folder_); }

  SinkDriver create(Options options = {}) const {
    options.insert(options.begin(), {"mode", "append"});  // the last one counts
    options.emplace_back("file", file_in().string());
    auto sink = SinkDriver::create(*component_, options);
    if (!sink) throw std::runtime_error(sink.error().message());
    return std::move(*sink);
  }
  std::filesystem::path file_in() const { return folder_ / "x.db"; }
  Status deliver(SinkDriver& sink, std::int64_t value) {
    run_.run_id = "run-" + std::to_string(value);
    auto status = sink.open(run_, {{{"n", Type::int64}}});
    std::vector<Column> columns;
    columns.emplace_back(Type::int64);
    columns[0].append_int64(value);
    ArrowArray array{};
    finish_batch(columns, &array);
    if (status.ok()) status = sink.write(array);
    array.release(&array);
    if (status.ok()) status = sink.commit();
    if (!status.ok()) static_cast<void>(sink.abort());
    return status;
  }

  std::filesystem::path folder_;
  std::optional<qonduit::host::Component> component_;
  SampleRun run_;
};

TEST_F(SqliteFailures, AnotherWriterIsWaitedForAndThenNamed) {
  auto sink = create({{"lock-timeout", "150ms"}});
  ASSERT_TRUE(deliver(sink, 1).ok());
  sqlite3* opened = nullptr;
  sqlite3_open(file_in().c_str(), &opened);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> other(opened, sqlite3_close);
  ASSERT_EQ(sqlite3_exec(opened, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto status = deliver(sink, 2);
  EXPECT_EQ(status.code(), Code::timeout);
  EXPECT_THAT(status.message(), HasSubstr("lock-timeout"));
  sqlite3_exec(opened, "ROLLBACK", nullptr, nullptr, nullptr);
  EXPECT_TRUE(deliver(sink, 2).ok());
  EXPECT_THAT(query(file_in(), "SELECT n FROM t ORDER BY 1"), ElementsAre(Rows::value_type{"1"}, Rows::value_type{"2"}));
}

TEST_F(SqliteFailures, AnotherWriterIsWaitedForUntilTheSinkIsCancelled) {
  auto sink = create({{"lock-timeout", "1h"}});
  ASSERT_TRUE(deliver(sink, 1).ok());
  sqlite3* opened = nullptr;
  sqlite3_open(file_in().c_str(), &opened);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> other(opened, sqlite3_close);
  ASSERT_EQ(sqlite3_exec(opened, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  std::thread canceller([&] { sink.cancel(); });
  const auto status = deliver(sink, 2);
  canceller.join();
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(status.code() == Code::cancelled || status.code() == Code::timeout) << status.message();
  sqlite3_exec(opened, "ROLLBACK", nullptr, nullptr, nullptr);
  auto next = create();
  EXPECT_TRUE(deliver(next, 2).ok());
}

TEST_F(SqliteFailures, AFileThatIsNoDatabaseStaysAsItIs) {
  std::ofstream(file_in())
      << "Region,Sales\nNorth,1\nthis is a table of another kind, and long enough to be read as a header of one hundred bytes\n";
  auto sink = create();
  const auto status = deliver(sink, 1);
  EXPECT_EQ(status.code(), Code::io);
  EXPECT_THAT(status.message(), HasSubstr(": the file is no SQLite database (SQLite 26)"));
  EXPECT_EQ(status.message().find("database"), status.message().rfind("database")) << "once: " << status.message();
  std::string first;
  std::ifstream(file_in()) >> first;
  EXPECT_EQ(first, "Region,Sales");
}

TEST_F(SqliteFailures, AFolderThatIsMissingIsNamed) {
  auto sink = SinkDriver::create(*component_, Options{{"mode", "append"}, {"file", (folder_ / "no" / "x.db").string()}});
  ASSERT_TRUE(sink);
  const Schema schema{{{"n", Type::int64}}};
  for (const auto& status : {sink->probe(), sink->plan(run_, schema).status(), sink->open(run_, schema)}) {
    EXPECT_EQ(status.code(), Code::not_found);
    EXPECT_THAT(status.message(),
                HasSubstr("the folder of '" + (folder_ / "no" / "x.db").string() + "' is not there; create it, or correct file"));
  }
}

TEST_F(SqliteFailures, APlanMakesNoFileAndChangesNone) {
  const Schema schema{{{"Город", Type::utf8}, {"n", Type::int64}}};
  for (const std::string mode : {"append", "replace", "history"}) {
    auto sink = create({{"mode", mode}, {"key", mode == "history" ? "n" : ""}});
    for (int twice = 0; twice < 2; ++twice) {
      const auto plan = sink.plan(run_, schema);
      ASSERT_TRUE(plan) << plan.error().message();
      EXPECT_EQ(plan->before, "makes table \"t\" with");
      EXPECT_TRUE(std::filesystem::is_empty(folder_)) << mode;
    }
  }
  execute(file_in(), "CREATE TABLE t (n INTEGER)");
  auto sink = create();
  const auto plan = sink.plan(run_, {{{"n", Type::int64}}});
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_EQ(plan->before, "adds");
  EXPECT_THAT(query(file_in(), "PRAGMA journal_mode"), ElementsAre(Rows::value_type{"delete"}));
  EXPECT_TRUE(deliver(sink, 7).ok()) << "a sink that has planned delivers";
  EXPECT_THAT(query(file_in(), "SELECT n FROM t"), ElementsAre(Rows::value_type{"7"}));
}

TEST_F(SqliteFailures, ATextThatIsTooLongIsSaidInPlainWords) {
  execute(file_in(), "CREATE TABLE t (\"Ort\" VARCHAR(3))");
  auto sink = create();
  const Schema schema{{{"Ort", Type::utf8}}};
  for (const auto& [text, count] : {std::pair("Reval", "5"), std::pair("Кёльн!", "6"), std::pair("東京都庁", "4")}) {
    run_.run_id = text;
    ASSERT_TRUE(sink.open(run_, schema).ok());
    std::vector<Column> columns;
    columns.emplace_back(Type::utf8);
    columns[0].append_text(text);
    ArrowArray array{};
    finish_batch(columns, &array);
    auto status = sink.write(array);
    array.release(&array);
    if (status.ok()) status = sink.commit();
    EXPECT_EQ(status.code(), Code::bad_data);
    EXPECT_THAT(status.message(), HasSubstr("the text is longer than the column holds: " + std::string(count) +
                                            " characters, VARCHAR(3) holds 3: '" + text + "'"));
    static_cast<void>(sink.abort());
  }
}

TEST_F(SqliteFailures, AProbeMakesNoFileAndChangesNone) {
  auto sink = create();
  EXPECT_TRUE(sink.probe().ok());
  EXPECT_FALSE(std::filesystem::exists(file_in()));
  execute(file_in(), "CREATE TABLE mine (n)");
  EXPECT_TRUE(sink.probe().ok());
  EXPECT_THAT(query(file_in(), "PRAGMA journal_mode"), ElementsAre(Rows::value_type{"delete"}));
}

TEST_F(SqliteFailures, ATableDroppedUnderneathFailsTheDelivery) {
  auto sink = create({{"mode", "replace"}});
  ASSERT_TRUE(deliver(sink, 1).ok());
  ASSERT_TRUE(sink.open(run_, {{{"n", Type::int64}}}).ok());
  ASSERT_TRUE(sink.abort().ok());
  run_.run_id = "run-2";
  ASSERT_TRUE(sink.open(run_, {{{"n", Type::int64}}}).ok());
  execute(file_in(), "DROP TABLE t");
  const auto status = sink.commit();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr("no such table"));
  ASSERT_TRUE(sink.abort().ok());
  EXPECT_TRUE(deliver(sink, 3).ok());
}

TEST_F(SqliteFailures, AStatementThatTakesTooLongIsATimeout) {
  auto sink = create({{"mode", "replace"}, {"statement-timeout", "1ms"}});
  ASSERT_TRUE(deliver(sink, 1).ok());
  execute(
      file_in(),
      "CREATE TRIGGER slow BEFORE DELETE ON t BEGIN SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
      "LIMIT 100000000) SELECT i FROM n); END");
  const auto status = deliver(sink, 2);
  EXPECT_EQ(status.code(), Code::timeout) << status.message();
  EXPECT_THAT(query(file_in(), "SELECT n FROM t"), ElementsAre(Rows::value_type{"1"}));
}

TEST_F(SqliteFailures, ADatabaseInMemoryIsRefused) {
  const auto sink = SinkDriver::create(*component_, {{"file", ":memory:"}, {"mode", "replace"}});
  ASSERT_FALSE(sink);
  EXPECT_THAT(sink.error().message(), HasSubstr("gone when the run ends"));
}

TEST_F(SqliteFailures, WhatASwapWouldLoseIsNamed) {
  const Options options = {{"mode", "replace"}, {"method", "swap"}};
  auto sink = create(options);
  ASSERT_TRUE(deliver(sink, 1).ok());
  execute(file_in(),
          "CREATE INDEX of_mine ON t (n); CREATE TRIGGER audit AFTER INSERT ON t BEGIN SELECT 1; END;"
          "CREATE TRIGGER T AFTER DELETE ON t BEGIN SELECT 1; END; CREATE TABLE other (n);"
          "CREATE TRIGGER \"from elsewhere\" AFTER INSERT ON other BEGIN DELETE FROM t; END");
  const auto status = deliver(sink, 2);
  EXPECT_EQ(status.code(), Code::invalid_config);
  EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr("index of_mine"), HasSubstr("trigger audit"), HasSubstr("trigger T"),
                                                 HasSubstr("trigger from elsewhere")));
}

}  // namespace
}  // namespace qonduit::sqlite::testing

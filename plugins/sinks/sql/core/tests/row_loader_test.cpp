#include "plugins/sinks/sql/core/row_loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "plain_dialect.hpp"

namespace qonduit::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A database that refuses some values, and says which row it was or does not. What it holds follows savepoints and transactions.
class ScriptedDatabase final : public Database {
 public:
  std::set<std::int64_t> refused;  // values
  bool tells_rows = true, has_savepoints = true;
  std::uint64_t lost = 0;  // rows it does not count
  Code failure = Code::bad_data;
  std::vector<std::int64_t> rows;
  std::vector<std::string> said;

  [[nodiscard]] const Dialect& dialect() const override { return dialect_; }
  [[nodiscard]] std::string target() const override { return "scripted"; }
  Status connect() override { return {}; }
  [[nodiscard]] bool connected() const override { return true; }
  void disconnect() noexcept override {}
  Result<std::uint64_t> execute(const std::string& sql, const Params& /*params*/) override {
    said.push_back(sql);
    if (sql.starts_with("SAVEPOINT") || sql == "BEGIN") saved_ = rows;
    if (sql.starts_with("ROLLBACK")) rows = saved_;
    return std::uint64_t{0};
  }
  Result<TextRows> query(const std::string& /*sql*/, const Params& /*params*/) override { return TextRows(); }
  Status commit() override {
    said.emplace_back("commit");
    return {};
  }
  Status rollback() override {
    rows = saved_;
    return {};
  }
  [[nodiscard]] bool savepoints() const override { return has_savepoints; }
  Result<std::optional<TableInfo>> describe(const TableName& /*table*/) override { return std::optional<TableInfo>(); }
  Result<std::vector<std::string>> dependents(const TableName& /*table*/) override { return std::vector<std::string>(); }
  Status lock(const TableName& /*table*/) override { return {}; }
  Status unlock(const TableName& /*table*/) override { return {}; }
  Status check_target(const std::string& /*schema*/) override { return {}; }
  Status begin_load(const TableName& /*table*/, const std::vector<LoadColumn>& /*columns*/) override {
    taken_ = 0;
    refusal_.reset();
    return {};
  }
  Status load(const BatchView& batch, std::int64_t first, std::int64_t last) override {
    for (auto row = first; row < last; ++row) {
      const auto value = batch.column(0).int64(row);
      if (refused.contains(value)) {
        if (tells_rows) refusal_ = Refusal{row - first, 0, "no " + std::to_string(value)};
        return {failure, "refused"};
      }
      rows.push_back(value);
      ++taken_;
    }
    return {};
  }
  Result<std::uint64_t> end_load() override { return taken_ - lost; }
  void cancel_load() noexcept override {}
  [[nodiscard]] std::optional<Refusal> refusal() const override { return refusal_; }

 private:
  testing::PlainDialect dialect_;
  std::vector<std::int64_t> saved_;
  std::uint64_t taken_ = 0;
  std::optional<Refusal> refusal_;
};

class RowLoaderTest : public ::testing::Test {
 protected:
  RowLoaderTest() { rejects_.begin("run-1", "t"); }
  ~RowLoaderTest() override { std::filesystem::remove(path_); }

  Status write(RowLoader& loader, std::int64_t first, std::int64_t last) {
    std::vector<Column> columns;
    columns.emplace_back(Type::int64);
    for (auto value = first; value < last; ++value) columns[0].append_int64(value);
    qonduit::arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    return loader.write(BatchView(schema_, *array));
  }
  std::vector<LoadColumn> columns() const { return {{"n", Kind::integer, "integer", 0, std::nullopt, NonFinite::fail}}; }

  Schema schema_{{{"n", Type::int64}}};
  ScriptedDatabase database_;
  std::string path_ = (std::filesystem::temp_directory_path() / ("qonduit-rows-" + std::to_string(::getpid()))).string();
  RejectFile rejects_{path_, 5};
};

TEST_F(RowLoaderTest, LoadsEverythingInOne) {
  RowLoader loader(database_, nullptr);
  ASSERT_TRUE(loader.begin({{}, "t"}, columns(), true).ok());
  ASSERT_TRUE(write(loader, 0, 3).ok());
  ASSERT_TRUE(write(loader, 3, 5).ok());
  ASSERT_TRUE(loader.finish().ok());
  EXPECT_THAT(database_.rows, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(loader.rows(), 5u);
  EXPECT_EQ(loader.loaded(), 5u);
  EXPECT_TRUE(database_.said.empty()) << "no savepoint is needed";
}

TEST_F(RowLoaderTest, ARefusedRowFailsTheDelivery) {
  database_.refused = {1};
  RowLoader loader(database_, nullptr);
  ASSERT_TRUE(loader.begin({{}, "t"}, columns(), true).ok());
  EXPECT_EQ(write(loader, 0, 3).code(), Code::bad_data);
}

TEST_F(RowLoaderTest, RowsTheDatabaseDoesNotCountAreMissed) {
  database_.lost = 1;
  RowLoader loader(database_, nullptr);
  ASSERT_TRUE(loader.begin({{}, "t"}, columns(), true).ok());
  ASSERT_TRUE(write(loader, 0, 3).ok());
  const auto status = loader.finish();
  EXPECT_EQ(status.code(), Code::inconsistent);
  EXPECT_THAT(status.message(), HasSubstr("2 rows of 3"));
}

TEST_F(RowLoaderTest, RefusedRowsArePutAside) {
  database_.refused = {1, 4};
  for (const bool in_transaction : {true, false}) {
    for (const bool tells : {true, false}) {
      database_.tells_rows = tells;
      database_.rows.clear();
      rejects_.begin("run-1", "t");
      RowLoader loader(database_, &rejects_);
      ASSERT_TRUE(loader.begin({{}, "t"}, columns(), in_transaction).ok());
      ASSERT_TRUE(write(loader, 0, 3).ok());
      ASSERT_TRUE(write(loader, 3, 6).ok());
      ASSERT_TRUE(loader.finish().ok());
      EXPECT_THAT(database_.rows, ElementsAre(0, 2, 3, 5)) << in_transaction << tells;
      EXPECT_EQ(rejects_.count(), 2);
      EXPECT_EQ(loader.rows(), 6u);
      EXPECT_EQ(loader.loaded(), 4u);
    }
  }
}

TEST_F(RowLoaderTest, OnlyRefusedRowsArePutAside) {
  database_.refused = {1};
  database_.failure = Code::unavailable;
  RowLoader loader(database_, &rejects_);
  ASSERT_TRUE(loader.begin({{}, "t"}, columns(), true).ok());
  EXPECT_EQ(write(loader, 0, 3).code(), Code::unavailable) << "a lost connection is no fault of the row";
  EXPECT_EQ(rejects_.count(), 0);
}

TEST_F(RowLoaderTest, WithoutSavepointsRowsOfATransactionCannotBePutAside) {
  database_.has_savepoints = false;
  RowLoader loader(database_, &rejects_);
  const auto status = loader.begin({{}, "t"}, columns(), true);
  EXPECT_EQ(status.code(), Code::unsupported);
  EXPECT_THAT(status.message(), HasSubstr("reject"));
  EXPECT_TRUE(loader.begin({{}, "t"}, columns(), false).ok()) << "each load is a transaction of its own";
}

}  // namespace
}  // namespace qonduit::sql

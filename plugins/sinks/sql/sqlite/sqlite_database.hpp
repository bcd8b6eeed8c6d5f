// One SQLite file. Rows are loaded by one prepared INSERT; a refused row is known the moment it is refused. One thread.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sinks/sql/core/database.hpp"
#include "sqlite_dialect.hpp"
#include "sqlite_loader.hpp"
#include "sqlite_options.hpp"

namespace qonduit::sqlite {

class SqliteDatabase final : public sql::Database {
 public:
  explicit SqliteDatabase(const SqliteOptions& options);

  [[nodiscard]] const sql::Dialect& dialect() const override { return dialect_; }
  [[nodiscard]] std::string target() const override { return file_; }
  [[nodiscard]] std::string identity() const override;
  Status connect() override;
  Status look() override;
  [[nodiscard]] bool connected() const override { return connection_ != nullptr && !looking_; }
  void disconnect() noexcept override;

  Result<std::uint64_t> execute(const std::string& sql, const sql::Params& params = {}) override;
  Result<sql::TextRows> query(const std::string& sql, const sql::Params& params = {}) override;
  Status commit() override;
  Status rollback() override;

  Result<std::optional<sql::TableInfo>> describe(const sql::TableName& table) override;
  Result<std::vector<std::string>> dependents(const sql::TableName& table) override;
  // A file has one writer at a time: its transaction is the lock.
  Status lock(const sql::TableName&) override { return {}; }
  Status unlock(const sql::TableName&) override { return {}; }
  Status check_target(const std::string& schema) override;
  Status widen_column(const sql::TableName& table, const sql::ColumnSpec& column) override;

  Status begin_load(const sql::TableName& table, const std::vector<sql::LoadColumn>& columns) override;
  Status load(const BatchView& batch, std::int64_t first, std::int64_t last) override;
  Result<std::uint64_t> end_load() override;
  void cancel_load() noexcept override;
  [[nodiscard]] std::optional<sql::Refusal> refusal() const override { return loader_ ? loader_->refusal() : refusal_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
  };
  [[nodiscard]] Status failure(int code, std::string_view what) const;
  [[nodiscard]] Status check_folder() const;
  [[nodiscard]] bool told_to_stop() const;
  static int wait_for_lock(void* self, int tries) noexcept;
  Status open(int flags, const std::string& file);
  Status run(const std::string& sql, const sql::Params& params, sql::TextRows* rows);

  SqliteDialect dialect_;
  std::string file_;
  Journal journal_;
  Synchronous synchronous_;
  int lock_timeout_;
  std::int64_t statement_timeout_;
  std::unique_ptr<sqlite3, Close> connection_;
  bool committing_ = false;  // COMMIT is not interrupted
  std::chrono::steady_clock::time_point waits_since_;
  bool looking_ = false;  // the connection is for look(): the file may be another one, in memory
  std::optional<SqliteLoader> loader_;
  std::optional<sql::Refusal> refusal_;  // of the load that ended
  bool own_transaction_ = false;         // of the load: none was open
};

// What a result code means, with SQLite's words.
Status failure_of(sqlite3* connection, int code, std::string_view what, std::string_view file);

}  // namespace qonduit::sqlite

// One connection to a PostgreSQL database. Rows are loaded by COPY in its binary format. One thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connection.hpp"
#include "copy_encoder.hpp"
#include "plugins/sinks/sql/core/database.hpp"
#include "postgresql_dialect.hpp"
#include "postgresql_options.hpp"

namespace qonduit::postgresql {

class PostgresqlDatabase final : public sql::Database {
 public:
  PostgresqlDatabase(const PostgresqlOptions& options, Address address);

  [[nodiscard]] const sql::Dialect& dialect() const override { return dialect_; }
  [[nodiscard]] std::string target() const override { return connection_.target(); }
  Status connect() override;
  [[nodiscard]] bool connected() const override { return connection_.open_now(); }
  void disconnect() noexcept override { connection_.close(); }
  void interrupt() noexcept override {
    if (!committing_) connection_.interrupt();
  }

  Result<std::uint64_t> execute(const std::string& sql, const sql::Params& params = {}) override;
  Result<sql::TextRows> query(const std::string& sql, const sql::Params& params = {}) override;
  Status commit() override;
  Status rollback() override { return execute("ROLLBACK").status(); }

  Result<std::optional<sql::TableInfo>> describe(const sql::TableName& table) override;
  Result<std::vector<std::string>> dependents(const sql::TableName& table) override;
  Status lock(const sql::TableName& table) override;
  Status unlock(const sql::TableName& table) override;
  Status check_target(const std::string& schema) override;

  Status begin_load(const sql::TableName& table, const std::vector<sql::LoadColumn>& columns) override;
  Status load(const BatchView& batch, std::int64_t first, std::int64_t last) override;
  Result<std::uint64_t> end_load() override;
  void cancel_load() noexcept override;
  [[nodiscard]] std::optional<sql::Refusal> refusal() const override { return refusal_; }

 private:
  Status begin_copy();
  Status flush();
  Status end_copy();
  Status set_statement_timeout(std::int64_t milliseconds);
  [[nodiscard]] std::string lock_key(const sql::TableName& table) const;

  PostgresqlDialect dialect_;
  Connection connection_;
  std::string schema_;
  std::int64_t lock_timeout_;
  std::int64_t statement_timeout_;
  std::string copy_;  // the statement of the load under way; empty: there is none
  bool copying_ = false;
  std::atomic<bool> committing_ = false;  // what is sent to be committed is not interrupted
  std::optional<CopyEncoder> encoder_;
  std::vector<std::string> columns_;  // of the load
  std::string buffer_;
  std::uint64_t loaded_ = 0;  // rows of copies that ended
  std::optional<sql::Refusal> refusal_;
};

}  // namespace qonduit::postgresql

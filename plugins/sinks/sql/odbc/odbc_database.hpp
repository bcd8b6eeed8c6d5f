// One connection by ODBC to MariaDB or MySQL. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "array_loader.hpp"
#include "connection.hpp"
#include "mariadb_dialect.hpp"
#include "odbc_options.hpp"
#include "plugins/sinks/sql/core/database.hpp"

namespace qonduit::odbc {

class OdbcDatabase final : public sql::Database {
 public:
  explicit OdbcDatabase(const OdbcOptions& options);

  [[nodiscard]] const sql::Dialect& dialect() const override { return dialect_; }
  [[nodiscard]] std::string target() const override { return connection_.target(); }
  Status connect() override;
  [[nodiscard]] bool connected() const override { return connection_.open_now(); }
  void disconnect() noexcept override { connection_.close(); }

  Result<std::uint64_t> execute(const std::string& sql, const sql::Params& params = {}) override;
  Result<sql::TextRows> query(const std::string& sql, const sql::Params& params = {}) override;
  Status commit() override { return connection_.end(true); }
  Status rollback() override { return connection_.end(false); }

  Result<std::optional<sql::TableInfo>> describe(const sql::TableName& table) override;
  Result<std::vector<std::string>> dependents(const sql::TableName& table) override;
  Status lock(const sql::TableName& table) override;
  Status unlock(const sql::TableName& table) override;
  Status check_target(const std::string& schema) override;

  Status begin_load(const sql::TableName& table, const std::vector<sql::LoadColumn>& columns) override;
  Status load(const BatchView& batch, std::int64_t first, std::int64_t last) override;
  Result<std::uint64_t> end_load() override;
  void cancel_load() noexcept override;
  [[nodiscard]] std::optional<sql::Refusal> refusal() const override { return loader_ ? loader_->refusal() : refusal_; }

 private:
  [[nodiscard]] std::string lock_name(const sql::TableName& table) const;

  MariadbDialect dialect_;
  Connection connection_;
  std::string schema_;
  std::int64_t batch_;
  bool arrays_;
  std::size_t packet_ = 1 << 20;                   // bytes the server takes with one statement
  std::int64_t lock_timeout_, statement_timeout_;  // milliseconds
  std::optional<ArrayLoader> loader_;
  std::optional<sql::Refusal> refusal_;  // of the load that ended
  bool own_transaction_ = false;         // of the load: none was open
};

}  // namespace qonduit::odbc

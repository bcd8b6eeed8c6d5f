// What all servers behind an ODBC driver have in common: connecting, statements, transactions, loading. What is the server's own, its
// catalogue, its locks and its settings, is in the classes derived from this. One connection; one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "array_loader.hpp"
#include "connection.hpp"
#include "odbc_options.hpp"
#include "plugins/sinks/sql/core/database.hpp"

namespace qonduit::odbc {

class OdbcDatabase : public sql::Database {
 public:
  [[nodiscard]] const sql::Dialect& dialect() const override { return *dialect_; }
  [[nodiscard]] std::string target() const override { return connection_.target(); }
  Status connect() override;
  [[nodiscard]] bool connected() const override { return connection_.open_now(); }
  void disconnect() noexcept override { connection_.close(); }
  void interrupt() noexcept override { connection_.interrupt(); }

  Result<std::uint64_t> execute(const std::string& sql, const sql::Params& params = {}) override;
  Result<sql::TextRows> query(const std::string& sql, const sql::Params& params = {}) override;
  Status commit() override { return connection_.end(true); }
  Status rollback() override { return connection_.end(false); }
  [[nodiscard]] bool savepoints() const override { return !style_.savepoint.empty(); }

  Status begin_load(const sql::TableName& table, const std::vector<sql::LoadColumn>& columns) override;
  Status load(const BatchView& batch, std::int64_t first, std::int64_t last) override;
  Result<std::uint64_t> end_load() override;
  void cancel_load() noexcept override;
  [[nodiscard]] std::optional<sql::Refusal> refusal() const override { return loader_ ? loader_->refusal() : refusal_; }

 protected:
  OdbcDatabase(const OdbcOptions& options, std::unique_ptr<sql::Dialect> dialect, ServerTraits traits, LoadStyle style);

  // On a connection just made: is this the server the dialect is for, and the session's settings. May change style_.
  virtual Status set_up() = 0;
  // What the sink calls the lock on a table: one name for one table, whoever delivers.
  [[nodiscard]] std::string lock_name(const sql::TableName& table) const;
  // Every statement of the list, the first failure ends it.
  Status execute_all(const std::vector<std::string>& statements);
  // The first column of each row, behind a word: "view report".
  Status add_names(std::vector<std::string>& names, const std::string& word, const std::string& sql, const sql::Params& params);

  std::unique_ptr<sql::Dialect> dialect_;
  Connection connection_;
  LoadStyle style_;
  std::string schema_;
  std::int64_t lock_timeout_, statement_timeout_;  // milliseconds

 private:
  [[nodiscard]] bool takes_arrays();

  bool arrays_wished_;
  std::optional<ArrayLoader> loader_;
  std::optional<sql::Refusal> refusal_;  // of the load that ended
  bool own_transaction_ = false;         // of the load: none was open
};

// The database for the options' dialect; automatic: for the driver that the connection string, or the data source's entry, names.
std::unique_ptr<OdbcDatabase> make_database(const OdbcOptions& options);

}  // namespace qonduit::odbc

// A connection to one database, as the sink uses it: the seam between what is the same for all databases (modes, schemas, transactions,
// records) and what is not (protocol, bulk loading, catalogue). One thread. Every failure is a Status whose code decides:
//   unavailable, timeout   connection lost, server gone or starting, deadlock, serialization failure, lock not had: worth another try
//   unauthenticated, forbidden, not_found, already_exists, unsupported, invalid_config   as their names say
//   bad_data               the database refuses a value or a row: constraint, range, encoding, length
//   io                     disk full and the like; internal: SQL of ours it does not understand
// Messages name the target (without secrets), the statement's purpose where it helps, and the database's own words with its code.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "column.hpp"
#include "dialect.hpp"

namespace qonduit::sql {

using Params = std::vector<std::optional<std::string>>;                 // texts; none: null
using TextRows = std::vector<std::vector<std::optional<std::string>>>;  // of small results

// Which row of the last load() was refused, and why.
struct Refusal {
  std::int64_t row = 0;               // in the batch
  std::optional<std::size_t> column;  // of the LoadColumns
  std::string reason;                 // names the value where it is known
};

class Database {
 public:
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  virtual ~Database() = default;  // closes without a word: what was not committed is gone

  [[nodiscard]] virtual const Dialect& dialect() const = 0;
  // Where it is, for messages: "postgresql://etl@db:5432/warehouse". No secret.
  [[nodiscard]] virtual std::string target() const = 0;
  // Equal for two names of one database.
  [[nodiscard]] virtual std::string identity() const { return target(); }

  // Connects where there is no connection, or the one there was is lost. Session settings (time-outs, time zone, search path) are made
  // here.
  virtual Status connect() = 0;
  // The same for those who only look: nothing is made where there is nothing. describe, query and check_target answer as they would after
  // connect(); connected() may stay false.
  virtual Status look() { return connect(); }
  [[nodiscard]] virtual bool connected() const = 0;
  virtual void disconnect() noexcept = 0;

  // From another thread: the statement under way, if there is one, fails soon. The connection may be of no use after that.
  virtual void interrupt() noexcept {}

  // One statement; answers the rows it changed.
  virtual Result<std::uint64_t> execute(const std::string& sql, const Params& params = {}) = 0;
  virtual Result<TextRows> query(const std::string& sql, const Params& params = {}) = 0;
  // Ends the transaction. unavailable: its outcome is not known.
  virtual Status commit() = 0;
  virtual Status rollback() = 0;
  // Whether part of a transaction can be taken back. Known once connected.
  [[nodiscard]] virtual bool savepoints() const { return true; }

  // None: no such table or view.
  virtual Result<std::optional<TableInfo>> describe(const TableName& table) = 0;
  // What hangs on the table and would not follow a rename: "view public.report", "foreign key orders.customer_fk".
  virtual Result<std::vector<std::string>> dependents(const TableName& table) = 0;
  // Holds the name for this connection until unlock or disconnect, so that two hosts do not deliver into one table at a time.
  // timeout when another holds it for longer than the lock time-out.
  virtual Status lock(const TableName& table) = 0;
  virtual Status unlock(const TableName& table) = 0;
  // What the user needs to know or change before the target is used: durability switched off, no right to create. Changes nothing.
  virtual Status check_target(const std::string& schema) = 0;
  // For dialects without alter_type: gives the column its new type, keeping rows, indexes and triggers.
  virtual Status widen_column(const TableName& table, const ColumnSpec& column);

  // Bulk loading: begin_load, load ..., end_load | cancel_load. Only query is called in between. Rows may reach the database as late as
  // end_load, and a refusal may come as late.
  virtual Status begin_load(const TableName& table, const std::vector<LoadColumn>& columns) = 0;
  // Rows first to last (not included) of the batch.
  virtual Status load(const BatchView& batch, std::int64_t first, std::int64_t last) = 0;
  // The rows the database says it took since begin_load.
  virtual Result<std::uint64_t> end_load() = 0;
  virtual void cancel_load() noexcept = 0;
  // After load or end_load answered bad_data: which row it was, where that is known. Rows are counted from begin_load.
  [[nodiscard]] virtual std::optional<Refusal> refusal() const = 0;
};

}  // namespace qonduit::sql

// A lock by name, in any database with transactions: a row of the table _qonduit_locks, changed on a connection of its own in a transaction
// that stays open. A host that dies loses its connection, and with it the lock. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <chrono>
#include <string>

#include "connection.hpp"
#include "plugins/sinks/sql/core/dialect.hpp"

namespace qonduit::odbc {

class RowLock {
 public:
  // dialect must stay. timeout: how long to wait for another host's lock; by the driver, in whole seconds.
  RowLock(const Credentials& credentials, ServerTraits traits, const sql::Dialect& dialect, std::string schema,
          std::chrono::milliseconds timeout);

  // REQUIRES: none is held. timeout when another host holds it.
  Status lock(const std::string& name);
  Status unlock() { return connection_.end(false); }
  // unavailable: it was held, and went with its connection.
  Status check();

 private:
  Status open_with_row(const std::string& name);
  Status make_row(const std::string& name);
  Result<bool> has_row(const std::string& name);

  const sql::Dialect& dialect_;
  Connection connection_;
  sql::TableName table_;
};

}  // namespace qonduit::odbc

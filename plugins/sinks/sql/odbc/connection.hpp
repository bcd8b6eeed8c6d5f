// A connection of ODBC: its handles, its statements, its failures as Status. Statements and what they answer go as UTF-16, which every
// driver takes, whatever the process' locale. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <sql.h>
#include <sqlext.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "errors.hpp"
#include "plugins/sinks/sql/core/database.hpp"

namespace qonduit::odbc {

template <SQLSMALLINT Type>
struct FreeHandle {
  using pointer = SQLHANDLE;
  void operator()(SQLHANDLE handle) const noexcept { SQLFreeHandle(Type, handle); }
};
using Statement = std::unique_ptr<void, FreeHandle<SQL_HANDLE_STMT>>;

// What connections to one kind of server have in common.
struct ServerTraits {
  MeaningOf meaning = meaning_of_sqlstate;
  std::string_view charset;  // "CHARSET=utf8mb4", for connection strings that name none; empty: the driver needs none
  // Transactions by statements; empty: by ODBC's own calls.
  std::string begin, commit, rollback;
};

struct Credentials {
  std::string connection;  // ODBC's connection string, without a password
  std::string user, password;
};

class Connection {
 public:
  Connection(const Credentials& credentials, ServerTraits traits);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] const std::string& target() const { return target_; }
  Status open();
  void close() noexcept;
  // False also after a statement found the connection lost.
  [[nodiscard]] bool open_now() const { return connected_ && !lost_; }
  // Of each statement, by the driver; 0: none. Whole seconds, rounded up.
  void set_timeout(std::chrono::milliseconds timeout) { timeout_ = timeout; }

  // Out of a transaction every statement is one of its own.
  Status begin();
  Status end(bool commit);
  [[nodiscard]] bool in_transaction() const { return in_transaction_; }

  Result<Statement> statement();
  // From another thread: asks the driver to end the statement under way.
  void interrupt() noexcept;
  // While it lives, interrupt() is for this statement.
  class Executing {
   public:
    Executing(Connection& connection, SQLHANDLE statement) : connection_(connection) { connection_.set_executing(statement); }
    Executing(const Executing&) = delete;
    Executing& operator=(const Executing&) = delete;
    ~Executing() { connection_.set_executing(nullptr); }

   private:
    Connection& connection_;
  };
  // What a call answered: ok, or what the driver says of it. A warning that a value was changed is a failure.
  Status check(SQLRETURN code, SQLSMALLINT type, SQLHANDLE handle, std::string_view what);
  Status prepare(SQLHANDLE statement, const std::string& sql);
  Result<std::uint64_t> run(const std::string& sql, const sql::Params& params, sql::TextRows* rows);
  // What SQLGetInfo says in words: SQL_DBMS_NAME, SQL_IDENTIFIER_QUOTE_CHAR ...; empty: nothing.
  std::string about(SQLUSMALLINT what);

  // The driver's own handle, for calls about the catalogue.
  [[nodiscard]] SQLHANDLE handle() const { return connection_.get(); }

 private:
  [[nodiscard]] bool dead() const;
  void set_executing(SQLHANDLE statement) {
    const std::lock_guard lock(executing_mutex_);
    executing_ = statement;
  }

  std::unique_ptr<void, FreeHandle<SQL_HANDLE_ENV>> environment_;
  std::unique_ptr<void, FreeHandle<SQL_HANDLE_DBC>> connection_;
  ServerTraits traits_;
  std::string text_, target_;
  std::chrono::milliseconds timeout_{0};
  bool connected_ = false, lost_ = false, in_transaction_ = false, in_transaction_end_ = false;
  std::mutex executing_mutex_;
  SQLHANDLE executing_ = nullptr;
};

// Rows of a statement that was executed, as texts.
Status fetch_rows(Connection& connection, SQLHANDLE statement, std::string_view what, sql::TextRows& rows);

}  // namespace qonduit::odbc

// A connection of ODBC: its handles, its statements, its failures as Status. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <sql.h>
#include <sqlext.h>

#include <memory>
#include <string>
#include <string_view>

#include "plugins/sinks/sql/core/database.hpp"

namespace qonduit::odbc {

template <SQLSMALLINT Type>
struct FreeHandle {
  using pointer = SQLHANDLE;
  void operator()(SQLHANDLE handle) const noexcept { SQLFreeHandle(Type, handle); }
};
using Statement = std::unique_ptr<void, FreeHandle<SQL_HANDLE_STMT>>;

class Connection {
 public:
  Connection(std::string connection, const std::string& user, const std::string& password);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] const std::string& target() const { return target_; }
  Status open();
  void close() noexcept;
  // False also after a statement found the connection lost.
  [[nodiscard]] bool open_now() const { return connected_ && !lost_; }

  // Out of a transaction every statement is one of its own.
  Status begin();
  Status end(bool commit);
  [[nodiscard]] bool in_transaction() const { return in_transaction_; }

  Result<Statement> statement();
  // What a call answered: ok, or what the driver says of it. A warning that a value was changed is a failure.
  Status check(SQLRETURN code, SQLSMALLINT type, SQLHANDLE handle, std::string_view what);
  Result<std::uint64_t> run(const std::string& sql, const sql::Params& params, sql::TextRows* rows);

 private:
  std::unique_ptr<void, FreeHandle<SQL_HANDLE_ENV>> environment_;
  std::unique_ptr<void, FreeHandle<SQL_HANDLE_DBC>> connection_;
  std::string text_, target_;
  bool connected_ = false, lost_ = false, in_transaction_ = false;
};

}  // namespace qonduit::odbc

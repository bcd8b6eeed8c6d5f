// A PostgreSQL server of tests: from Debian's packages, in a temporary folder, on a free port of the loopback interface, with a
// certificate for "localhost". The role etl has a password.
#pragma once

#include <libpq-fe.h>

#include <filesystem>
#include <memory>
#include <string>

#include "plugins/sinks/sql/testing/sql_target.hpp"
#include "plugins/sinks/testing/child_process.hpp"
#include "plugins/sinks/testing/shared_server.hpp"

namespace qonduit::postgresql::testing {

using qonduit::testing::Rows;

// A value as the server's own client shows it: t and f, a space in moments, an interval of hours, and its own spelling of reals.
qonduit::testing::Cell shown_cell(const Field& field, const ColumnView& column, std::int64_t row);

class PostgresqlServer {
 public:
  // keeper: whose server it is; null: its own.
  explicit PostgresqlServer(std::unique_ptr<sinks::testing::SharedServer> keeper = nullptr);
  PostgresqlServer(const PostgresqlServer&) = delete;
  PostgresqlServer& operator=(const PostgresqlServer&) = delete;
  ~PostgresqlServer();

  // The server all tests of an executable share: that of the CTest run, or its own.
  static PostgresqlServer& shared();
  sinks::testing::KeptServer kept();

  void start();         // returns when it takes connections; it may be running
  void kill_at_once();  // the postmaster and all its processes die with SIGKILL
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path authority() const { return folder_ / "ca.crt"; }
  // Of the role etl; more: "?sslmode=..." and the like.
  [[nodiscard]] std::string url(const std::string& database, const std::string& host = "localhost") const;
  // For ODBC: a connection string without user and password.
  [[nodiscard]] std::string odbc_connection(const std::string& database, int port = 0) const;
  static const char* password() { return "etl-secret"; }

  // As the superuser; throws with the server's words.
  Rows query(const std::string& database, const std::string& sql) const;
  // Ends every connection of the role and lets none in, until it may log in again.
  void shut_out(const std::string& role) const;
  // The database of this process, owned by etl, and empty: what it held is gone. To empty one is faster than to make another.
  std::string empty_database();

 private:
  void make();

  std::unique_ptr<sinks::testing::SharedServer> keeper_;
  std::filesystem::path folder_;
  std::string user_;
  int port_ = 0;
  std::string database_;
  std::unique_ptr<sinks::testing::ChildProcess> server_;
};

}  // namespace qonduit::postgresql::testing

// A MariaDB server of tests: from Debian's packages, in a temporary folder, on a free port of the loopback interface. The user etl
// has a password and may do everything in the databases of tests.
#pragma once

#include <sql.h>

#include <filesystem>
#include <memory>
#include <string>

#include "plugins/sinks/sql/testing/sql_target.hpp"
#include "plugins/sinks/testing/child_process.hpp"
#include "plugins/sinks/testing/shared_server.hpp"

namespace qonduit::odbc::testing {

using qonduit::testing::Rows;

// A connection by plain ODBC, apart from the code under test. One thread at a time.
class MariadbSession {
 public:
  explicit MariadbSession(const std::string& connection);
  MariadbSession(const MariadbSession&) = delete;
  MariadbSession& operator=(const MariadbSession&) = delete;
  ~MariadbSession();

  [[nodiscard]] const std::string& error() const { return error_; }  // empty: connected
  // Rows of the statement; throws with the server's words.
  Rows query(const std::string& sql);

 private:
  SQLHANDLE environment_ = nullptr, connection_ = nullptr;
  bool connected_ = false;
  std::string error_;
};

class MariadbServer {
 public:
  // keeper: whose server it is; null: its own.
  explicit MariadbServer(std::unique_ptr<sinks::testing::SharedServer> keeper = nullptr);
  MariadbServer(const MariadbServer&) = delete;
  MariadbServer& operator=(const MariadbServer&) = delete;
  ~MariadbServer();

  // The server all tests of an executable share: that of the CTest run, or its own.
  static MariadbServer& shared();
  sinks::testing::KeptServer kept();

  void start();  // returns when it takes connections; it may be running
  void kill_at_once();
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string connection(const std::string& database, int port = 0) const;  // for the option
  static const char* password() { return "etl}secret;"; }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  // The superuser's, names in double quotes.
  [[nodiscard]] std::unique_ptr<MariadbSession> session(const std::string& database) const;
  // As the superuser, names in double quotes; throws with the server's words. Rows of the last statement.
  Rows query(const std::string& database, const std::string& sql) const;
  std::string empty_database();  // of this process: what it held is gone

 private:
  void make();
  [[nodiscard]] std::string socket() const { return (folder_ / "socket").string(); }

  std::unique_ptr<sinks::testing::SharedServer> keeper_;
  std::filesystem::path folder_;
  std::string user_ = "mysql";
  int port_ = 0;
  std::string database_;
  std::unique_ptr<sinks::testing::ChildProcess> server_;
};

}  // namespace qonduit::odbc::testing

// Every mode by the generic dialect, in a real PostgreSQL database behind its ODBC driver.
#include "plugins/sinks/sql/testing/modes_suite.hpp"
#include "plugins/sinks/sql/testing/postgresql_server.hpp"
#include "tests/paths.hpp"

namespace {

using qonduit::postgresql::testing::PostgresqlServer;

std::string& database() {
  static std::string name;
  return name;
}

qonduit::sql::testing::SqlTarget target(const std::string& name, const std::string& arrays) {
  qonduit::sql::testing::SqlTarget target;
  target.name = name;
  target.plugin = qonduit::paths::plugin("odbc");
  target.sink = "odbc";
  target.make = [arrays](const std::filesystem::path&) {
    database() = PostgresqlServer::shared().empty_database();
    return qonduit::sql::testing::Options{{"connection", PostgresqlServer::shared().odbc_connection(database())},
                                          {"user", "etl"},
                                          {"password", PostgresqlServer::password()},
                                          {"arrays", arrays}};
  };
  target.query = [](const std::filesystem::path&, const std::string& sql) { return PostgresqlServer::shared().query(database(), sql); };
  target.transactional_ddl = false;
  target.swaps = false;
  target.long_texts = {{"type.text", "TEXT"}};
  return target;
}

}  // namespace

QONDUIT_SQL_MODES(Generic, target("Arrays", "auto"), target("Statements", "off"));

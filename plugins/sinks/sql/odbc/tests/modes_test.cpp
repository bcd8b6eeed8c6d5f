// Every mode, in a real MariaDB database.
#include "plugins/sinks/sql/testing/mariadb_server.hpp"
#include "plugins/sinks/sql/testing/modes_suite.hpp"
#include "tests/paths.hpp"

namespace {

using qonduit::odbc::testing::MariadbServer;

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
    database() = MariadbServer::shared().empty_database();
    return qonduit::sql::testing::Options{{"connection", MariadbServer::shared().connection(database())},
                                          {"user", "etl"},
                                          {"password", MariadbServer::password()},
                                          {"arrays", arrays}};
  };
  target.query = [](const std::filesystem::path&, const std::string& sql) { return MariadbServer::shared().query(database(), sql); };
  target.transactional_ddl = false;
  target.copies_constraints = true;
  target.yes = "1";
  return target;
}

}  // namespace

QONDUIT_SQL_MODES(Server, target("Arrays", "auto"), target("Statements", "off"));

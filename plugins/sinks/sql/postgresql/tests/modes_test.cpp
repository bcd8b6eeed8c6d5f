// Every mode, in a real PostgreSQL database.
#include "plugins/sinks/sql/testing/modes_suite.hpp"
#include "plugins/sinks/sql/testing/postgresql_server.hpp"
#include "tests/paths.hpp"

namespace {

using qonduit::postgresql::testing::PostgresqlServer;

std::string& database() {
  static std::string name;
  return name;
}

qonduit::sql::testing::SqlTarget target() {
  qonduit::sql::testing::SqlTarget target;
  target.name = "Postgresql";
  target.plugin = qonduit::paths::plugin("postgresql");
  target.sink = "postgresql";
  target.make = [](const std::filesystem::path&) {
    database() = PostgresqlServer::shared().empty_database();
    return qonduit::sql::testing::Options{{"url", PostgresqlServer::shared().url(database())}, {"password", PostgresqlServer::password()}};
  };
  target.query = [](const std::filesystem::path&, const std::string& sql) { return PostgresqlServer::shared().query(database(), sql); };
  target.copies_constraints = true;
  return target;
}

}  // namespace

QONDUIT_SQL_MODES(Server, target());

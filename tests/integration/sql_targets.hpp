// Databases that runs deliver into: servers of the CTest run, and files of SQLite.
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "plugins/sinks/sql/testing/mariadb_server.hpp"
#include "plugins/sinks/sql/testing/postgresql_server.hpp"
#include "tests/integration/harness.hpp"

namespace qonduit::integration {

using Rows = qonduit::testing::Rows;

struct Target {
  std::string name;
  // Makes an empty database, and sets the keys of sink.db.
  std::function<std::string(Host& host)> make;
  std::function<Rows(const std::string& database, const std::string& sql)> query;
  // Committed and visible are two steps, and a host that dies between them leaves the second to the next one.
  bool may_appear_later = false;
};

inline void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

// A reference to a file that holds it.
inline std::string secret(const Host& host, const std::string& text) {
  const auto file = host.folder().write("password", text);
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return "${file:" + file.string() + "}";
}

inline Target postgresql() {
  return {"Postgresql",
          [](Host& host) {
            auto& server = postgresql::testing::PostgresqlServer::shared();
            const auto database = server.empty_database();
            host.set("sink.db.type", "postgresql").set("sink.db.url", server.url(database));
            host.set("sink.db.password", secret(host, postgresql::testing::PostgresqlServer::password()));
            return database;
          },
          [](const std::string& database, const std::string& sql) {
            return postgresql::testing::PostgresqlServer::shared().query(database, sql);
          }};
}

inline Target mariadb() {
  return {"Mariadb",
          [](Host& host) {
            auto& server = odbc::testing::MariadbServer::shared();
            const auto database = server.empty_database();
            host.set("sink.db.type", "odbc").set("sink.db.connection", server.connection(database)).set("sink.db.user", "etl");
            host.set("sink.db.password", secret(host, odbc::testing::MariadbServer::password()));
            return database;
          },
          [](const std::string& database, const std::string& sql) { return odbc::testing::MariadbServer::shared().query(database, sql); }};
}

}  // namespace qonduit::integration

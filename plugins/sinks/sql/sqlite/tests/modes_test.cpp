// Every mode, in a SQLite file.
#include "plugins/sinks/sql/testing/modes_suite.hpp"
#include "sqlite_file.hpp"
#include "tests/paths.hpp"

namespace {

qonduit::sql::testing::SqlTarget target() {
  qonduit::sql::testing::SqlTarget target;
  target.name = "Sqlite";
  target.plugin = qonduit::paths::plugin("sqlite");
  target.sink = "sqlite";
  target.make = [](const std::filesystem::path& folder) {
    return qonduit::sql::testing::Options{{"file", (folder / "warehouse.db").string()}};
  };
  target.query = [](const std::filesystem::path& folder, const std::string& sql) {
    return qonduit::sqlite::testing::query(folder / "warehouse.db", sql);
  };
  target.yes = "1";
  return target;
}

}  // namespace

QONDUIT_SQL_MODES(File, target());

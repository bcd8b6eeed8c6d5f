// The generic dialect keeps the promises of every sink, against a real PostgreSQL server behind its ODBC driver.
#include <qonduit/testing/sink_fixture.hpp>

#include <algorithm>

#include "plugins/sinks/sql/testing/postgresql_server.hpp"
#include "tests/paths.hpp"

namespace {

namespace fs = std::filesystem;
using qonduit::postgresql::testing::PostgresqlServer;
using qonduit::testing::Cell;
using qonduit::testing::Rows;

// The database that stands for a test's folder.
std::string database_of(const fs::path& folder) {
  static std::string last_folder, database;
  if (last_folder != folder.string()) last_folder = folder.string(), database = PostgresqlServer::shared().empty_database();
  return database;
}

std::vector<std::string> tables(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& row :
       PostgresqlServer::shared().query(database_of(folder),
                                        "SELECT table_name FROM information_schema.tables WHERE table_schema = "
                                        "'public' AND table_name NOT IN ('_qonduit_deliveries', '_qonduit_columns', '_qonduit_locks')")) {
    names.push_back(*row[0]);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<Rows> read_back(const fs::path& folder, const qonduit::Schema& /*schema*/) {
  const auto there = tables(folder);
  if (std::find(there.begin(), there.end(), "out") == there.end()) return std::nullopt;
  return PostgresqlServer::shared().query(database_of(folder), "SELECT * FROM \"out\"");
}

// As PostgreSQL shows them; NaN is null by option, intervals are milliseconds.
Cell cell(const qonduit::Field& field, const qonduit::ColumnView& column, std::int64_t row) {
  const auto canonical = qonduit::testing::canonical_cell(field, column, row);
  if (!canonical) return canonical;
  if (field.type == qonduit::Type::float64 && (*canonical == "nan" || canonical->ends_with("inf"))) return Cell();
  if (field.type == qonduit::Type::duration) return canonical;
  return qonduit::postgresql::testing::shown_cell(field, column, row);
}

qonduit::testing::SinkTraits traits(const std::string& name, qonduit::testing::Options more, std::uint32_t guarantees) {
  qonduit::testing::SinkTraits traits;
  traits.name = name;
  traits.plugin = qonduit::paths::plugin("odbc");
  traits.sink = "odbc";
  traits.options = [more](const fs::path& folder) {
    qonduit::testing::Options options = {{"connection", PostgresqlServer::shared().odbc_connection(database_of(folder))},
                                         {"user", "etl"},
                                         {"password", PostgresqlServer::password()},
                                         {"table", "out"},
                                         {"type.text", "TEXT"},
                                         {"non-finite", "null"},
                                         {"schema-change", "evolve"}};
    options.insert(options.end(), more.begin(), more.end());
    return options;
  };
  traits.read_back = read_back;
  traits.cell = cell;
  traits.leftovers = tables;
  traits.refused = {{{{"connection", "DSN=x"}, {"mode", "append"}, {"dialect", "oracle"}}, "dialect"},
                    {{{"connection", "DSN=x"}, {"mode", "truncate"}}, "truncate"},
                    {{{"connection", "DSN=x"}, {"mode", "replace"}, {"method", "swap"}}, "swap"}};
  traits.guarantees = guarantees | QONDUIT_GUARANTEE_EXACTLY_ONCE;
  // Every connection of the role dies, and none is let in.
  traits.break_target = [](const fs::path&) { PostgresqlServer::shared().shut_out("etl"); };
  traits.heal_target = [](const fs::path&) { PostgresqlServer::shared().query("postgres", "ALTER ROLE etl LOGIN"); };
  return traits;
}

}  // namespace

QONDUIT_SINK_CONFORMANCE(Generic, traits("Append", {{"mode", "append"}}, QONDUIT_GUARANTEE_APPEND),
                         traits("Statements", {{"mode", "append"}, {"arrays", "off"}}, QONDUIT_GUARANTEE_APPEND),
                         traits("Rewrite", {{"mode", "replace"}}, QONDUIT_GUARANTEE_REPLACE),
                         traits("View", {{"mode", "replace"}, {"method", "view"}}, QONDUIT_GUARANTEE_REPLACE));

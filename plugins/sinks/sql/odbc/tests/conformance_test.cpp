// The ODBC sink keeps the promises of every sink, against a real MariaDB server.
#include <qonduit/testing/sink_fixture.hpp>

#include <algorithm>

#include "plugins/sinks/sql/testing/mariadb_server.hpp"
#include "tests/paths.hpp"

namespace {

namespace fs = std::filesystem;
using qonduit::odbc::testing::MariadbServer;
using qonduit::testing::Cell;
using qonduit::testing::Rows;

// The database that stands for a test's folder.
std::string database_of(const fs::path& folder) {
  static std::string last_folder, database;
  if (last_folder != folder.string()) last_folder = folder.string(), database = MariadbServer::shared().empty_database();
  return database;
}

std::vector<std::string> tables(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& row :
       MariadbServer::shared().query(database_of(folder),
                                     "SELECT table_name FROM information_schema.tables WHERE table_schema = "
                                     "database() AND table_name NOT IN ('_qonduit_deliveries', '_qonduit_columns') ORDER BY 1")) {
    names.push_back(*row[0]);
  }
  return names;
}

std::optional<Rows> read_back(const fs::path& folder, const qonduit::Schema& /*schema*/) {
  const auto there = tables(folder);
  if (std::find(there.begin(), there.end(), "out") == there.end()) return std::nullopt;
  return MariadbServer::shared().query(database_of(folder), "SELECT * FROM \"out\"");
}

// As MariaDB writes values: 1 and 0, a space in moments, its own spelling of reals, zero without a sign; NaN is null by option, intervals
// are milliseconds.
Cell cell(const qonduit::Field& field, const qonduit::ColumnView& column, std::int64_t row) {
  auto text = qonduit::testing::canonical_cell(field, column, row);
  if (!text) return text;
  if (field.type == qonduit::Type::boolean) return *text == "true" ? "1" : "0";
  if (field.type == qonduit::Type::timestamp) std::replace(text->begin(), text->end(), 'T', ' ');
  if (field.type != qonduit::Type::float64) return text;
  if (*text == "nan" || text->ends_with("inf")) return Cell();
  if (*text == "-0") return "0";
  if (const auto plus = text->find("e+"); plus != std::string::npos) text->erase(plus + 1, 1);
  return text;
}

qonduit::testing::SinkTraits traits(const std::string& name, qonduit::testing::Options more, std::uint32_t guarantees) {
  qonduit::testing::SinkTraits traits;
  traits.name = name;
  traits.plugin = qonduit::paths::plugin("odbc");
  traits.sink = "odbc";
  const auto into = [more](const fs::path& folder, const char* table) {
    qonduit::testing::Options options = {{"connection", MariadbServer::shared().connection(database_of(folder))},
                                         {"user", "etl"},
                                         {"password", MariadbServer::password()},
                                         {"table", table},
                                         {"non-finite", "null"},
                                         {"schema-change", "evolve"}};
    options.insert(options.end(), more.begin(), more.end());
    return options;
  };
  traits.options = [into](const fs::path& folder) { return into(folder, "out"); };
  traits.beside = [into](const fs::path& folder) { return into(folder, "other"); };
  traits.read_back = read_back;
  traits.cell = cell;
  traits.leftovers = tables;
  traits.refused = {{{}, "connection"},
                    {{{"connection", "DSN=x"}}, "'mode' is missing: "},
                    {{{"mode", "append"}, {"connection", "DSN=x;PWD=secret"}}, "password"},
                    {{{"mode", "append"}, {"connection", "DSN=x; Pwd = secret"}}, "password"},
                    {{{"connection", "DSN=x"}, {"mode", "truncate"}}, "truncate"},
                    {{{"connection", "DSN=x"}, {"mode", "append"}, {"atomic", "run"}}, "atomic"},
                    {{{"connection", "DSN=x"}, {"mode", "append"}, {"non-finite", "keep"}}, "NaN"}};
  traits.guarantees = guarantees | QONDUIT_GUARANTEE_EXACTLY_ONCE;
  // Every connection of the user dies, and none is let in.
  traits.break_target = [](const fs::path&) {
    auto& server = MariadbServer::shared();
    server.query("mysql", "ALTER USER etl@'%' ACCOUNT LOCK");
    server.query("mysql", "KILL USER etl");
  };
  traits.heal_target = [](const fs::path&) { MariadbServer::shared().query("mysql", "ALTER USER etl@'%' ACCOUNT UNLOCK"); };
  return traits;
}

}  // namespace

QONDUIT_SINK_CONFORMANCE(Mariadb, traits("Append", {{"mode", "append"}}, QONDUIT_GUARANTEE_APPEND),
                         traits("Statements", {{"mode", "append"}, {"arrays", "off"}}, QONDUIT_GUARANTEE_APPEND),
                         traits("Rewrite", {{"mode", "replace"}}, QONDUIT_GUARANTEE_REPLACE),
                         traits("Swap", {{"mode", "replace"}, {"method", "swap"}}, QONDUIT_GUARANTEE_REPLACE),
                         traits("View", {{"mode", "replace"}, {"method", "view"}}, QONDUIT_GUARANTEE_REPLACE));

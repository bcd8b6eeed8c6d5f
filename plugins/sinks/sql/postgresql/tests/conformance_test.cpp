// The PostgreSQL sink keeps the promises of every sink, against a real server.
#include <qonduit/testing/sink_fixture.hpp>

#include <algorithm>
#include <utility>

#include "plugins/sinks/sql/testing/postgresql_server.hpp"
#include "tests/paths.hpp"

namespace {

namespace fs = std::filesystem;
using qonduit::postgresql::testing::PostgresqlServer;
using qonduit::testing::Rows;

const std::string& database() {
  static const auto name = PostgresqlServer::shared().empty_database();
  return name;
}

// What stands for a test's folder: a schema of its own.
std::string schema_of(const fs::path& folder) {
  const auto schema = folder.filename().string();
  static std::string last;
  if (std::exchange(last, schema) == schema) return schema;
  PostgresqlServer::shared().query(database(), "CREATE SCHEMA IF NOT EXISTS \"" + schema + "\" AUTHORIZATION etl");
  return schema;
}

std::vector<std::string> tables(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& row : PostgresqlServer::shared().query(
           database(), "SELECT table_name FROM information_schema.tables WHERE table_schema = '" + schema_of(folder) +
                           "' AND table_name NOT IN ('_qonduit_deliveries', '_qonduit_columns') ORDER BY 1")) {
    names.push_back(*row[0]);
  }
  return names;
}

std::optional<Rows> read_back(const fs::path& folder, const qonduit::Schema& /*schema*/) {
  const auto there = tables(folder);
  if (std::find(there.begin(), there.end(), "out") == there.end()) return std::nullopt;
  return PostgresqlServer::shared().query(database(), "SELECT * FROM \"" + schema_of(folder) + "\".\"out\"");
}

qonduit::testing::SinkTraits traits(const std::string& name, const std::string& mode, const std::string& method, std::uint32_t guarantees) {
  qonduit::testing::SinkTraits traits;
  traits.name = name;
  traits.plugin = qonduit::paths::plugin("postgresql");
  traits.sink = "postgresql";
  const auto into = [mode, method](const fs::path& folder, const char* table) {
    const auto schema = schema_of(folder);
    qonduit::testing::Options options = {{"url", PostgresqlServer::shared().url(database())},
                                         {"password", PostgresqlServer::password()},
                                         {"schema", schema},
                                         {"table", table},
                                         {"mode", mode},
                                         {"schema-change", "evolve"}};
    if (!method.empty()) options.emplace_back("method", method);
    return options;
  };
  traits.options = [into](const fs::path& folder) { return into(folder, "out"); };
  traits.beside = [into](const fs::path& folder) { return into(folder, "other"); };
  traits.read_back = read_back;
  traits.cell = qonduit::postgresql::testing::shown_cell;
  traits.leftovers = tables;
  traits.refused = {{{}, "url"},
                    {{{"url", "host=h"}}, "'mode' is missing: "},
                    {{{"mode", "append"}, {"url", "postgresql://u:secret@h/d"}}, "password"},
                    {{{"mode", "append"}, {"url", "host=h sslmod=require"}}, "did you mean 'sslmode'?"},
                    {{{"url", "host=h"}, {"mode", "merge"}}, "key"}};
  traits.guarantees = guarantees | QONDUIT_GUARANTEE_EXACTLY_ONCE;
  // Every connection of the role dies, and none is let in.
  traits.break_target = [](const fs::path&) { PostgresqlServer::shared().shut_out("etl"); };
  traits.heal_target = [](const fs::path&) { PostgresqlServer::shared().query("postgres", "ALTER ROLE etl LOGIN"); };
  return traits;
}

}  // namespace

QONDUIT_SINK_CONFORMANCE(Postgresql, traits("Append", "append", "", QONDUIT_GUARANTEE_APPEND),
                         traits("Rewrite", "replace", "rewrite", QONDUIT_GUARANTEE_REPLACE),
                         traits("Swap", "replace", "swap", QONDUIT_GUARANTEE_REPLACE),
                         traits("View", "replace", "view", QONDUIT_GUARANTEE_REPLACE),
                         traits("Truncate", "truncate", "", QONDUIT_GUARANTEE_REPLACE));

// The PostgreSQL sink keeps the promises of every sink, against a real server.
#include <qonduit/testing/sink_conformance.hpp>

#include <algorithm>
#include <utility>

#include "postgresql_server.hpp"

namespace {

namespace fs = std::filesystem;
using qonduit::postgresql::testing::PostgresqlServer;
using qonduit::testing::Cell;
using qonduit::testing::Rows;

// The database that stands for a test's folder: a schema of its own in one database.
std::string schema_of(const fs::path& folder) {
  static const auto database = PostgresqlServer::shared().new_database();
  const auto schema = folder.filename().string();
  static std::string last;
  if (std::exchange(last, schema) == schema) return schema;
  PostgresqlServer::shared().query(database, "CREATE SCHEMA IF NOT EXISTS \"" + schema + "\" AUTHORIZATION etl");
  return schema;
}

std::vector<std::string> tables(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& row :
       PostgresqlServer::shared().query("test1", "SELECT table_name FROM information_schema.tables WHERE table_schema = '" +
                                                     schema_of(folder) + "' AND table_name <> '_qonduit_deliveries' ORDER BY 1")) {
    names.push_back(*row[0]);
  }
  return names;
}

std::optional<Rows> read_back(const fs::path& folder, const qonduit::Schema& /*schema*/) {
  const auto there = tables(folder);
  if (std::find(there.begin(), there.end(), "out") == there.end()) return std::nullopt;
  return PostgresqlServer::shared().query("test1", "SELECT * FROM \"" + schema_of(folder) + "\".\"out\"");
}

// As PostgreSQL writes values: t and f, a space in moments, an interval of hours, and its own spelling of reals.
Cell cell(const qonduit::Field& field, const qonduit::ColumnView& column, std::int64_t row) {
  auto text = qonduit::testing::canonical_cell(field, column, row);
  if (!text) return text;
  switch (field.type) {
    case qonduit::Type::boolean: return *text == "true" ? "t" : "f";
    case qonduit::Type::float64: {
      if (*text == "nan") return "NaN";
      if (text->ends_with("inf")) return *text == "inf" ? "Infinity" : "-Infinity";
      const double value = column.float64(row), size = value < 0 ? -value : value;
      if (size != 0 && (size < 1e-4 || size >= 1e15)) return text;
      char digits[64];
      return std::string(digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr);
    }
    case qonduit::Type::timestamp: {
      std::replace(text->begin(), text->end(), 'T', ' ');
      while (text->back() == '0' && text->find('.') != std::string::npos) text->pop_back();
      if (text->back() == '.') text->pop_back();
      return text;
    }
    case qonduit::Type::duration: {
      const auto value = column.milliseconds(row);
      const auto size = value < 0 ? -value : value;
      char clock[64];
      std::snprintf(clock, sizeof clock, "%s%02lld:%02lld:%02lld", value < 0 ? "-" : "", static_cast<long long>(size / 3'600'000),
                    static_cast<long long>(size / 60'000 % 60), static_cast<long long>(size / 1000 % 60));
      std::string out = clock;
      if (size % 1000 == 0) return out;
      std::snprintf(clock, sizeof clock, ".%03lld", static_cast<long long>(size % 1000));
      out += clock;
      while (out.back() == '0') out.pop_back();
      return out;
    }
    default: return text;
  }
}

qonduit::testing::SinkTraits traits(const std::string& name, const std::string& mode, const std::string& method, std::uint32_t guarantees) {
  qonduit::testing::SinkTraits traits;
  traits.name = name;
  traits.plugin = POSTGRESQL_PLUGIN;
  traits.sink = "postgresql";
  traits.options = [mode, method](const fs::path& folder) {
    const auto schema = schema_of(folder);
    qonduit::testing::Options options = {{"url", PostgresqlServer::shared().url("test1")},
                                         {"password", PostgresqlServer::password()},
                                         {"schema", schema},
                                         {"table", "out"},
                                         {"mode", mode},
                                         {"schema-change", "evolve"}};
    if (!method.empty()) options.emplace_back("method", method);
    return options;
  };
  traits.read_back = read_back;
  traits.cell = cell;
  traits.leftovers = tables;
  traits.refused = {{{}, "url"},
                    {{{"url", "postgresql://u:secret@h/d"}}, "password"},
                    {{{"url", "host=h nonsense=1"}}, "nonsense"},
                    {{{"url", "host=h"}, {"mode", "merge"}}, "key"}};
  traits.guarantees = guarantees | QONDUIT_GUARANTEE_EXACTLY_ONCE;
  // Every connection of the role dies, and none is let in.
  traits.break_target = [](const fs::path&) {
    auto& server = PostgresqlServer::shared();
    server.query("postgres", "ALTER ROLE etl NOLOGIN");
    server.query("postgres", "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'etl'");
  };
  traits.heal_target = [](const fs::path&) { PostgresqlServer::shared().query("postgres", "ALTER ROLE etl LOGIN"); };
  return traits;
}

}  // namespace

QONDUIT_SINK_CONFORMANCE(Postgresql, traits("Append", "append", "", QONDUIT_GUARANTEE_APPEND),
                         traits("Rewrite", "replace", "rewrite", QONDUIT_GUARANTEE_REPLACE),
                         traits("Swap", "replace", "swap", QONDUIT_GUARANTEE_REPLACE),
                         traits("View", "replace", "view", QONDUIT_GUARANTEE_REPLACE),
                         traits("Truncate", "truncate", "", QONDUIT_GUARANTEE_REPLACE));

// What PostgreSQL's catalogue says of tables and of the role.
#include <qonduit/log.hpp>

#include "postgresql_database.hpp"

namespace qonduit::postgresql {
namespace {

// The relation of a name, in a FROM clause: c.
constexpr std::string_view kRelation =
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = $1 AND ";

std::string of_schema(const sql::TableName& table) {
  if (table.temporary) return "n.oid = pg_catalog.pg_my_temp_schema()";
  return table.schema.empty() ? "n.nspname = pg_catalog.current_schema()" : "n.nspname = $2";
}

sql::Params name_of(const sql::TableName& table) {
  sql::Params params = {table.table};
  if (!table.temporary && !table.schema.empty()) params.emplace_back(table.schema);
  return params;
}

}  // namespace

Result<std::optional<sql::TableInfo>> PostgresqlDatabase::describe(const sql::TableName& table) {
  auto relation =
      query("SELECT c.oid, c.relkind" + std::string(kRelation) + of_schema(table) + " AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
            name_of(table));
  if (!relation) return std::move(relation).error();
  if (relation->empty()) return std::optional<sql::TableInfo>();
  const auto oid = relation->front()[0];
  sql::TableInfo info;
  info.is_view = relation->front()[1] == "v" || relation->front()[1] == "m";
  auto columns = query(
      "SELECT attname, pg_catalog.format_type(atttypid, atttypmod), attnotnull, atthasdef OR attidentity <> '' OR attgenerated <> '' "
      "FROM pg_catalog.pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
      {oid});
  if (!columns) return std::move(columns).error();
  for (const auto& row : *columns) info.columns.push_back({*row[0], *row[1], row[2] == "f", row[3] == "t"});
  auto key = query(
      "SELECT a.attname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) "
      "WHERE i.indrelid = $1 AND i.indisprimary ORDER BY pg_catalog.array_position(i.indkey::int2[], a.attnum)",
      {oid});
  if (!key) return std::move(key).error();
  for (const auto& row : *key) info.primary_key.push_back(*row[0]);
  return std::optional(std::move(info));
}

Result<std::vector<std::string>> PostgresqlDatabase::dependents(const sql::TableName& table) {
  auto relation = query("SELECT c.oid" + std::string(kRelation) + of_schema(table), name_of(table));
  if (!relation) return std::move(relation).error();
  std::vector<std::string> found;
  if (relation->empty()) return found;
  auto rows = query(
      "SELECT DISTINCT 'view ' || r.ev_class::regclass FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid "
      "WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refobjid = $1::oid AND r.ev_class <> $1::oid "
      "UNION ALL SELECT 'foreign key ' || conname || ' of ' || conrelid::regclass FROM pg_catalog.pg_constraint "
      "WHERE contype = 'f' AND (confrelid = $1::oid OR conrelid = $1::oid) "
      "UNION ALL SELECT 'trigger ' || tgname FROM pg_catalog.pg_trigger WHERE tgrelid = $1::oid AND NOT tgisinternal "
      "UNION ALL SELECT 'policy ' || polname FROM pg_catalog.pg_policy WHERE polrelid = $1::oid "
      "UNION ALL SELECT 'partition ' || inhrelid::regclass FROM pg_catalog.pg_inherits WHERE inhparent = $1::oid "
      "UNION ALL SELECT 'grants' FROM pg_catalog.pg_class WHERE oid = $1::oid AND relacl IS NOT NULL",
      {relation->front()[0]});
  if (!rows) return std::move(rows).error();
  for (const auto& row : *rows) found.push_back(row[0].value_or(""));
  return found;
}

Status PostgresqlDatabase::check_target(const std::string& schema) {
  auto settings = query("SELECT current_setting('fsync'), current_setting('synchronous_commit')");
  if (!settings) return std::move(settings).error();
  if (settings->front()[0] == "off" || settings->front()[1] == "off") {
    log::warn("the server may lose commits when it crashes: fsync or synchronous_commit is off", {{"target", target()}});
  }
  auto rights = query(
      "SELECT nspname, pg_catalog.has_schema_privilege(oid, 'CREATE'), pg_catalog.has_schema_privilege(oid, 'USAGE') "
      "FROM pg_catalog.pg_namespace WHERE nspname = coalesce(nullif($1, ''), pg_catalog.current_schema())",
      {schema});
  if (!rights) return std::move(rights).error();
  if (rights->empty()) {
    return {Code::not_found, target() + " has no schema '" + schema + "' (create it, or set the option schema to one there is)"};
  }
  const auto& row = rights->front();
  if (row[2] == "t" && row[1] == "t") return {};
  return {Code::forbidden,
          "the role may not create tables in schema '" + row[0].value_or("") + "' of " + target() + "; GRANT USAGE, CREATE ON SCHEMA"};
}

}  // namespace qonduit::postgresql

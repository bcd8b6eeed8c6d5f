#include "mariadb_database.hpp"

#include <qonduit/text.hpp>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace qonduit::odbc {
namespace {

// The server's variables count seconds.
std::string seconds(std::int64_t milliseconds) { return std::to_string(std::max<std::int64_t>(1, (milliseconds + 999) / 1000)); }

constexpr std::string_view kSchema = "coalesce(nullif(?, ''), database())";

// The driver sends UTF-8 as it is; a savepoint of the same name takes the old one's place.
LoadStyle mariadb_style() {
  LoadStyle style;
  style.names = TypeNames::mariadb;
  style.wide = false;
  style.savepoint = "SAVEPOINT qonduit_chunk";
  style.rollback = "ROLLBACK TO SAVEPOINT qonduit_chunk";
  return style;
}

}  // namespace

MariadbDatabase::MariadbDatabase(const OdbcOptions& options) : MariadbDatabase(options, std::make_unique<MariadbDialect>()) {}

MariadbDatabase::MariadbDatabase(const OdbcOptions& options, std::unique_ptr<MariadbDialect> dialect)
    : OdbcDatabase(options, std::move(dialect), {meaning_in_mariadb, "CHARSET=utf8mb4", "", "", ""}, mariadb_style()),
      own_dialect_(static_cast<MariadbDialect&>(*dialect_)) {}

Status MariadbDatabase::set_up() {
  auto about = query("SELECT @@max_allowed_packet, @@version");
  if (!about) return std::move(about).error();
  const auto& server = about->front();
  style_.packet = std::strtoull(server[0].value_or("0").c_str(), nullptr, 10);
  const bool mysql = server[1].value_or("").find("MariaDB") == std::string::npos;
  own_dialect_.set_mysql(mysql);
  if (mysql && statement_timeout_ > 0)
    return {Code::unsupported, "statement-timeout: MySQL limits the time of queries only, not of inserts; set statement-timeout = 0ms"};
  std::vector<std::string> settings = {
      "SET time_zone = '+00:00'",
      "SET sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES,ERROR_FOR_DIVISION_BY_ZERO'",
      "SET innodb_lock_wait_timeout = " + seconds(lock_timeout_), "SET lock_wait_timeout = " + seconds(lock_timeout_)};
  if (statement_timeout_ > 0) {
    settings.push_back("SET max_statement_time = " + std::to_string(statement_timeout_ / 1000) + "." +
                       std::to_string(1000 + statement_timeout_ % 1000).substr(1));
  }
  return execute_all(settings);
}

Status MariadbDatabase::lock(const sql::TableName& table) {
  auto got = query("SELECT GET_LOCK(concat(database(), ?), " + seconds(lock_timeout_) + ")", {lock_name(table)});
  if (!got) return std::move(got).error();
  if (!got->empty() && got->front().front() == "1") return {};
  return {Code::timeout, "another host or sink delivers into '" + table.table + "' (raise lock-timeout, or give each a table of its own)"};
}

Status MariadbDatabase::unlock(const sql::TableName& table) {
  return query("SELECT RELEASE_LOCK(concat(database(), ?))", {lock_name(table)}).status();
}

Status MariadbDatabase::check_target(const std::string& schema) {
  auto found =
      query("SELECT schema_name FROM information_schema.schemata WHERE schema_name = coalesce(nullif(?, ''), database())", {schema});
  if (!found) return std::move(found).error();
  if (!found->empty()) return {};
  return {Code::not_found, target() + " has no database '" + schema + "' this user may see (create it, or name another)"};
}

Result<std::optional<sql::TableInfo>> MariadbDatabase::describe(const sql::TableName& table) {
  const std::string where = "table_schema = coalesce(nullif(?, ''), database()) AND table_name = ?";
  const sql::Params name = {table.schema, table.table};
  auto found = query("SELECT table_type FROM information_schema.tables WHERE " + where, name);
  if (!found) return std::move(found).error();
  if (found->empty()) return std::optional<sql::TableInfo>();
  sql::TableInfo info;
  info.is_view = found->front().front() == "VIEW";
  auto columns = query(
      "SELECT column_name, column_type, is_nullable, coalesce(column_default, 'NULL') <> 'NULL' OR extra <> '' "
      "FROM information_schema.columns WHERE " +
          where + " ORDER BY ordinal_position",
      name);
  if (!columns) return std::move(columns).error();
  for (const auto& row : *columns) info.columns.push_back({row[0].value_or(""), row[1].value_or(""), row[2] == "YES", row[3] == "1"});
  auto key = query("SELECT column_name FROM information_schema.key_column_usage WHERE " + where +
                       " AND constraint_name = 'PRIMARY' ORDER BY ordinal_position",
                   name);
  if (!key) return std::move(key).error();
  for (const auto& row : *key) info.primary_key.push_back(row[0].value_or(""));
  return std::optional(std::move(info));
}

Result<std::vector<std::string>> MariadbDatabase::dependents(const sql::TableName& table) {
  std::vector<std::string> found;
  const auto schema = std::string(kSchema);
  // A view's definition names tables with their database: a column of the table's name is none.
  auto status = add_names(found, "view",
                          "SELECT table_name FROM information_schema.views WHERE locate(concat('`', replace(" + schema +
                              ", '`', '``'), '`.`', replace(?, '`', '``'), '`'), view_definition) > 0",
                          {table.schema, table.table});
  if (!status.ok()) return status;
  status = add_names(found, "foreign key",
                     "SELECT concat(constraint_name, ' of ', table_name) FROM information_schema.referential_constraints "
                     "WHERE constraint_schema = " +
                         schema + " AND ? IN (referenced_table_name, table_name)",
                     {table.schema, table.table});
  if (!status.ok()) return status;
  status = add_names(
      found, "trigger",
      "SELECT trigger_name FROM information_schema.triggers WHERE event_object_schema = " + schema + " AND event_object_table = ?",
      {table.schema, table.table});
  if (!status.ok()) return status;
  return found;
}

}  // namespace qonduit::odbc

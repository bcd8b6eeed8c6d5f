#include "sqlserver_database.hpp"

#include <utility>

#include "sqlserver_dialect.hpp"

namespace qonduit::odbc {
namespace {

const std::string kObject = "o.name = ? AND o.schema_id = COALESCE(SCHEMA_ID(NULLIF(?, N'')), SCHEMA_ID())";

// Transactions by statements: in ODBC's own, SAVE TRANSACTION as their first statement fails.
ServerTraits sqlserver_traits() {
  ServerTraits traits;
  traits.meaning = meaning_in_sqlserver;
  traits.charset = "ClientCharset=UTF-8";  // FreeTDS; Microsoft's driver passes over it
  traits.begin = "BEGIN TRANSACTION";
  traits.commit = "COMMIT TRANSACTION";
  traits.rollback = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION";
  return traits;
}

LoadStyle sqlserver_style() {
  LoadStyle style;
  style.names = TypeNames::sqlserver;
  style.savepoint = "SAVE TRANSACTION qonduit_chunk";
  style.rollback = "ROLLBACK TRANSACTION qonduit_chunk";
  return style;
}

}  // namespace

SqlserverDatabase::SqlserverDatabase(const OdbcOptions& options)
    : OdbcDatabase(options, std::make_unique<SqlserverDialect>(), sqlserver_traits(), sqlserver_style()) {}

// Without ANSI_WARNINGS texts that are too long would be cut in silence. XACT_ABORT would end the transaction with the first refused row.
Status SqlserverDatabase::set_up() {
  const auto product = connection_.about(SQL_DBMS_NAME);
  if (product.find("SQL Server") == std::string::npos)
    return {Code::invalid_config, "dialect: sqlserver is not for " + (product.empty() ? target() : "'" + product + "'") + "; set another"};
  connection_.set_timeout(std::chrono::milliseconds(statement_timeout_));
  return execute_all({"SET ANSI_WARNINGS ON", "SET ANSI_NULLS ON", "SET QUOTED_IDENTIFIER ON", "SET ARITHABORT ON", "SET XACT_ABORT OFF",
                      "SET NOCOUNT OFF", "SET LOCK_TIMEOUT " + std::to_string(lock_timeout_)});
}

Status SqlserverDatabase::lock(const sql::TableName& table) {
  auto got =
      query("DECLARE @got int; EXEC @got = sp_getapplock @Resource = N'" + lock_name(table) +
            "', @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = " + std::to_string(lock_timeout_) + "; SELECT @got");
  if (!got) return std::move(got).error();
  const bool held = !got->empty() && (got->front().front() == "0" || got->front().front() == "1");
  if (held) return {};
  return {Code::timeout, "another host or sink delivers into '" + table.table + "' (raise lock-timeout, or give each a table of its own)"};
}

Status SqlserverDatabase::unlock(const sql::TableName& table) {
  return execute("EXEC sp_releaseapplock @Resource = N'" + lock_name(table) + "', @LockOwner = N'Session'").status();
}

Status SqlserverDatabase::check_target(const std::string& schema) {
  auto found = query("SELECT name FROM sys.schemas WHERE name = COALESCE(NULLIF(?, N''), SCHEMA_NAME())", {schema});
  if (!found) return std::move(found).error();
  if (!found->empty()) return {};
  return {Code::not_found, target() + " has no schema '" + schema + "' this user may see (create it, or name another)"};
}

// Lengths of nvarchar are counted in bytes there, -1 being max.
Result<std::optional<sql::TableInfo>> SqlserverDatabase::describe(const sql::TableName& table) {
  const sql::Params name = {table.table, table.schema};
  auto found = query("SELECT o.type FROM sys.objects AS o WHERE o.type IN ('U', 'V') AND " + kObject, name);
  if (!found) return std::move(found).error();
  if (found->empty()) return std::optional<sql::TableInfo>();
  sql::TableInfo info;
  info.is_view = found->front().front().value_or("").starts_with('V');
  auto columns = query(
      "SELECT c.name, t.name + CASE "
      "WHEN t.name IN ('nvarchar', 'nchar') THEN '(' + COALESCE(CAST(NULLIF(c.max_length, -1) / 2 AS varchar(10)), 'max') + ')' "
      "WHEN t.name IN ('varchar', 'char', 'varbinary', 'binary') THEN "
      "'(' + COALESCE(CAST(NULLIF(c.max_length, -1) AS varchar(10)), 'max') + ')' "
      "WHEN t.name IN ('decimal', 'numeric') THEN '(' + CAST(c.precision AS varchar(10)) + ',' + CAST(c.scale AS varchar(10)) + ')' "
      "WHEN t.name IN ('datetime2', 'time', 'datetimeoffset') THEN '(' + CAST(c.scale AS varchar(10)) + ')' "
      "WHEN t.name = 'float' THEN '(' + CAST(c.precision AS varchar(10)) + ')' ELSE '' END "
      "+ COALESCE(' COLLATE ' + c.collation_name, ''), "
      "c.is_nullable, CASE WHEN c.default_object_id <> 0 OR c.is_identity = 1 OR c.is_computed = 1 THEN 1 ELSE 0 END "
      "FROM sys.columns AS c JOIN sys.objects AS o ON o.object_id = c.object_id JOIN sys.types AS t ON t.user_type_id = c.user_type_id "
      "WHERE " +
          kObject + " ORDER BY c.column_id",
      name);
  if (!columns) return std::move(columns).error();
  for (const auto& row : *columns) info.columns.push_back({row[0].value_or(""), row[1].value_or(""), row[2] == "1", row[3] == "1"});
  auto key = query(
      "SELECT c.name FROM sys.indexes AS i JOIN sys.objects AS o ON o.object_id = i.object_id "
      "JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id "
      "JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE i.is_primary_key = 1 AND " +
          kObject + " ORDER BY k.key_ordinal",
      name);
  if (!key) return std::move(key).error();
  for (const auto& row : *key) info.primary_key.push_back(row[0].value_or(""));
  return std::optional(std::move(info));
}

Result<std::vector<std::string>> SqlserverDatabase::dependents(const sql::TableName& table) {
  std::vector<std::string> found;
  const sql::Params name = {table.table, table.schema};
  auto status = add_names(found, "object",
                          "SELECT OBJECT_SCHEMA_NAME(d.referencing_id) + N'.' + OBJECT_NAME(d.referencing_id) "
                          "FROM sys.sql_expression_dependencies AS d JOIN sys.objects AS o ON o.object_id = d.referenced_id WHERE " +
                              kObject,
                          name);
  if (!status.ok()) return status;
  status = add_names(found, "foreign key",
                     "SELECT f.name FROM sys.foreign_keys AS f JOIN sys.objects AS o ON o.object_id IN (f.parent_object_id, "
                     "f.referenced_object_id) WHERE " +
                         kObject,
                     name);
  if (!status.ok()) return status;
  status = add_names(found, "trigger",
                     "SELECT r.name FROM sys.triggers AS r JOIN sys.objects AS o ON o.object_id = r.parent_id WHERE " + kObject, name);
  if (!status.ok()) return status;
  status = add_names(found, "grant to",
                     "SELECT USER_NAME(p.grantee_principal_id) FROM sys.database_permissions AS p JOIN sys.objects AS o ON "
                     "p.class = 1 AND o.object_id = p.major_id WHERE " +
                         kObject,
                     name);
  if (!status.ok()) return status;
  return found;
}

}  // namespace qonduit::odbc

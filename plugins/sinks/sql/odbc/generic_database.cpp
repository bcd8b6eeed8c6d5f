#include "generic_database.hpp"

#include <array>
#include <utility>

#include "generic_dialect.hpp"
#include "wide_text.hpp"

namespace qonduit::odbc {
namespace {

// The type as CREATE TABLE would say it: by ODBC's code where the code is a type of the standard, by the driver's name otherwise.
std::string type_text(SQLSMALLINT code, const std::string& name, SQLULEN size, SQLSMALLINT digits) {
  const auto sized = [](const std::string& type, std::size_t number) { return type + "(" + std::to_string(number) + ")"; };
  const auto fraction = static_cast<std::size_t>(digits < 0 ? 0 : digits);
  switch (code) {
    case SQL_BIGINT: return "BIGINT";
    case SQL_INTEGER: return "INTEGER";
    case SQL_SMALLINT: return "SMALLINT";
    case SQL_DOUBLE: return "DOUBLE PRECISION";
    // Of so many bits, or decimal digits: four bytes are 24 bits or 7 digits.
    case SQL_FLOAT: return size == 24 || size == 7 ? "REAL" : "DOUBLE PRECISION";
    case SQL_REAL: return "REAL";
    case SQL_BIT: return "BOOLEAN";
    case SQL_DECIMAL:
    case SQL_NUMERIC: return "DECIMAL(" + std::to_string(size) + "," + std::to_string(digits) + ")";
    case SQL_TYPE_DATE: return "DATE";
    case SQL_TYPE_TIMESTAMP:
      // "timestamptz", "timestamp with time zone" are types of the user's own.
      return name.find("tz") == std::string::npos && name.find("with time zone") == std::string::npos ? sized("TIMESTAMP", fraction) : name;
    case SQL_TYPE_TIME: return name.find("tz") == std::string::npos ? sized("TIME", fraction) : name;
    default: break;
  }
  const bool texts = code == SQL_VARCHAR || code == SQL_WVARCHAR || code == SQL_LONGVARCHAR || code == SQL_WLONGVARCHAR;
  // Texts of any length, under a name of their own, have a size that means nothing.
  const bool bounded = name.find("var") != std::string::npos || name.find("VAR") != std::string::npos;
  return texts && bounded && size > 0 ? sized("VARCHAR", size) : name;
}

std::string attribute(SQLHANDLE statement, SQLUSMALLINT column, SQLUSMALLINT which) {
  std::array<SQLWCHAR, 300> text{};
  SQLSMALLINT bytes = 0;
  if (!SQL_SUCCEEDED(SQLColAttributeW(statement, column, which, text.data(), static_cast<SQLSMALLINT>(sizeof text - sizeof(SQLWCHAR)),
                                      &bytes, nullptr)))
    return {};
  std::size_t units = 0;
  while (text[units] != 0) ++units;
  return narrow(text.data(), units);
}

// Savepoints pile up until they are released.
LoadStyle generic_style() {
  LoadStyle style;
  style.names = TypeNames::standard;
  return style;
}

}  // namespace

GenericDatabase::GenericDatabase(const OdbcOptions& options)
    : OdbcDatabase(options, std::make_unique<GenericDialect>(), {}, generic_style()),
      lock_({options.connection, options.user, options.password}, {}, *dialect_, options.schema, options.lock_timeout) {}

Status GenericDatabase::set_up() {
  const auto product = connection_.about(SQL_DBMS_NAME);
  for (const auto& [known, dialect] : {std::pair{"MariaDB", "mariadb"}, {"MySQL", "mariadb"}, {"SQL Server", "sqlserver"}}) {
    if (product.find(known) != std::string::npos)
      return {Code::invalid_config, "dialect: generic is not for '" + product + "'; set dialect = " + dialect};
  }
  const auto mark = connection_.about(SQL_IDENTIFIER_QUOTE_CHAR);
  if (mark != "\"") return {Code::unsupported, "dialect: generic quotes names with \", and '" + product + "' wants '" + mark + "'"};
  if (statement_timeout_ > 0) connection_.set_timeout(std::chrono::milliseconds(statement_timeout_));
  return look_for_savepoints();
}

// There is no call that tells: it is tried, in a transaction that is taken back.
Status GenericDatabase::look_for_savepoints() {
  if (auto status = connection_.begin(); !status.ok()) return status;
  const auto savepoint = dialect_->savepoint("qonduit_chunk"), release = dialect_->release("qonduit_chunk");
  const bool understood = execute(savepoint).status().ok() && execute(release).status().ok();
  style_.savepoint = understood ? savepoint : std::string();
  style_.rollback = understood ? dialect_->rollback_to("qonduit_chunk") : std::string();
  style_.release = understood ? release : std::string();
  return connection_.end(false);
}

Status GenericDatabase::lock(const sql::TableName& table) {
  auto status = lock_.lock(lock_name(table));
  if (status.code() != Code::timeout) return status;
  return {Code::timeout, "another host or sink delivers into '" + table.table +
                             "' (raise lock-timeout, or give each a table of its own): " + status.message()};
}

Status GenericDatabase::commit() {
  if (auto status = lock_.check(); !status.ok()) {
    static_cast<void>(rollback());
    return status;
  }
  return OdbcDatabase::commit();
}

Status GenericDatabase::check_target(const std::string& schema) {
  if (schema.empty()) return {};
  auto statement = connection_.statement();
  if (!statement) return std::move(statement).error();
  auto none = wide(""), all = wide(SQL_ALL_SCHEMAS);
  const auto code = SQLTablesW(statement->get(), none.data(), 0, all.data(), SQL_NTS, none.data(), 0, none.data(), 0);
  if (auto status = connection_.check(code, SQL_HANDLE_STMT, statement->get(), "list schemas"); !status.ok()) return status;
  sql::TextRows rows;
  if (auto status = fetch_rows(connection_, statement->get(), "list schemas", rows); !status.ok()) return status;
  for (const auto& row : rows) {
    if (row[1] == schema) return {};
  }
  return {Code::not_found, target() + " has no schema '" + schema + "' this user may see (create it, or name another)"};
}

// An empty result has the columns, and the name is looked up as every statement does it.
Result<std::optional<sql::TableInfo>> GenericDatabase::describe(const sql::TableName& table) {
  auto statement = connection_.statement();
  if (!statement) return std::move(statement).error();
  auto* handle = statement->get();
  auto text = wide("SELECT * FROM " + dialect_->qualified(table) + " WHERE 1 = 0");
  auto status = connection_.check(SQLExecDirectW(handle, text.data(), SQL_NTS), SQL_HANDLE_STMT, handle, "look at '" + table.table + "'");
  if (status.code() == Code::not_found) return std::optional<sql::TableInfo>();
  if (!status.ok()) return status;
  sql::TableInfo info;
  SQLSMALLINT columns = 0;
  SQLNumResultCols(handle, &columns);
  for (SQLUSMALLINT column = 1; column <= columns; ++column) {
    std::array<SQLWCHAR, 300> name{};
    SQLSMALLINT size = 0, code = 0, digits = 0, nullable = 0;
    SQLULEN length = 0;
    status = connection_.check(
        SQLDescribeColW(handle, column, name.data(), static_cast<SQLSMALLINT>(name.size()), &size, &code, &length, &digits, &nullable),
        SQL_HANDLE_STMT, handle, "look at the columns of '" + table.table + "'");
    if (!status.ok()) return status;
    // Defaults are not told: a column that needs a value refuses the rows itself.
    info.columns.push_back({narrow(name.data(), static_cast<std::size_t>(size)),
                            type_text(code, attribute(handle, column, SQL_DESC_TYPE_NAME), length, digits), nullable != SQL_NO_NULLS,
                            false});
  }
  statement->reset();
  auto view = is_view(table);
  if (!view) return std::move(view).error();
  info.is_view = *view;
  info.primary_key = primary_key(table);
  return std::optional(std::move(info));
}

Result<bool> GenericDatabase::is_view(const sql::TableName& table) {
  auto statement = connection_.statement();
  if (!statement) return std::move(statement).error();
  auto schema = wide(table.schema), type = wide("VIEW");
  auto* const any = table.schema.empty() ? nullptr : schema.data();
  const auto code = SQLTablesW(statement->get(), nullptr, 0, any, SQL_NTS, nullptr, 0, type.data(), SQL_NTS);
  if (auto status = connection_.check(code, SQL_HANDLE_STMT, statement->get(), "list views"); !status.ok()) return status;
  sql::TextRows rows;
  if (auto status = fetch_rows(connection_, statement->get(), "list views", rows); !status.ok()) return status;
  for (const auto& row : rows) {
    if (row[2] == table.table && (table.schema.empty() || row[1] == table.schema)) return true;
  }
  return false;
}

// Empty also where the driver does not tell.
std::vector<std::string> GenericDatabase::primary_key(const sql::TableName& table) {
  auto statement = connection_.statement();
  if (!statement) return {};
  auto schema = wide(table.schema), name = wide(table.table);
  auto* const any = table.schema.empty() ? nullptr : schema.data();
  sql::TextRows rows;
  if (!SQL_SUCCEEDED(SQLPrimaryKeysW(statement->get(), nullptr, 0, any, SQL_NTS, name.data(), SQL_NTS)) ||
      !fetch_rows(connection_, statement->get(), "list keys", rows).ok())
    return {};
  std::vector<std::string> columns;
  for (const auto& row : rows) columns.push_back(row[3].value_or(""));
  return columns;
}

Result<std::vector<std::string>> GenericDatabase::dependents(const sql::TableName& /*table*/) {
  return Status(Code::unsupported, "ODBC does not tell what hangs on a table; use method = rewrite, or view");
}

}  // namespace qonduit::odbc

#include "sqlite_file.hpp"

#include <utility>

namespace qonduit::queue {
namespace {

constexpr int kBusy = 1000;  // ms that another process is waited for

}  // namespace

Status SqliteFile::open() {
  if (connection_) return {};
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
  connection_.reset(connection);
  if (code != SQLITE_OK) return failure(code);
  sqlite3_busy_timeout(connection, kBusy);
  auto status = run("PRAGMA journal_mode = WAL");
  return status.ok() ? run("PRAGMA synchronous = FULL") : status;
}

Status SqliteFile::failure(int code) const {
  const std::string words = connection_ ? sqlite3_errmsg(connection_.get()) : sqlite3_errstr(code);
  const auto primary = code & 0xFF;
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
    return {Code::unavailable, name() + " is in use by another delivery of the same dataset: " + words};
  if (primary == SQLITE_CANTOPEN) return {Code::io, name() + ": " + words + "; state-directory must exist and be writable"};
  const bool is_damaged = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
  return {is_damaged ? Code::bad_data : Code::io, name() + ": " + words};
}

Status SqliteFile::run(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Status() : failure(code);
}

Result<SqliteFile::Statement> SqliteFile::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(connection_.get(), sql, -1, &statement, nullptr);
  if (code != SQLITE_OK) return failure(code);
  return Statement(statement);
}

Result<int> SqliteFile::step(Statement& statement) {
  const int code = sqlite3_step(statement.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) return failure(code);
  return code;
}

Result<std::int64_t> SqliteFile::number(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return std::move(statement).error();
  auto stepped = step(*statement);
  if (!stepped) return std::move(stepped).error();
  return *stepped == SQLITE_ROW ? sqlite3_column_int64(statement->get(), 0) : 0;
}

void bind_blob(const SqliteFile::Statement& statement, int at, std::string_view value) {
  sqlite3_bind_blob64(statement.get(), at, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC);
}

std::string_view blob(const SqliteFile::Statement& statement, int column) {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement.get(), column));
  return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement.get(), column))};
}

}  // namespace qonduit::queue

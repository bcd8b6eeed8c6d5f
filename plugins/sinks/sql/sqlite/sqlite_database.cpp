#include "sqlite_database.hpp"

#include <qonduit/context.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "plugins/sinks/names/folded_name.hpp"

namespace qonduit::sqlite {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

Code code_of(int result) {
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Code::timeout;
    case SQLITE_INTERRUPT: return Code::timeout;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return Code::bad_data;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH: return Code::forbidden;
    case SQLITE_CANTOPEN: return Code::not_found;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Code::io;
    default: return Code::internal;
  }
}

std::string_view advice(int result) {
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process, pipeline or sink writes into it; raise lock-timeout, deliver one after the other, or give each a file of "
             "its own";
    case SQLITE_INTERRUPT: return "it took longer than statement-timeout, or was told to stop";
    case SQLITE_CANTOPEN: return "is it a file, and may qonduit write it and beside it?";
    default: return {};
  }
}

std::string_view words_of(sqlite3* connection, int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL: return "the disk is full";
    case SQLITE_NOTADB: return "the file is no SQLite database";
    default: return connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection);
  }
}

}  // namespace

Status failure_of(sqlite3* connection, int code, std::string_view what, std::string_view file) {
  auto text = "cannot " + std::string(what);
  if (!file.empty()) text.append(" '").append(file).append("'");
  text.append(": ").append(words_of(connection, code)).append(" (SQLite ").append(std::to_string(code)).append(")");
  if (const auto more = advice(code); !more.empty()) text.append("; ").append(more);
  return {code_of(code), std::move(text)};
}

SqliteDatabase::SqliteDatabase(const SqliteOptions& options)
    : file_(options.file),
      journal_(options.journal),
      synchronous_(options.synchronous),
      lock_timeout_(static_cast<int>(options.lock_timeout.count())),
      statement_timeout_(options.statement_timeout.count()) {}

std::string SqliteDatabase::identity() const { return names::one_path(file_); }

Status SqliteDatabase::failure(int code, std::string_view what) const { return failure_of(connection_.get(), code, what, file_); }

// SQLite's own words name no folder.
Status SqliteDatabase::check_folder() const {
  auto folder = std::filesystem::path(file_).parent_path();
  if (folder.empty()) folder = ".";
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
  if (errno == ENOENT) return {Code::not_found, "the folder of '" + file_ + "' is not there; create it, or correct file"};
  return {Code::forbidden,
          "the folder of '" + file_ + "' cannot be written: " + std::strerror(errno) + " (SQLite keeps its log beside the file)"};
}

Status SqliteDatabase::open(int flags, const std::string& file) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &opened, flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<sqlite3, Close> connection(opened);
  if (code != SQLITE_OK) return failure_of(opened, code, "open", file_);
  connection_ = std::move(connection);
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_busy_handler(opened, &wait_for_lock, this);
  // A view or trigger of a file somebody else wrote runs no function with side effects; a name in quotes is a column, never a text.
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  return {};
}

bool SqliteDatabase::told_to_stop() const { return !committing_ && Context::current().cancelled(); }

// Somebody else writes to the file: tried again, at most 100 ms apart, up to lock-timeout.
int SqliteDatabase::wait_for_lock(void* self, int tries) noexcept {
  auto& database = *static_cast<SqliteDatabase*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (tries == 0) database.waits_since_ = now;
  const auto left = std::chrono::milliseconds(database.lock_timeout_) - (now - database.waits_since_);
  if (left.count() <= 0 || database.told_to_stop()) return 0;
  const std::chrono::milliseconds pause(std::min(1 << std::min(tries, 7), 100));
  std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(pause, left));
  return 1;
}

// A file that is not there is an empty database, which is looked at in memory. One that is there keeps its journal mode.
Status SqliteDatabase::look() {
  if (connected()) return {};
  disconnect();
  if (auto status = check_folder(); !status.ok()) return status;
  looking_ = true;
  std::error_code error;
  return std::filesystem::exists(file_, error) ? open(0, file_) : open(SQLITE_OPEN_MEMORY, ":memory:");
}

Status SqliteDatabase::connect() {
  if (connected()) return {};
  disconnect();
  if (auto status = check_folder(); status.code() == Code::not_found) return status;
  if (auto status = open(SQLITE_OPEN_CREATE, file_); !status.ok()) return status;
  for (const auto* pragma : {journal_ == Journal::wal ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE",
                             synchronous_ == Synchronous::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                             "PRAGMA foreign_keys = ON", "PRAGMA temp_store = FILE"}) {
    auto status = query(pragma).status();
    if (status.ok()) continue;
    disconnect();
    return status;
  }
  return {};
}

void SqliteDatabase::disconnect() noexcept {
  loader_.reset();
  connection_.reset();
  looking_ = false;
}

Status SqliteDatabase::run(const std::string& sql, const sql::Params& params, sql::TextRows* rows) {
  if (!connection_) return {Code::unavailable, "'" + file_ + "' is not open"};
  auto* connection = connection_.get();
  sqlite3_stmt* prepared = nullptr;
  int code = sqlite3_prepare_v2(connection, sql.c_str(), static_cast<int>(sql.size()) + 1, &prepared, nullptr);
  const Statement statement(prepared);
  if (code != SQLITE_OK) return failure(code, "use");
  for (std::size_t i = 0; i < params.size(); ++i) {
    const auto index = static_cast<int>(i) + 1;
    code = params[i] ? sqlite3_bind_text64(prepared, index, params[i]->c_str(), params[i]->size(), SQLITE_STATIC, SQLITE_UTF8)
                     : sqlite3_bind_null(prepared, index);
    if (code != SQLITE_OK) return failure(code, "use");
  }
  using Clock = std::chrono::steady_clock;
  const auto limit = statement_timeout_ > 0 ? Clock::now() + std::chrono::milliseconds(statement_timeout_) : Clock::time_point::max();
  auto goes_on = [this, limit] { return Clock::now() <= limit && !told_to_stop(); };
  sqlite3_progress_handler(
      connection, 10'000, [](void* asked) { return (*static_cast<decltype(goes_on)*>(asked))() ? 0 : 1; }, &goes_on);
  while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
    if (rows == nullptr) continue;
    rows->emplace_back();
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, i));
      rows->back().push_back(
          text == nullptr ? std::nullopt : std::optional(std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(prepared, i)))));
    }
  }
  sqlite3_progress_handler(connection, 0, nullptr, nullptr);
  return code == SQLITE_DONE ? Status() : failure(code, looking_ ? "read" : "write to");
}

Result<std::uint64_t> SqliteDatabase::execute(const std::string& sql, const sql::Params& params) {
  if (auto status = run(sql, params, nullptr); !status.ok()) return status;
  return static_cast<std::uint64_t>(sqlite3_changes64(connection_.get()));
}

Result<sql::TextRows> SqliteDatabase::query(const std::string& sql, const sql::Params& params) {
  sql::TextRows rows;
  if (auto status = run(sql, params, &rows); !status.ok()) return status;
  return rows;
}

Status SqliteDatabase::commit() {
  committing_ = true;
  auto status = execute("COMMIT").status();
  committing_ = false;
  return status;
}

// A failure inside a transaction may have ended it already.
Status SqliteDatabase::rollback() {
  if (!connected() || sqlite3_get_autocommit(connection_.get()) != 0) return {};
  return execute("ROLLBACK").status();
}

Status SqliteDatabase::begin_load(const sql::TableName& table, const std::vector<sql::LoadColumn>& columns) {
  std::string names, values;
  for (const auto& column : columns) {
    names += (names.empty() ? "" : ", ") + dialect_.quote(column.name);
    values += values.empty() ? "?" : ", ?";
  }
  auto loader = SqliteLoader::prepare(connection_.get(),
                                      "INSERT INTO " + dialect_.qualified(table) + " (" + names + ") VALUES (" + values + ")", columns);
  if (!loader) return std::move(loader).error();
  // One transaction for all rows, also where the caller has none: staging tables are filled outside of the delivery's.
  own_transaction_ = sqlite3_get_autocommit(connection_.get()) != 0;
  if (own_transaction_) {
    if (auto status = execute("BEGIN").status(); !status.ok()) return status;
  }
  loader_ = std::move(*loader);
  refusal_.reset();
  return {};
}

Status SqliteDatabase::load(const BatchView& batch, std::int64_t first, std::int64_t last) { return loader_->load(batch, first, last); }

Result<std::uint64_t> SqliteDatabase::end_load() {
  const auto rows = loader_->rows();
  loader_.reset();
  if (!own_transaction_) return rows;
  own_transaction_ = false;
  if (auto status = commit(); !status.ok()) return status;
  return rows;
}

void SqliteDatabase::cancel_load() noexcept {
  if (!loader_) return;
  try {
    refusal_ = loader_->refusal();
    loader_.reset();
    if (own_transaction_) static_cast<void>(rollback());
  } catch (...) {
    // Out of memory while rolling back: closing the connection does it too.
    disconnect();
  }
  own_transaction_ = false;
}

}  // namespace qonduit::sqlite

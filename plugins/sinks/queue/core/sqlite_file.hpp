// A SQLite file of a change feed: opened, asked, and its failures in words. One thread.
#pragma once

#include <sqlite3.h>
#include <qonduit/status.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace qonduit::queue {

class SqliteFile {
 public:
  struct Close {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  // called: what it is in messages, "the state".
  SqliteFile(std::string called, std::string path) : called_(std::move(called)), path_(std::move(path)) {}

  // Opens the file, or makes it, where it is not open. What is committed is durable. io: the folder; bad_data: damaged.
  Status open();
  void close() noexcept { connection_.reset(); }
  [[nodiscard]] bool is_open() const { return connection_ != nullptr; }

  Status run(const char* sql);
  // Without a word about failures, for what has nobody to tell.
  void try_to_run(const char* sql) noexcept { sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr); }
  Result<Statement> prepare(const char* sql);
  // SQLITE_ROW or SQLITE_DONE; otherwise the failure.
  Result<int> step(Statement& statement);
  // The first cell of the first row; 0 when there is none.
  Result<std::int64_t> number(const char* sql);

  // unavailable: another process has it; bad_data: damaged; io.
  [[nodiscard]] Status failure(int code) const;
  [[nodiscard]] Status damaged(const std::string& what) const { return {Code::bad_data, name() + " " + what}; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  [[nodiscard]] std::string name() const { return called_ + " '" + path_ + "'"; }

  std::string called_, path_;
  std::unique_ptr<sqlite3, Close> connection_;
};

// The value stays with the caller until the statement has been stepped. An empty one is no null.
void bind_blob(const SqliteFile::Statement& statement, int at, std::string_view value);
std::string_view blob(const SqliteFile::Statement& statement, int column);

}  // namespace qonduit::queue

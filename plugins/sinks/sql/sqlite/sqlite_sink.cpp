#include "sqlite_sink.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "sqlite_database.hpp"
#include "sqlite_dialect.hpp"

namespace qonduit::sqlite {

Result<std::unique_ptr<SqliteSink>> SqliteSink::create(const SqliteOptions& options) {
  const auto refused = [](std::string why) { return Status(Code::invalid_config, std::move(why)); };
  if (options.file.empty()) return refused("file: is empty");
  if (!options.schema.empty()) return refused("schema: a SQLite file has one only; leave it out");
  if (!options.staging.empty()) return refused("staging: a SQLite file has one schema only, and stages in temporary tables");
  if (auto status = check(options, SqliteDialect()); !status.ok()) return status;
  auto database = std::make_unique<SqliteDatabase>(options);
  return std::make_unique<SqliteSink>(options, std::move(database));
}

Status SqliteSink::probe() {
  auto folder = std::filesystem::path(file_).parent_path();
  if (folder.empty()) folder = ".";
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    return {errno == ENOENT ? Code::not_found : Code::forbidden,
            "the folder of '" + file_ + "' cannot be written: " + std::strerror(errno) + " (SQLite keeps its log beside the file)"};
  }
  if (!std::filesystem::exists(file_)) return {};
  sqlite3* opened = nullptr;
  int code = sqlite3_open_v2(file_.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection(opened, sqlite3_close);
  if (code == SQLITE_OK) code = sqlite3_exec(opened, "PRAGMA schema_version", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure_of(opened, code, "open", file_);
  if (sqlite3_db_readonly(opened, "main") == 1) return {Code::forbidden, "the file '" + file_ + "' cannot be written"};
  return {};
}

}  // namespace qonduit::sqlite

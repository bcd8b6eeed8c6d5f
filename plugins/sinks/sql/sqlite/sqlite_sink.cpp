#include "sqlite_sink.hpp"

#include <utility>

#include "sqlite_database.hpp"
#include "sqlite_dialect.hpp"

namespace qonduit::sqlite {

Result<std::unique_ptr<SqliteSink>> SqliteSink::create(const SqliteOptions& options) {
  const auto refused = [](std::string why) { return Status(Code::invalid_config, std::move(why)); };
  if (options.file.empty()) return refused("file: is empty");
  if (options.file == ":memory:") return refused("file: a database in memory is gone when the run ends; name a file");
  if (!options.schema.empty()) return refused("schema: a SQLite file has one only; leave it out");
  if (!options.staging.empty()) return refused("staging: a SQLite file has one schema only, and stages in temporary tables");
  if (auto status = check(options, SqliteDialect()); !status.ok()) return status;
  auto database = std::make_unique<SqliteDatabase>(options);
  return std::make_unique<SqliteSink>(options, std::move(database));
}

}  // namespace qonduit::sqlite

// The sink over a SQLite file.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "plugins/sinks/sql/core/sql_sink.hpp"
#include "sqlite_options.hpp"

namespace qonduit::sqlite {

class SqliteSink final : public sql::SqlSink {
 public:
  static Result<std::unique_ptr<SqliteSink>> create(const SqliteOptions& options);
  SqliteSink(const SqliteOptions& options, std::unique_ptr<sql::Database> database) : SqlSink(options, std::move(database)) {}
};

}  // namespace qonduit::sqlite

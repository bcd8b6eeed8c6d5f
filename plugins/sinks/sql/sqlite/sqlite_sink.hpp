// The sink over a SQLite file.
#pragma once

#include <memory>

#include "plugins/sinks/sql/core/sql_sink.hpp"
#include "sqlite_options.hpp"

namespace qonduit::sqlite {

class SqliteSink final : public sql::SqlSink {
 public:
  using SqlSink::SqlSink;
  static Result<std::unique_ptr<SqliteSink>> create(SqliteOptions options);
};

}  // namespace qonduit::sqlite

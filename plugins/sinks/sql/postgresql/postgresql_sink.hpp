// The sink over a PostgreSQL database.
#pragma once

#include <memory>

#include "plugins/sinks/sql/core/sql_sink.hpp"
#include "postgresql_options.hpp"

namespace qonduit::postgresql {

class PostgresqlSink final : public sql::SqlSink {
 public:
  using SqlSink::SqlSink;
  static Result<std::unique_ptr<PostgresqlSink>> create(PostgresqlOptions options);
};

}  // namespace qonduit::postgresql

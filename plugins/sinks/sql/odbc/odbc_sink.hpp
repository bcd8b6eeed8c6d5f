// The sink over an ODBC connection.
#pragma once

#include <memory>

#include "odbc_options.hpp"
#include "plugins/sinks/sql/core/sql_sink.hpp"

namespace qonduit::odbc {

class OdbcSink final : public sql::SqlSink {
 public:
  using SqlSink::SqlSink;
  static Result<std::unique_ptr<OdbcSink>> create(OdbcOptions options);
};

}  // namespace qonduit::odbc

// The sink of every database: what the modes, schemas and transactions of docs/sinks/sql.md mean, in terms of a Database.
#pragma once

#include <qonduit/sink.hpp>

#include <memory>

#include "database.hpp"
#include "sql_options.hpp"

namespace qonduit::sql {

class SqlSink : public Sink {
 public:
  // What is wrong with the options for this database, in words; ok: a sink can be made.
  static Status check(const SqlOptions& options, const Dialect& dialect);
  // REQUIRES: check(options, database->dialect()).
  SqlSink(SqlOptions options, std::unique_ptr<Database> database);
  ~SqlSink() override;

  [[nodiscard]] std::uint32_t guarantees() const override;
  Status probe() override;
  Status open(const Run& run, const Schema& schema) override;
  Status write(const BatchView& batch) override;
  Status commit() override;
  Status abort() override;
  Result<Committed> committed(std::string_view run_id) override;
  [[nodiscard]] Delivery delivery() const override;
};

}  // namespace qonduit::sql

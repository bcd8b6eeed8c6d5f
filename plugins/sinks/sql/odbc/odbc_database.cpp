#include "odbc_database.hpp"

#include <utility>

#include "plugins/sinks/sql/core/names.hpp"

namespace qonduit::odbc {

OdbcDatabase::OdbcDatabase(const OdbcOptions& options, std::unique_ptr<sql::Dialect> dialect, ServerTraits traits, LoadStyle style)
    : dialect_(std::move(dialect)),
      connection_({options.connection, options.user, options.password}, std::move(traits)),
      style_(std::move(style)),
      schema_(options.schema),
      lock_timeout_(options.lock_timeout.count()),
      statement_timeout_(options.statement_timeout.count()),
      arrays_wished_(options.arrays == Arrays::automatic) {
  style_.chunk = options.batch;
}

Status OdbcDatabase::connect() {
  if (connected()) return {};
  loader_.reset();
  own_transaction_ = false;
  if (auto status = connection_.open(); !status.ok()) return status;
  style_.arrays = arrays_wished_ && takes_arrays();
  auto status = set_up();
  if (!status.ok()) connection_.close();
  return status;
}

// A driver without arrays refuses the attribute, or leaves it as it was.
bool OdbcDatabase::takes_arrays() {
  auto statement = connection_.statement();
  if (!statement) return false;
  SQLULEN rows = 0;
  const auto set = SQLSetStmtAttr(statement->get(), SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(2), 0);
  return SQL_SUCCEEDED(set) && SQL_SUCCEEDED(SQLGetStmtAttr(statement->get(), SQL_ATTR_PARAMSET_SIZE, &rows, 0, nullptr)) && rows == 2;
}

// The connection begins transactions: by ODBC's own calls, or as its server wants it.
Result<std::uint64_t> OdbcDatabase::execute(const std::string& sql, const sql::Params& params) {
  if (sql == dialect_->begin()) {
    if (auto status = connection_.begin(); !status.ok()) return status;
    return std::uint64_t{0};
  }
  return connection_.run(sql, params, nullptr);
}

Result<sql::TextRows> OdbcDatabase::query(const std::string& sql, const sql::Params& params) {
  sql::TextRows rows;
  if (auto done = connection_.run(sql, params, &rows); !done) return std::move(done).error();
  return rows;
}

Status OdbcDatabase::execute_all(const std::vector<std::string>& statements) {
  for (const auto& statement : statements) {
    if (auto status = execute(statement).status(); !status.ok()) return status;
  }
  return {};
}

Status OdbcDatabase::add_names(std::vector<std::string>& names, const std::string& word, const std::string& sql,
                               const sql::Params& params) {
  auto rows = query(sql, params);
  if (!rows) return std::move(rows).error();
  for (const auto& row : *rows) names.push_back(word + " " + row[0].value_or(""));
  return {};
}

std::string OdbcDatabase::lock_name(const sql::TableName& table) const {
  return "qonduit_" + short_hash((table.schema.empty() ? schema_ : table.schema) + '\0' + table.table);
}

Status OdbcDatabase::begin_load(const sql::TableName& table, const std::vector<sql::LoadColumn>& columns) {
  refusal_.reset();
  std::string names;
  for (const auto& column : columns) names += (names.empty() ? "" : ", ") + dialect_->quote(column.name);
  auto loader =
      ArrayLoader::prepare(connection_, "INSERT INTO " + dialect_->qualified(table) + " (" + names + ") VALUES ", columns, style_);
  if (!loader) return std::move(loader).error();
  // One transaction for all rows, also where the caller has none: staging tables are filled outside of the delivery's.
  own_transaction_ = !connection_.in_transaction();
  if (own_transaction_) {
    if (auto status = connection_.begin(); !status.ok()) return status;
  }
  loader_ = std::move(*loader);
  return {};
}

Status OdbcDatabase::load(const BatchView& batch, std::int64_t first, std::int64_t last) { return loader_->load(batch, first, last); }

Result<std::uint64_t> OdbcDatabase::end_load() {
  const auto rows = loader_->rows();
  loader_.reset();
  if (!std::exchange(own_transaction_, false)) return rows;
  if (auto status = connection_.end(true); !status.ok()) return status;
  return rows;
}

void OdbcDatabase::cancel_load() noexcept {
  if (!loader_) return;
  try {
    refusal_ = loader_->refusal();
    loader_.reset();
    if (own_transaction_) static_cast<void>(connection_.end(false));
  } catch (...) {
    // Out of memory while rolling back: closing the connection does it too.
    connection_.close();
  }
  own_transaction_ = false;
}

}  // namespace qonduit::odbc

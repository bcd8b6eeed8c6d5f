#include "postgresql_database.hpp"

#include <poll.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "plugins/sinks/sql/core/names.hpp"

namespace qonduit::postgresql {
namespace {

constexpr std::size_t kBuffer = 512 << 10;
constexpr std::int64_t kStride = 256;  // rows encoded before the buffer is looked at

// The server says which line of a COPY it was: "COPY t, line 12, column price".
std::optional<sql::Refusal> refusal_in(const std::string& message, std::uint64_t loaded, const std::vector<std::string>& columns) {
  const auto at = message.find(", line ");
  if (at == std::string::npos) return std::nullopt;
  std::int64_t line = 0;
  const auto* begin = message.data() + at + 7;
  const auto [end, error] = std::from_chars(begin, message.data() + message.size(), line);
  if (error != std::errc() || line < 1) return std::nullopt;
  sql::Refusal refusal{static_cast<std::int64_t>(loaded) + line - 1, std::nullopt, message};
  const std::string_view rest(end, static_cast<std::size_t>(message.data() + message.size() - end));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (rest.starts_with(", column " + columns[i])) refusal.column = i;
  }
  return refusal;
}

}  // namespace

PostgresqlDatabase::PostgresqlDatabase(const PostgresqlOptions& options, Address address)
    : connection_(std::move(address), options.password),
      schema_(options.schema),
      lock_timeout_(std::max<std::int64_t>(options.lock_timeout.count(), 1)),  // to PostgreSQL 0 is for ever

      statement_timeout_(options.statement_timeout.count()) {}

Status PostgresqlDatabase::connect() {
  if (connected()) return {};
  copy_.clear();
  copying_ = false;
  if (auto status = connection_.open(); !status.ok()) return status;
  // Names that are not qualified mean one schema: none that another role can put in front.
  const auto path = schema_.empty() ? std::string("pg_catalog.current_schema()::text") : dialect_.literal(schema_);
  const auto settings = "SELECT pg_catalog.set_config('search_path', pg_catalog.quote_ident(" + path +
                        "), false), pg_catalog.set_config('TimeZone', 'UTC', false), pg_catalog.set_config('DateStyle', 'ISO', false), "
                        "pg_catalog.set_config('standard_conforming_strings', 'on', false), "
                        "pg_catalog.set_config('idle_in_transaction_session_timeout', '0', false), "
                        "pg_catalog.set_config('lock_timeout', '" +
                        std::to_string(lock_timeout_) + "', false), pg_catalog.set_config('statement_timeout', '" +
                        std::to_string(statement_timeout_) + "', false)";
  auto status = query(settings).status();
  if (!status.ok()) connection_.close();
  return status;
}

Result<std::uint64_t> PostgresqlDatabase::execute(const std::string& sql, const sql::Params& params) {
  auto result = connection_.run(sql, params);
  if (!result) return std::move(result).error();
  return std::strtoull(PQcmdTuples(result->get()), nullptr, 10);
}

Result<sql::TextRows> PostgresqlDatabase::query(const std::string& sql, const sql::Params& params) {
  // The connection takes nothing but rows while a COPY is under way: it ends, and another goes on.
  const bool copying = copying_;
  if (copying) {
    if (auto status = end_copy(); !status.ok()) return status;
  }
  auto result = connection_.run(sql, params);
  if (copying) {
    if (auto status = begin_copy(); !status.ok()) return status;
  }
  if (!result) return std::move(result).error();
  sql::TextRows rows;
  for (int row = 0; row < PQntuples(result->get()); ++row) {
    auto& cells = rows.emplace_back();
    for (int column = 0; column < PQnfields(result->get()); ++column) {
      cells.push_back(PQgetisnull(result->get(), row, column) != 0 ? std::nullopt
                                                                   : std::optional<std::string>(PQgetvalue(result->get(), row, column)));
    }
  }
  return rows;
}

// A transaction in which a statement failed is rolled back by COMMIT, without an error.
Status PostgresqlDatabase::commit() {
  committing_ = true;
  auto result = connection_.run("COMMIT");
  committing_ = false;
  if (!result) return std::move(result).error();
  if (std::string_view(PQcmdStatus(result->get())) == "COMMIT") return {};
  return {Code::internal, target() + " rolled the transaction back: a statement in it had failed"};
}

std::string PostgresqlDatabase::lock_key(const sql::TableName& table) const {
  const auto hash = short_hash("qonduit " + (table.schema.empty() ? schema_ : table.schema) + '\0' + table.table);
  return std::to_string(static_cast<std::int64_t>(std::strtoull(hash.c_str(), nullptr, 16)));
}

Status PostgresqlDatabase::lock(const sql::TableName& table) {
  return query("SELECT pg_advisory_lock(" + lock_key(table) + ")")
      .status()
      .within("another host or sink delivers into '" + table.table + "'");
}

Status PostgresqlDatabase::unlock(const sql::TableName& table) {
  return query("SELECT pg_advisory_unlock(" + lock_key(table) + ")").status();
}

Status PostgresqlDatabase::set_statement_timeout(std::int64_t milliseconds) {
  return statement_timeout_ == 0 ? Status() : execute("SET statement_timeout = " + std::to_string(milliseconds)).status();
}

Status PostgresqlDatabase::begin_load(const sql::TableName& table, const std::vector<sql::LoadColumn>& columns) {
  refusal_.reset();
  auto encoder = CopyEncoder::create(columns);
  if (!encoder) return std::move(encoder).error();
  encoder_ = std::move(*encoder);
  columns_.clear();
  std::string names;
  for (const auto& column : columns) {
    columns_.push_back(column.name);
    names += (names.empty() ? "" : ", ") + dialect_.quote(column.name);
  }
  loaded_ = 0;
  buffer_.clear();
  buffer_.reserve(kBuffer * 2);
  copy_ = "COPY " + dialect_.qualified(table) + " (" + names + ") FROM STDIN (FORMAT binary)";
  // A load takes as long as the engine does.
  if (auto status = set_statement_timeout(0); !status.ok()) return status;
  return begin_copy();
}

Status PostgresqlDatabase::begin_copy() {
  auto result = connection_.run(copy_);
  if (!result) return std::move(result).error();
  copying_ = true;
  buffer_ += kCopyHeader;
  return {};
}

Status PostgresqlDatabase::load(const BatchView& batch, std::int64_t first, std::int64_t last) {
  for (auto row = first; row < last; row += kStride) {
    if (auto status = encoder_->rows(batch, row, std::min(last, row + kStride), buffer_); !status.ok()) {
      refusal_ = encoder_->refusal();
      return status;
    }
    if (buffer_.size() < kBuffer) continue;
    if (auto status = flush(); !status.ok()) return status;
  }
  return {};
}

Status PostgresqlDatabase::flush() {
  auto* connection = connection_.get();
  const int sent = PQputCopyData(connection, buffer_.data(), static_cast<int>(buffer_.size()));
  buffer_.clear();
  if (sent != 1) return {Code::unavailable, "lost " + target() + " while loading: " + PQerrorMessage(connection)};
  // A server that says something in the middle of a COPY most likely refuses it, and libpq tells only at the end: end it, and go on with
  // another where it was a notice.
  pollfd socket{PQsocket(connection), POLLIN, 0};
  if (::poll(&socket, 1, 0) <= 0) return {};
  if (auto status = end_copy(); !status.ok()) return status;
  return begin_copy();
}

Status PostgresqlDatabase::end_copy() {
  auto* connection = connection_.get();
  copying_ = false;
  buffer_ += kCopyTrailer;
  int sent = PQputCopyData(connection, buffer_.data(), static_cast<int>(buffer_.size()));
  buffer_.clear();
  if (sent == 1) sent = PQputCopyEnd(connection, nullptr);
  Status status;
  if (sent != 1) status = {Code::unavailable, "lost " + target() + " while loading: " + PQerrorMessage(connection)};
  while (const auto result = ResultHandle(PQgetResult(connection))) {
    auto answered = connection_.status_of(result.get(), "the rows");
    if (answered.ok()) {
      loaded_ += std::strtoull(PQcmdTuples(result.get()), nullptr, 10);
    } else if (status.ok()) {
      if (answered.code() == Code::bad_data) refusal_ = refusal_in(answered.message(), loaded_, columns_);
      status = refusal_ ? std::move(answered).within("row " + std::to_string(refusal_->row + 1)) : std::move(answered);
    }
  }
  return status;
}

Result<std::uint64_t> PostgresqlDatabase::end_load() {
  auto status = end_copy();
  copy_.clear();
  if (status.ok()) status = set_statement_timeout(statement_timeout_);
  if (!status.ok()) return status;
  return loaded_;
}

void PostgresqlDatabase::cancel_load() noexcept {
  copy_.clear();
  if (!copying_) return;
  copying_ = false;
  auto* connection = connection_.get();
  if (connection == nullptr) return;
  PQputCopyEnd(connection, "the delivery was abandoned");
  while (auto* result = PQgetResult(connection)) PQclear(result);
  if (statement_timeout_ != 0 && PQtransactionStatus(connection) == PQTRANS_IDLE) {
    PQclear(PQexec(connection, ("SET statement_timeout = " + std::to_string(statement_timeout_)).c_str()));
  }
}

}  // namespace qonduit::postgresql

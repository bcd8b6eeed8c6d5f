#include "odbc_database.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "plugins/sinks/sql/core/names.hpp"

namespace qonduit::odbc {
namespace {

// The server's variables count seconds.
std::string seconds(std::int64_t milliseconds) { return std::to_string(std::max<std::int64_t>(1, (milliseconds + 999) / 1000)); }

}  // namespace

OdbcDatabase::OdbcDatabase(const OdbcOptions& options)
    : connection_(options.connection, options.user, options.password),
      schema_(options.schema),
      batch_(options.batch),
      arrays_(options.arrays == Arrays::automatic),
      lock_timeout_(options.lock_timeout.count()),
      statement_timeout_(options.statement_timeout.count()) {}

Status OdbcDatabase::connect() {
  if (connected()) return {};
  loader_.reset();
  own_transaction_ = false;
  if (auto status = connection_.open(); !status.ok()) return status;
  const auto packet = query("SELECT @@max_allowed_packet");
  Status status = packet.status();
  if (packet && !packet->empty()) packet_ = std::strtoull(packet->front().front().value_or("0").c_str(), nullptr, 10);
  for (const auto& setting :
       {std::string("SET time_zone = '+00:00'"),
        std::string("SET sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES,ERROR_FOR_DIVISION_BY_ZERO'"),
        "SET innodb_lock_wait_timeout = " + seconds(lock_timeout_), "SET lock_wait_timeout = " + seconds(lock_timeout_)}) {
    if (status.ok()) status = execute(setting).status();
  }
  if (status.ok() && statement_timeout_ > 0) {
    status = execute("SET max_statement_time = " + std::to_string(statement_timeout_ / 1000) + "." +
                     std::to_string(1000 + statement_timeout_ % 1000).substr(1))
                 .status();
  }
  if (!status.ok()) connection_.close();
  return status;
}

// Transactions are ODBC's: a driver that does not know of one commits each statement.
Result<std::uint64_t> OdbcDatabase::execute(const std::string& sql, const sql::Params& params) {
  if (sql == dialect_.begin()) {
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

std::string OdbcDatabase::lock_name(const sql::TableName& table) const {
  return "qonduit_" + sql::short_hash((table.schema.empty() ? schema_ : table.schema) + '\0' + table.table);
}

Status OdbcDatabase::lock(const sql::TableName& table) {
  auto got = query("SELECT GET_LOCK(concat(database(), ?), " + seconds(lock_timeout_) + ")", {lock_name(table)});
  if (!got) return std::move(got).error();
  if (!got->empty() && got->front().front() == "1") return {};
  return {Code::timeout, "another host delivers into '" + table.table + "' (raise lock-timeout)"};
}

Status OdbcDatabase::unlock(const sql::TableName& table) {
  return query("SELECT RELEASE_LOCK(concat(database(), ?))", {lock_name(table)}).status();
}

Status OdbcDatabase::begin_load(const sql::TableName& table, const std::vector<sql::LoadColumn>& columns) {
  refusal_.reset();
  std::string names;
  for (const auto& column : columns) names += (names.empty() ? "" : ", ") + dialect_.quote(column.name);
  auto loader = ArrayLoader::prepare(connection_, "INSERT INTO " + dialect_.qualified(table) + " (" + names + ") VALUES ", columns, batch_,
                                     arrays_, packet_);
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

Status OdbcDatabase::check_target(const std::string& schema) {
  auto found =
      query("SELECT schema_name FROM information_schema.schemata WHERE schema_name = coalesce(nullif(?, ''), database())", {schema});
  if (!found) return std::move(found).error();
  if (!found->empty()) return {};
  return {Code::not_found, target() + " has no database '" + schema + "' this user may see (create it, or name another)"};
}

Result<std::optional<sql::TableInfo>> OdbcDatabase::describe(const sql::TableName& table) {
  const std::string where = "table_schema = coalesce(nullif(?, ''), database()) AND table_name = ?";
  const sql::Params name = {table.schema, table.table};
  auto found = query("SELECT table_type FROM information_schema.tables WHERE " + where, name);
  if (!found) return std::move(found).error();
  if (found->empty()) return std::optional<sql::TableInfo>();
  sql::TableInfo info;
  info.is_view = found->front().front() == "VIEW";
  auto columns = query(
      "SELECT column_name, column_type, is_nullable, coalesce(column_default, 'NULL') <> 'NULL' OR extra <> '' "
      "FROM information_schema.columns WHERE " +
          where + " ORDER BY ordinal_position",
      name);
  if (!columns) return std::move(columns).error();
  for (const auto& row : *columns) info.columns.push_back({row[0].value_or(""), row[1].value_or(""), row[2] == "YES", row[3] == "1"});
  auto key = query("SELECT column_name FROM information_schema.key_column_usage WHERE " + where +
                       " AND constraint_name = 'PRIMARY' ORDER BY ordinal_position",
                   name);
  if (!key) return std::move(key).error();
  for (const auto& row : *key) info.primary_key.push_back(row[0].value_or(""));
  return std::optional(std::move(info));
}

Result<std::vector<std::string>> OdbcDatabase::dependents(const sql::TableName& table) {
  const std::string schema = "coalesce(nullif(?, ''), database())";
  std::vector<std::string> found;
  const std::pair<std::string, sql::Params> queries[] = {
      {"SELECT concat('view ', table_name) FROM information_schema.views WHERE table_schema = " + schema +
           " AND locate(concat('`', replace(?, '`', '``'), '`'), view_definition) > 0",
       {table.schema, table.table}},
      {"SELECT concat('foreign key ', constraint_name, ' of ', table_name) FROM information_schema.referential_constraints "
       "WHERE constraint_schema = " +
           schema + " AND ? IN (referenced_table_name, table_name)",
       {table.schema, table.table}},
      {"SELECT concat('trigger ', trigger_name) FROM information_schema.triggers WHERE event_object_schema = " + schema +
           " AND event_object_table = ?",
       {table.schema, table.table}}};
  for (const auto& [sql, params] : queries) {
    auto rows = query(sql, params);
    if (!rows) return std::move(rows).error();
    for (const auto& row : *rows) found.push_back(row[0].value_or(""));
  }
  return found;
}

}  // namespace qonduit::odbc

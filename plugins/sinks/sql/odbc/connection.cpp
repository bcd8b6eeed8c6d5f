#include "connection.hpp"

#include <qonduit/text.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "connection_string.hpp"
#include "wide_text.hpp"

namespace qonduit::odbc {
namespace {

// SERVER, PORT and DATABASE, or the name of the data source.
std::string target_of(const ConnectionKeys& keys) {
  if (const auto source = value_of(keys, "dsn"); !source.empty()) return "odbc:" + std::string(source);
  std::string server;
  for (const auto* key : {"server", "servername", "socket"}) {
    if (const auto value = value_of(keys, key); !value.empty()) server += (server.empty() ? "" : " ") + std::string(value);
  }
  if (const auto port = value_of(keys, "port"); !port.empty()) server += ":" + std::string(port);
  return "odbc://" + server + "/" + std::string(value_of(keys, "database"));
}

// A value of the current row, read in parts.
Result<std::optional<std::string>> read_cell(Connection& connection, SQLHANDLE statement, SQLUSMALLINT column) {
  std::vector<SQLWCHAR> units;
  std::array<SQLWCHAR, 2048> part{};
  while (true) {
    SQLLEN size = 0;
    const auto got = SQLGetData(statement, column, SQL_C_WCHAR, part.data(), static_cast<SQLLEN>(sizeof part), &size);
    if (got != SQL_SUCCESS && got != SQL_SUCCESS_WITH_INFO) {
      if (got == SQL_NO_DATA) break;
      if (auto status = connection.check(got, SQL_HANDLE_STMT, statement, "read a value"); !status.ok()) return status;
      return Status(Code::internal, "the driver does not read a value, and does not say why");
    }
    if (size == SQL_NULL_DATA) return std::optional<std::string>();
    const auto end = std::find(part.begin(), part.end(), SQLWCHAR{0});
    units.insert(units.end(), part.begin(), end);
    if (got == SQL_SUCCESS) break;
  }
  return std::optional(narrow(units.data(), units.size()));
}

}  // namespace

Connection::Connection(const Credentials& credentials, ServerTraits traits) : traits_(std::move(traits)), text_(credentials.connection) {
  const auto keys = parse_connection(text_);
  target_ = target_of(keys);
  const auto charset = traits_.charset.substr(0, traits_.charset.find('='));
  if (!charset.empty() && value_of(keys, ascii_lower(charset)).empty()) text_ += ";" + std::string(traits_.charset);
  if (!credentials.user.empty()) text_ += ";UID=" + connection_value(credentials.user);
  if (!credentials.password.empty()) text_ += ";PWD=" + connection_value(credentials.password);
}

Connection::~Connection() { close(); }

Status Connection::open() {
  close();
  SQLHANDLE environment = nullptr, connection = nullptr;
  if (SQLAllocHandle(SQL_HANDLE_ENV, nullptr, &environment) != SQL_SUCCESS) return {Code::internal, "no memory for ODBC"};
  environment_.reset(environment);
  SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
  if (SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection) != SQL_SUCCESS) return {Code::internal, "no memory for ODBC"};
  connection_.reset(connection);
  SQLSetConnectAttr(connection, SQL_ATTR_LOGIN_TIMEOUT, reinterpret_cast<SQLPOINTER>(10), 0);
  auto text = wide(text_);
  const auto code = SQLDriverConnectW(connection, nullptr, text.data(), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
  if (auto status = check(code, SQL_HANDLE_DBC, connection, "connect"); !status.ok()) {
    close();
    return status;
  }
  connected_ = true;
  return {};
}

void Connection::close() noexcept {
  if (connected_) {
    // Without an answer: what the server does not hear of it rolls back itself.
    if (in_transaction_) SQLEndTran(SQL_HANDLE_DBC, connection_.get(), SQL_ROLLBACK);
    SQLDisconnect(connection_.get());
  }
  connected_ = lost_ = in_transaction_ = false;
  connection_.reset();
  environment_.reset();
}

bool Connection::dead() const {
  SQLUINTEGER state = SQL_CD_FALSE;
  const auto code = SQLGetConnectAttr(connection_.get(), SQL_ATTR_CONNECTION_DEAD, &state, 0, nullptr);
  return SQL_SUCCEEDED(code) && state == SQL_CD_TRUE;
}

Status Connection::check(SQLRETURN code, SQLSMALLINT type, SQLHANDLE handle, std::string_view what) {
  if (code == SQL_SUCCESS || code == SQL_NO_DATA) return {};
  std::string words, sqlstate;
  int native = 0;
  for (SQLSMALLINT record = 1; record < 10; ++record) {
    std::array<SQLWCHAR, 6> state{};
    std::array<SQLWCHAR, 2048> message{};
    SQLINTEGER number = 0;
    SQLSMALLINT size = 0;
    const auto got =
        SQLGetDiagRecW(type, handle, record, state.data(), &number, message.data(), static_cast<SQLSMALLINT>(message.size()), &size);
    if (got != SQL_SUCCESS && got != SQL_SUCCESS_WITH_INFO) break;
    const auto text = narrow(state.data(), 5);
    if (code == SQL_SUCCESS_WITH_INFO && !changes_a_value(text)) continue;
    if (sqlstate.empty()) sqlstate = text, native = number;
    const auto length = std::clamp<std::size_t>(static_cast<std::size_t>(std::max<SQLSMALLINT>(size, 0)), 0, message.size() - 1);
    words += (words.empty() ? "" : "; ") + narrow(message.data(), length);
  }
  if (code == SQL_SUCCESS_WITH_INFO && sqlstate.empty()) return {};
  auto [meaning, advice, lost] = traits_.meaning(sqlstate, native);
  if (code == SQL_SUCCESS_WITH_INFO) meaning = Code::bad_data;
  if (connected_ && (lost || dead())) lost_ = true, meaning = Code::unavailable;
  return {meaning, target_ + ": cannot " + std::string(what) + ": " + (words.empty() ? "the driver does not say why" : words) +
                       " (SQLSTATE " + sqlstate + ", " + std::to_string(native) + ")" + std::string(advice)};
}

Status Connection::begin() {
  if (!connected_) return {Code::unavailable, "there is no connection to " + target_};
  if (!traits_.begin.empty()) {
    auto status = run(traits_.begin, {}, nullptr).status();
    in_transaction_ = status.ok();
    return status;
  }
  const auto code = SQLSetConnectAttr(connection_.get(), SQL_ATTR_AUTOCOMMIT, reinterpret_cast<SQLPOINTER>(SQL_AUTOCOMMIT_OFF), 0);
  auto status = check(code, SQL_HANDLE_DBC, connection_.get(), "begin a transaction");
  in_transaction_ = status.ok();
  return status;
}

Status Connection::end(bool commit) {
  if (!in_transaction_) return {};
  in_transaction_ = false;
  if (!open_now()) return {Code::unavailable, "lost " + target_ + " before the transaction ended"};
  const bool statements = !traits_.begin.empty();
  in_transaction_end_ = true;
  auto status = statements ? run(commit ? traits_.commit : traits_.rollback, {}, nullptr).status()
                           : check(SQLEndTran(SQL_HANDLE_DBC, connection_.get(), commit ? SQL_COMMIT : SQL_ROLLBACK), SQL_HANDLE_DBC,
                                   connection_.get(), commit ? "commit" : "roll back");
  in_transaction_end_ = false;
  // A commit that fails for whatever reason has an unknown outcome.
  if (!status.ok() && commit) lost_ = true, status = Status(Code::unavailable, status.message());
  if (!status.ok() || statements) return status;
  const auto code = SQLSetConnectAttr(connection_.get(), SQL_ATTR_AUTOCOMMIT, reinterpret_cast<SQLPOINTER>(SQL_AUTOCOMMIT_ON), 0);
  return check(code, SQL_HANDLE_DBC, connection_.get(), "end a transaction");
}

Result<Statement> Connection::statement() {
  if (!open_now()) return Status(Code::unavailable, "there is no connection to " + target_);
  SQLHANDLE handle = nullptr;
  const auto code = SQLAllocHandle(SQL_HANDLE_STMT, connection_.get(), &handle);
  if (auto status = check(code, SQL_HANDLE_DBC, connection_.get(), "make a statement"); !status.ok()) return status;
  Statement made(handle);
  if (timeout_.count() > 0) {
    const auto seconds = static_cast<std::uintptr_t>((timeout_.count() + 999) / 1000);
    const auto set = SQLSetStmtAttr(handle, SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(seconds), 0);
    if (auto status = check(set, SQL_HANDLE_STMT, handle, "limit the time of statements (set statement-timeout = 0ms)"); !status.ok())
      return status;
  }
  return made;
}

void Connection::interrupt() noexcept {
  const std::lock_guard lock(executing_mutex_);
  if (executing_ != nullptr) SQLCancel(executing_);
}

Status Connection::prepare(SQLHANDLE statement, const std::string& sql) {
  auto text = wide(sql);
  return check(SQLPrepareW(statement, text.data(), SQL_NTS), SQL_HANDLE_STMT, statement, "prepare a statement");
}

std::string Connection::about(SQLUSMALLINT what) {
  std::array<SQLWCHAR, 256> text{};
  SQLSMALLINT bytes = 0;
  if (!open_now() || !SQL_SUCCEEDED(SQLGetInfoW(connection_.get(), what, text.data(), static_cast<SQLSMALLINT>(sizeof text), &bytes)))
    return {};
  return narrow(text.data(), static_cast<std::size_t>(std::find(text.begin(), text.end(), SQLWCHAR{0}) - text.begin()));
}

Result<std::uint64_t> Connection::run(const std::string& sql, const sql::Params& params, sql::TextRows* rows) {
  auto made = statement();
  if (!made) return std::move(made).error();
  auto* handle = made->get();
  std::vector<SQLLEN> sizes(params.size());
  std::vector<std::vector<SQLWCHAR>> values(params.size());
  for (std::size_t i = 0; i < params.size(); ++i) {
    values[i] = wide(params[i].value_or(""));
    const auto units = values[i].size() - 1;
    sizes[i] = params[i] ? static_cast<SQLLEN>(units * sizeof(SQLWCHAR)) : SQL_NULL_DATA;
    const auto code =
        SQLBindParameter(handle, static_cast<SQLUSMALLINT>(i + 1), SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, std::max<SQLULEN>(units, 1),
                         0, values[i].data(), static_cast<SQLLEN>(values[i].size() * sizeof(SQLWCHAR)), &sizes[i]);
    if (auto status = check(code, SQL_HANDLE_STMT, handle, "bind a parameter"); !status.ok()) return status;
  }
  const auto what = "do " + sql.substr(0, sql.find_first_of(" (", sql.find(' ') + 1));
  auto text = wide(sql);
  const auto executed = [&] {
    // What ends a transaction is not interrupted.
    const std::optional<Executing> executing = in_transaction_end_ ? std::nullopt : std::optional<Executing>(std::in_place, *this, handle);
    return SQLExecDirectW(handle, text.data(), SQL_NTS);
  }();
  if (auto status = check(executed, SQL_HANDLE_STMT, handle, what); !status.ok()) return status;
  SQLLEN changed = 0;
  SQLRowCount(handle, &changed);
  if (rows != nullptr) {
    if (auto status = fetch_rows(*this, handle, what, *rows); !status.ok()) return status;
  }
  return static_cast<std::uint64_t>(std::max<SQLLEN>(changed, 0));
}

Status fetch_rows(Connection& connection, SQLHANDLE statement, std::string_view what, sql::TextRows& rows) {
  SQLSMALLINT columns = 0;
  SQLNumResultCols(statement, &columns);
  if (columns == 0) return {};
  for (SQLRETURN fetched = SQLFetch(statement); fetched != SQL_NO_DATA; fetched = SQLFetch(statement)) {
    if (auto status = connection.check(fetched, SQL_HANDLE_STMT, statement, "read the answer to " + std::string(what)); !status.ok())
      return status;
    auto& cells = rows.emplace_back();
    for (SQLSMALLINT column = 1; column <= columns; ++column) {
      auto cell = read_cell(connection, statement, static_cast<SQLUSMALLINT>(column));
      if (!cell) return std::move(cell).error();
      cells.push_back(std::move(*cell));
    }
  }
  return {};
}

}  // namespace qonduit::odbc

#include "connection.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "errors.hpp"

namespace qonduit::odbc {
namespace {

SQLCHAR* characters(const std::string& text) { return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text.data())); }

// Braces hold what a connection string would read as its own: ; and }.
std::string braced(const std::string& value) {
  std::string out = "{";
  for (const char c : value) out.append(c == '}' ? 2 : 1, c);
  return out + "}";
}

std::string lower(std::string text) {
  for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

// SERVER, PORT and DATABASE, or the name of the data source.
std::string target_of(const std::string& connection) {
  std::string server, database, source;
  for (std::size_t begin = 0; begin < connection.size();) {
    const auto end = std::min(connection.find(';', begin), connection.size());
    const auto pair = connection.substr(begin, end - begin);
    const auto mark = std::min(pair.find('='), pair.size());
    const auto key = lower(pair.substr(0, mark));
    const auto value = mark < pair.size() ? pair.substr(mark + 1) : std::string();
    if (key == "server" || key == "socket") server += (server.empty() ? "" : " ") + value;
    if (key == "port") server += ":" + value;
    if (key == "database") database = value;
    if (key == "dsn") source = value;
    begin = end + 1;
  }
  return source.empty() ? "odbc://" + server + "/" + database : "odbc:" + source;
}

}  // namespace

Connection::Connection(std::string connection, const std::string& user, const std::string& password)
    : text_(std::move(connection)), target_(target_of(text_)) {
  // Connector/ODBC takes the character set here, and from no statement.
  if (lower(text_).find("charset=") == std::string::npos) text_ += ";CHARSET=utf8mb4";
  if (!user.empty()) text_ += ";UID=" + braced(user);
  if (!password.empty()) text_ += ";PWD=" + braced(password);
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
  const auto code = SQLDriverConnect(connection, nullptr, characters(text_), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
  if (auto status = check(code, SQL_HANDLE_DBC, connection, "connect"); !status.ok()) {
    close();
    return status;
  }
  connected_ = true;
  return {};
}

void Connection::close() noexcept {
  if (connected_) {
    if (in_transaction_) SQLEndTran(SQL_HANDLE_DBC, connection_.get(), SQL_ROLLBACK);
    SQLDisconnect(connection_.get());
  }
  connected_ = lost_ = in_transaction_ = false;
  connection_.reset();
  environment_.reset();
}

Status Connection::check(SQLRETURN code, SQLSMALLINT type, SQLHANDLE handle, std::string_view what) {
  if (code == SQL_SUCCESS || code == SQL_NO_DATA) return {};
  std::string words, sqlstate;
  int native = 0;
  for (SQLSMALLINT record = 1; record < 10; ++record) {
    std::array<SQLCHAR, 6> state{};
    std::array<SQLCHAR, 2048> message{};
    SQLINTEGER number = 0;
    SQLSMALLINT size = 0;
    const auto got =
        SQLGetDiagRec(type, handle, record, state.data(), &number, message.data(), static_cast<SQLSMALLINT>(message.size()), &size);
    if (got != SQL_SUCCESS && got != SQL_SUCCESS_WITH_INFO) break;
    const auto* text = reinterpret_cast<const char*>(state.data());
    if (code == SQL_SUCCESS_WITH_INFO && !changes_a_value(text)) continue;
    if (sqlstate.empty()) sqlstate = text, native = number;
    words += (words.empty() ? "" : "; ") + std::string(reinterpret_cast<const char*>(message.data()));
  }
  if (code == SQL_SUCCESS_WITH_INFO && sqlstate.empty()) return {};
  auto [meaning, advice] = meaning_of(sqlstate, native);
  if (code == SQL_SUCCESS_WITH_INFO) meaning = Code::bad_data;
  if (meaning == Code::unavailable && native != 1213 && native != 1050) lost_ = connected_;
  return {meaning, target_ + ": cannot " + std::string(what) + ": " + (words.empty() ? "the driver does not say why" : words) +
                       " (SQLSTATE " + sqlstate + ", " + std::to_string(native) + ")" + std::string(advice)};
}

Status Connection::begin() {
  if (!connected_) return {Code::unavailable, "there is no connection to " + target_};
  const auto code = SQLSetConnectAttr(connection_.get(), SQL_ATTR_AUTOCOMMIT, reinterpret_cast<SQLPOINTER>(SQL_AUTOCOMMIT_OFF), 0);
  auto status = check(code, SQL_HANDLE_DBC, connection_.get(), "begin a transaction");
  in_transaction_ = status.ok();
  return status;
}

Status Connection::end(bool commit) {
  if (!in_transaction_) return {};
  in_transaction_ = false;
  if (!open_now()) return {Code::unavailable, "lost " + target_ + " before the transaction ended"};
  auto status = check(SQLEndTran(SQL_HANDLE_DBC, connection_.get(), commit ? SQL_COMMIT : SQL_ROLLBACK), SQL_HANDLE_DBC, connection_.get(),
                      commit ? "commit" : "roll back");
  // A commit that fails for whatever reason has an unknown outcome.
  if (!status.ok() && commit) lost_ = true, status = Status(Code::unavailable, status.message());
  if (!status.ok()) return status;
  const auto code = SQLSetConnectAttr(connection_.get(), SQL_ATTR_AUTOCOMMIT, reinterpret_cast<SQLPOINTER>(SQL_AUTOCOMMIT_ON), 0);
  return check(code, SQL_HANDLE_DBC, connection_.get(), "end a transaction");
}

Result<Statement> Connection::statement() {
  if (!open_now()) return Status(Code::unavailable, "there is no connection to " + target_);
  SQLHANDLE handle = nullptr;
  const auto code = SQLAllocHandle(SQL_HANDLE_STMT, connection_.get(), &handle);
  if (auto status = check(code, SQL_HANDLE_DBC, connection_.get(), "make a statement"); !status.ok()) return status;
  return Statement(handle);
}

Result<std::uint64_t> Connection::run(const std::string& sql, const sql::Params& params, sql::TextRows* rows) {
  auto made = statement();
  if (!made) return std::move(made).error();
  auto* handle = made->get();
  std::vector<SQLLEN> sizes(params.size());
  for (std::size_t i = 0; i < params.size(); ++i) {
    const bool null = !params[i];
    sizes[i] = null ? SQL_NULL_DATA : static_cast<SQLLEN>(params[i]->size());
    auto* value = null ? nullptr : characters(*params[i]);
    const auto length = null ? 1 : std::max<SQLULEN>(params[i]->size(), 1);
    const auto code = SQLBindParameter(handle, static_cast<SQLUSMALLINT>(i + 1), SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, length, 0, value,
                                       static_cast<SQLLEN>(length), &sizes[i]);
    if (auto status = check(code, SQL_HANDLE_STMT, handle, "bind a parameter"); !status.ok()) return status;
  }
  const auto what = "do " + sql.substr(0, sql.find_first_of(" (", sql.find(' ') + 1));
  if (auto status = check(SQLExecDirect(handle, characters(sql), static_cast<SQLINTEGER>(sql.size())), SQL_HANDLE_STMT, handle, what);
      !status.ok())
    return status;
  SQLLEN changed = 0;
  SQLRowCount(handle, &changed);
  SQLSMALLINT columns = 0;
  SQLNumResultCols(handle, &columns);
  if (rows == nullptr || columns == 0) return static_cast<std::uint64_t>(std::max<SQLLEN>(changed, 0));
  for (SQLRETURN fetched = SQLFetch(handle); fetched != SQL_NO_DATA; fetched = SQLFetch(handle)) {
    if (auto status = check(fetched, SQL_HANDLE_STMT, handle, "read the answer to " + what); !status.ok()) return status;
    auto& cells = rows->emplace_back();
    for (SQLSMALLINT column = 1; column <= columns; ++column) {
      std::string text;
      std::array<char, 4096> part{};
      SQLLEN size = 0;
      SQLRETURN got = SQL_SUCCESS;
      bool null = false;
      while ((got = SQLGetData(handle, static_cast<SQLUSMALLINT>(column), SQL_C_CHAR, part.data(), part.size(), &size)) ==
             SQL_SUCCESS_WITH_INFO) {
        text.append(part.data());
      }
      if (got == SQL_SUCCESS && size != SQL_NULL_DATA) text.append(part.data());
      null = got == SQL_SUCCESS && size == SQL_NULL_DATA;
      if (got == SQL_ERROR) return check(got, SQL_HANDLE_STMT, handle, "read a value");
      cells.push_back(null ? std::nullopt : std::optional(std::move(text)));
    }
  }
  return static_cast<std::uint64_t>(std::max<SQLLEN>(changed, 0));
}

}  // namespace qonduit::odbc

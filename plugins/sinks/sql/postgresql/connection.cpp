#include "connection.hpp"

#include <qonduit/log.hpp>
#include <qonduit/suggestion.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

#include "errors.hpp"

namespace qonduit::postgresql {
namespace {

constexpr const char* kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

struct FreeInfo {
  void operator()(PQconninfoOption* info) const noexcept { PQconninfoFree(info); }
};

std::string without_line_end(const char* text) {
  std::string out = text == nullptr ? "" : text;
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

bool is_local(std::string_view host) {
  return host.empty() || host.front() == '/' || host.front() == '@' || host == "localhost" || host.starts_with("127.") || host == "::1";
}

// Failures while connecting carry no code: libpq says them in words.
Code code_while_connecting(std::string_view words) {
  const auto says = [&](std::string_view part) { return words.find(part) != std::string_view::npos; };
  if (says("password") || says("authentication failed") || says("pg_hba.conf") || says("certificate")) return Code::unauthenticated;
  // A server that dies in the handshake is one that is down.
  const bool cut = says("SSL SYSCALL error") || says("unexpected eof");
  if (says("SSL") && !cut) return Code::unauthenticated;
  if (says("does not exist")) return Code::not_found;
  return Code::unavailable;
}

// libpq takes what stands behind the first colon for a port where the password has a / or a ? in it.
bool seems_to_hold_a_password(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  auto rest = url.substr(scheme + 3);
  if (rest.starts_with('[')) rest = rest.substr(std::min(rest.find(']'), rest.size()));  // an address with colons
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos || rest.find('@', colon) == std::string_view::npos) return false;
  const auto port = rest.substr(colon + 1, rest.find_first_of("/?#@,", colon) - colon - 1);
  return !std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// libpq's words without what it quotes, which may be part of a password that has a & or a blank in it: what comes near to the name of a
// setting stays.
std::string without_values(std::string_view words) {
  std::vector<std::string> settings;
  const std::unique_ptr<PQconninfoOption, FreeInfo> defaults(PQconndefaults());
  for (const auto* option = defaults.get(); option != nullptr && option->keyword != nullptr; ++option)
    settings.emplace_back(option->keyword);
  std::string out;
  const auto take = [&](std::size_t size) {
    out += words.substr(0, size);
    words.remove_prefix(std::min(size, words.size()));
  };
  take(words.find('"'));
  if (words.starts_with("\"=\"")) take(3), take(words.find('"'));
  if (words.empty()) return out;
  const auto quoted = words.substr(1, std::max<std::size_t>(words.rfind('"'), 1) - 1);
  if (const auto setting = nearest(quoted, settings); setting.empty())
    out += "\"...\"";
  else
    out += "\"" + std::string(quoted) + "\"" + (setting == quoted ? "" : " (did you mean '" + std::string(setting) + "'?)");
  return out;
}

void log_notice(void* /*context*/, const PGresult* result) {
  try {
    log::debug("the server said", {{"notice", without_line_end(PQresultErrorMessage(result))}});
  } catch (...) {
    // Out of memory while logging: there is nobody to tell.
  }
}

}  // namespace

Result<Address> parse_address(const std::string& url) {
  const auto refused = [](std::string why) { return Status(Code::invalid_config, "url: " + std::move(why)); };
  constexpr auto kHoldsOne = "holds a password; put it into the option password, by reference";
  if (seems_to_hold_a_password(url)) return refused(kHoldsOne);
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeInfo> info(PQconninfoParse(url.c_str(), &error));
  if (info == nullptr) {
    auto why = without_line_end(error);
    PQfreemem(error);
    return refused("is none: " + without_values(why));
  }
  Address address;
  address.url = url;
  std::string host, port = "5432", user, database;
  for (const auto* option = info.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view key = option->keyword, value = option->val;
    if (key == "password" && !value.empty()) return refused(kHoldsOne);
    if (key == "host" || key == "hostaddr") host = value;
    if (key == "port") port = value;
    if (key == "user") user = value;
    if (key == "dbname") database = value;
    if (key == "sslmode") address.sslmode = true;
    if (key == "sslrootcert") address.sslroot = true;
  }
  address.remote = !is_local(host);
  address.target = "postgresql://" + (user.empty() ? "" : user + "@") + (host.empty() ? "localhost" : host) + ":" + port + "/" +
                   (database.empty() ? user : database);
  return address;
}

void Connection::close() noexcept {
  {
    const std::lock_guard lock(cancel_mutex_);
    cancel_.reset();
  }
  connection_.reset();
}

void Connection::interrupt() noexcept {
  const std::lock_guard lock(cancel_mutex_);
  char why[256];
  // A server that cannot be reached ends nothing, and the call under way ends with its connection.
  if (cancel_) PQcancel(cancel_.get(), why, sizeof why);
}

Status Connection::open() {
  close();
  std::vector<const char*> keys, values;
  const auto add = [&](const char* key, const char* value) { keys.push_back(key), values.push_back(value); };
  // What stands before dbname is a default, which the url may change.
  add("connect_timeout", "10");
  add("keepalives_idle", "30");
  add("keepalives_interval", "10");
  add("tcp_user_timeout", "60000");
  add("fallback_application_name", "qonduit");
  if (address_.remote && !address_.sslmode) {
    add("sslmode", "verify-full");
    if (!address_.sslroot && std::filesystem::exists(kSystemAuthorities)) add("sslrootcert", kSystemAuthorities);
  }
  add("dbname", address_.url.c_str());
  if (!password_.empty()) add("password", password_.c_str());
  add("client_encoding", "UTF8");
  add(nullptr, nullptr);
  connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
  if (connection_ == nullptr) return {Code::internal, "no memory for a connection"};
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    const auto words = without_line_end(PQerrorMessage(connection_.get()));
    connection_.reset();
    return {code_while_connecting(words), "cannot connect to " + target() + ": " + words};
  }
  PQsetNoticeReceiver(connection_.get(), log_notice, nullptr);
  const std::lock_guard lock(cancel_mutex_);
  cancel_.reset(PQgetCancel(connection_.get()));
  return {};
}

Status Connection::status_of(const PGresult* result, std::string_view what) const {
  const auto kind = PQresultStatus(result);
  if (kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK || kind == PGRES_COPY_IN) return {};
  const auto field = [&](int code) { return without_line_end(PQresultErrorField(result, code)); };
  const auto sqlstate = field(PG_DIAG_SQLSTATE);
  // A server that stops says so with a code of its own; then the connection is lost as well.
  if (sqlstate.empty() || PQstatus(connection_.get()) != CONNECTION_OK) {
    const auto words =
        without_line_end(sqlstate.empty() ? PQerrorMessage(connection_.get()) : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    return {Code::unavailable, "lost " + target() + " " + std::string(what) + ": " + words};
  }
  auto message = target() + " refused " + std::string(what) + ": " + field(PG_DIAG_MESSAGE_PRIMARY);
  if (const auto detail = field(PG_DIAG_MESSAGE_DETAIL); !detail.empty()) message += ". " + detail;
  if (const auto context = field(PG_DIAG_CONTEXT); !context.empty()) message += " [" + context + "]";
  message += " (SQLSTATE " + sqlstate + ")" + std::string(advice_for(sqlstate));
  // Two hosts that make the same thing at once meet in the catalogue.
  const bool race = sqlstate == "23505" && field(PG_DIAG_SCHEMA_NAME) == "pg_catalog";
  return {race ? Code::unavailable : code_of(sqlstate), std::move(message)};
}

Result<ResultHandle> Connection::run(const std::string& sql, const sql::Params& params) {
  if (connection_ == nullptr) return Status(Code::unavailable, "there is no connection to " + target());
  std::vector<const char*> values;
  for (const auto& param : params) values.push_back(param ? param->c_str() : nullptr);
  ResultHandle result(params.empty() ? PQexec(connection_.get(), sql.c_str())
                                     : PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(params.size()), nullptr, values.data(),
                                                    nullptr, nullptr, 0));
  const auto what = "to do " + sql.substr(0, sql.find_first_of(" (", sql.find(' ') + 1));
  if (auto status = status_of(result.get(), what); !status.ok()) return status;
  return result;
}

}  // namespace qonduit::postgresql

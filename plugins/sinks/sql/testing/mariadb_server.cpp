#include "mariadb_server.hpp"

#include <signal.h>
#include <sql.h>
#include <sqlext.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "full_disk.hpp"

namespace qonduit::odbc::testing {
namespace {

namespace fs = std::filesystem;
using sinks::testing::run;

// Nothing is lost by it as long as the machine lives: what dies in tests is the server.
constexpr const char *kNoSync = "--debug-no-sync", *kNoInnodbSync = "--innodb-flush-method=nosync";

SQLCHAR* characters(const std::string& text) { return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text.c_str())); }

std::string words(SQLSMALLINT type, SQLHANDLE handle) {
  SQLCHAR state[6] = {}, message[1024] = {};
  SQLINTEGER native = 0;
  SQLSMALLINT size = 0;
  SQLGetDiagRec(type, handle, 1, state, &native, message, sizeof message, &size);
  return reinterpret_cast<const char*>(message);
}

}  // namespace

MariadbSession::MariadbSession(const std::string& connection) {
  SQLAllocHandle(SQL_HANDLE_ENV, nullptr, &environment_);
  SQLSetEnvAttr(environment_, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
  SQLAllocHandle(SQL_HANDLE_DBC, environment_, &connection_);
  connected_ =
      SQL_SUCCEEDED(SQLDriverConnect(connection_, nullptr, characters(connection), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT));
  if (!connected_) error_ = words(SQL_HANDLE_DBC, connection_);
}

MariadbSession::~MariadbSession() {
  if (connected_) SQLDisconnect(connection_);
  SQLFreeHandle(SQL_HANDLE_DBC, connection_);
  SQLFreeHandle(SQL_HANDLE_ENV, environment_);
}

Rows MariadbSession::query(const std::string& sql) {
  if (!connected_) throw std::runtime_error(sql + ": " + error_);
  SQLHANDLE statement = nullptr;
  SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement);
  const std::unique_ptr<void, void (*)(void*)> owner(statement, [](void* handle) { SQLFreeHandle(SQL_HANDLE_STMT, handle); });
  const auto code = SQLExecDirect(statement, characters(sql), SQL_NTS);
  if (!SQL_SUCCEEDED(code) && code != SQL_NO_DATA) throw std::runtime_error(sql + ": " + words(SQL_HANDLE_STMT, statement));
  Rows rows;
  SQLSMALLINT columns = 0;
  SQLNumResultCols(statement, &columns);
  std::vector<char> room(8 << 20);
  while (columns > 0 && SQL_SUCCEEDED(SQLFetch(statement))) {
    auto& cells = rows.emplace_back();
    for (SQLSMALLINT column = 1; column <= columns; ++column) {
      SQLLEN size = 0;
      SQLGetData(statement, static_cast<SQLUSMALLINT>(column), SQL_C_CHAR, room.data(), static_cast<SQLLEN>(room.size()), &size);
      cells.push_back(size == SQL_NULL_DATA ? std::nullopt : std::optional(std::string(room.data(), static_cast<std::size_t>(size))));
    }
  }
  return rows;
}

MariadbServer::MariadbServer(std::unique_ptr<sinks::testing::SharedServer> keeper) : keeper_(std::move(keeper)) {
  if (!keeper_) {
    make();
    return;
  }
  const auto place = keeper_->place();
  folder_ = place.folder;
  port_ = place.ports.at(0);
  start();
  // What a test that crashed has left.
  { const sql::testing::FullDisk no_longer(folder_); }
  query("mysql", "ALTER USER etl@'%' ACCOUNT UNLOCK");
}

void MariadbServer::make() {
  auto pattern = (fs::temp_directory_path() / "qonduit-mariadb-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  folder_ = pattern;
  fs::permissions(folder_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  const auto made_by = ::geteuid() == 0 ? user_ : std::string();
  if (!made_by.empty()) run({"chown", user_, folder_.string()});
  // A server that starts removes every temporary table of its tmpdir: a shared one would have those of other servers.
  run({"mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db",
       "--datadir=" + (folder_ / "data").string(), "--tmpdir=" + folder_.string(), "--innodb-log-file-size=16M", kNoSync, kNoInnodbSync},
      made_by);
  port_ = sinks::testing::free_port();
  start();
  query("mysql", "CREATE USER etl@'%' IDENTIFIED BY '" + std::string(password()) + "'");
  query("mysql", "GRANT ALL ON \"test%\".* TO etl@'%'");
}

MariadbServer::~MariadbServer() {
  if (keeper_) {
    try {
      if (!database_.empty()) query("mysql", "DROP DATABASE " + database_);
    } catch (const std::exception&) {
      // A server that a failed test has left behind: its database hinders nobody.
    }
    return;
  }
  server_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

MariadbServer& MariadbServer::shared() {
  static MariadbServer server(sinks::testing::SharedServer::find("mariadb"));
  return server;
}

sinks::testing::KeptServer MariadbServer::kept() {
  return {{folder_, {port_}}, {{"start", [this] { start(); }}, {"kill", [this] { kill_at_once(); }}}};
}

void MariadbServer::start() {
  if (keeper_) return keeper_->ask("start");
  auto command = sql::testing::FullDisk::preload(folder_, "/data/test");
  for (const auto& word : std::vector<std::string>{
           "mariadbd", "--no-defaults", "--datadir=" + (folder_ / "data").string(), "--socket=" + socket(), "--tmpdir=" + folder_.string(),
           "--port=" + std::to_string(port_), "--bind-address=127.0.0.1", "--pid-file=" + (folder_ / "pid").string(),
           "--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=16M", "--skip-name-resolve",
           kNoSync, kNoInnodbSync})
    command.push_back(word);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (true) {
    if (server_ && server_->running() && MariadbSession("DRIVER={MariaDB Unicode};SOCKET=" + socket() + ";UID=root").error().empty())
      return;
    if (std::chrono::steady_clock::now() > deadline) {
      std::ifstream log(folder_ / "log");
      throw std::runtime_error("MariaDB does not start: " + std::string(std::istreambuf_iterator<char>(log), {}));
    }
    if (!server_ || !server_->running())
      server_ = std::make_unique<sinks::testing::ChildProcess>(command, (folder_ / "log").string(), user_);
    std::this_thread::sleep_for(std::chrono::milliseconds(30));  // it has no event to wait for
  }
}

void MariadbServer::kill_at_once() {
  if (keeper_) return keeper_->ask("kill");
  server_->signal(SIGKILL);
  server_->wait();
}

std::string MariadbServer::connection(const std::string& database, int port) const {
  return "DRIVER={MariaDB Unicode};SERVER=127.0.0.1;PORT=" + std::to_string(port == 0 ? port_ : port) + ";DATABASE=" + database;
}

std::unique_ptr<MariadbSession> MariadbServer::session(const std::string& database) const {
  auto made =
      std::make_unique<MariadbSession>("DRIVER={MariaDB Unicode};SOCKET=" + socket() + ";UID=root;CHARSET=utf8mb4;DATABASE=" + database);
  made->query("SET sql_mode = 'ANSI_QUOTES'");
  return made;
}

Rows MariadbServer::query(const std::string& database, const std::string& sql) const { return session(database)->query(sql); }

std::string MariadbServer::empty_database() {
  // Nobody else's: processes share a server, one after the other.
  database_ = "test" + std::to_string(::getpid());
  query("mysql", "CREATE OR REPLACE DATABASE " + database_);
  return database_;
}

}  // namespace qonduit::odbc::testing

#include "postgresql_server.hpp"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "full_disk.hpp"

namespace qonduit::postgresql::testing {
namespace {

namespace fs = std::filesystem;
using sinks::testing::run;

fs::path server_programs() {
  fs::path newest;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql")) {
    if (fs::exists(entry.path() / "bin" / "initdb") && entry.path() > newest) newest = entry.path();
  }
  if (newest.empty()) throw std::runtime_error("PostgreSQL is not installed: scripts/install-packages test");
  return newest / "bin";
}

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};

}  // namespace

qonduit::testing::Cell shown_cell(const Field& field, const ColumnView& column, std::int64_t row) {
  auto text = qonduit::testing::canonical_cell(field, column, row);
  if (!text) return text;
  switch (field.type) {
    case Type::boolean: return *text == "true" ? "t" : "f";
    case Type::float64: {
      if (*text == "nan") return "NaN";
      if (text->ends_with("inf")) return *text == "inf" ? "Infinity" : "-Infinity";
      const double value = column.float64(row), size = value < 0 ? -value : value;
      if (size != 0 && (size < 1e-4 || size >= 1e15)) return text;
      char digits[64];
      return std::string(digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr);
    }
    case Type::timestamp: {
      std::replace(text->begin(), text->end(), 'T', ' ');
      while (text->back() == '0' && text->find('.') != std::string::npos) text->pop_back();
      if (text->back() == '.') text->pop_back();
      return text;
    }
    case Type::duration: {
      const auto value = column.milliseconds(row);
      const auto size = value < 0 ? -value : value;
      char clock[64];
      std::snprintf(clock, sizeof clock, "%s%02lld:%02lld:%02lld", value < 0 ? "-" : "", static_cast<long long>(size / 3'600'000),
                    static_cast<long long>(size / 60'000 % 60), static_cast<long long>(size / 1000 % 60));
      std::string out = clock;
      if (size % 1000 == 0) return out;
      std::snprintf(clock, sizeof clock, ".%03lld", static_cast<long long>(size % 1000));
      out += clock;
      while (out.back() == '0') out.pop_back();
      return out;
    }
    default: return text;
  }
}

PostgresqlServer::PostgresqlServer(std::unique_ptr<sinks::testing::SharedServer> keeper) : keeper_(std::move(keeper)), user_("postgres") {
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
  query("postgres", "ALTER ROLE etl LOGIN");
  query("postgres", "ALTER ROLE etl RESET ALL");
}

void PostgresqlServer::make() {
  auto pattern = (fs::temp_directory_path() / "qonduit-postgresql-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  folder_ = pattern;
  // Root may not run a server: it belongs to another user then, who must reach its folder.
  fs::permissions(folder_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  const auto made_by = ::geteuid() == 0 ? user_ : std::string();
  if (!made_by.empty()) run({"chown", user_, folder_.string()});
  const auto data = (folder_ / "data").string();
  run({(server_programs() / "initdb").string(), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"},
      made_by);
  const auto file = [&](const char* name) { return (folder_ / name).string(); };
  run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
       "/CN=test authority", "-keyout", file("ca.key"), "-out", file("ca.crt")},
      made_by);
  run({"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost", "-addext",
       "subjectAltName=DNS:localhost", "-keyout", file("server.key"), "-out", file("server.csr")},
      made_by);
  run({"openssl", "x509", "-req", "-days", "2", "-in", file("server.csr"), "-CA", file("ca.crt"), "-CAkey", file("ca.key"),
       "-CAcreateserial", "-copy_extensions", "copy", "-out", file("server.crt")},
      made_by);
  run({"chmod", "600", file("server.key")});
  std::ofstream(folder_ / "data" / "pg_hba.conf")
      << "local all postgres trust\nhost all etl 127.0.0.1/32 scram-sha-256\nhost all etl ::1/128 scram-sha-256\n";
  port_ = sinks::testing::free_port();
  start();
  query("postgres", "CREATE ROLE etl LOGIN PASSWORD '" + std::string(password()) + "'");
}

PostgresqlServer::~PostgresqlServer() {
  if (keeper_) {
    try {
      if (!database_.empty()) query("postgres", "DROP DATABASE " + database_ + " WITH (FORCE)");
    } catch (const std::exception&) {
      // A server that a failed test has left behind: its database hinders nobody.
    }
    return;
  }
  if (server_) {
    server_->signal(SIGQUIT);
    server_->wait();
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

PostgresqlServer& PostgresqlServer::shared() {
  static PostgresqlServer server(sinks::testing::SharedServer::find("postgresql"));
  return server;
}

sinks::testing::KeptServer PostgresqlServer::kept() {
  return {{folder_, {port_}}, {{"start", [this] { start(); }}, {"kill", [this] { kill_at_once(); }}}};
}

void PostgresqlServer::start() {
  if (keeper_) return keeper_->ask("start");
  const auto file = [&](const char* name) { return (folder_ / name).string(); };
  auto command = sql::testing::FullDisk::preload(folder_, "/base/");
  command.insert(command.end(), {(server_programs() / "postgres").string(), "-D", file("data")});
  for (const auto& setting : {"port=" + std::to_string(port_), std::string("listen_addresses=127.0.0.1"),
                              "unix_socket_directories=" + folder_.string(), std::string("ssl=on"), "ssl_cert_file=" + file("server.crt"),
                              "ssl_key_file=" + file("server.key"), std::string("max_connections=50"), std::string("shared_buffers=64MB"),
                              std::string("restart_after_crash=off"), std::string("fsync=off")}) {
    command.insert(command.end(), {"-c", setting});
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  const auto conninfo = "host=" + folder_.string() + " port=" + std::to_string(port_) + " user=postgres dbname=postgres";
  while (PQping(conninfo.c_str()) != PQPING_OK) {
    if (std::chrono::steady_clock::now() > deadline) {
      std::ifstream log(folder_ / "log");
      throw std::runtime_error("PostgreSQL does not start: " + std::string(std::istreambuf_iterator<char>(log), {}));
    }
    // A server that was killed may hold its shared memory for a moment longer, and its successor ends at once.
    if (!server_ || !server_->running()) server_ = std::make_unique<sinks::testing::ChildProcess>(command, file("log"), user_);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // PQping has no event to wait for
  }
}

// The postmaster's children would go on for a moment, and the next start would wait for their shared memory.
void PostgresqlServer::kill_at_once() {
  if (keeper_) return keeper_->ask("kill");
  server_->signal(SIGSTOP);
  for (const auto child : sinks::testing::children_of(server_->pid())) ::kill(child, SIGKILL);
  server_->signal(SIGKILL);
  server_->wait();
}

std::string PostgresqlServer::url(const std::string& database, const std::string& host) const {
  return "postgresql://etl@" + host + ":" + std::to_string(port_) + "/" + database;
}

std::string PostgresqlServer::odbc_connection(const std::string& database, int port) const {
  return "DRIVER={PostgreSQL Unicode};SERVER=127.0.0.1;PORT=" + std::to_string(port == 0 ? port_ : port) + ";DATABASE=" + database;
}

void PostgresqlServer::shut_out(const std::string& role) const {
  query("postgres", "ALTER ROLE " + role + " NOLOGIN");
  query("postgres", "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '" + role + "'");
}

Rows PostgresqlServer::query(const std::string& database, const std::string& sql) const {
  const auto conninfo = "host=" + folder_.string() + " port=" + std::to_string(port_) + " user=postgres dbname=" + database;
  const std::unique_ptr<PGconn, Finish> connection(PQconnectdb(conninfo.c_str()));
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
  Rows rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    auto& cells = rows.emplace_back();
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      cells.push_back(PQgetisnull(result.get(), row, column) != 0
                          ? std::nullopt
                          : std::optional(std::string(PQgetvalue(result.get(), row, column),
                                                      static_cast<std::size_t>(PQgetlength(result.get(), row, column)))));
    }
  }
  return rows;
}

std::string PostgresqlServer::empty_database() {
  if (database_.empty()) {
    // Nobody else's: processes share a server, one after the other.
    database_ = "test" + std::to_string(::getpid());
    query("postgres", "DROP DATABASE IF EXISTS " + database_);  // of a process of this number that died
    query("postgres", "CREATE DATABASE " + database_ + " OWNER etl");
  } else {
    for (const auto& schema :
         query(database_, "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"))
      query(database_, "DROP SCHEMA " + *schema[0] + " CASCADE");
    query(database_, "CREATE SCHEMA public AUTHORIZATION pg_database_owner");
  }
  query(database_, "GRANT ALL ON SCHEMA public TO etl");
  return database_;
}

}  // namespace qonduit::postgresql::testing

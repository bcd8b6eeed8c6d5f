// A connection of libpq: made with defaults that are safe, its failures as Status. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <libpq-fe.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "plugins/sinks/sql/core/database.hpp"

namespace qonduit::postgresql {

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

// Where the database is, read from the option without any I/O.
struct Address {
  std::string url;       // as given
  std::string target;    // for messages: "postgresql://user@host:5432/database"
  bool remote = false;   // on another machine
  bool sslmode = false;  // the url says how the connection is secured
  bool sslroot = false;  // and which authorities are trusted
};
// invalid_config for what libpq does not understand, and for a password in it: that belongs into the option password.
Result<Address> parse_address(const std::string& url);

class Connection {
 public:
  Connection(Address address, std::string password) : address_(std::move(address)), password_(std::move(password)) {}

  [[nodiscard]] const std::string& target() const { return address_.target; }
  Status open();
  void close() noexcept;
  // From another thread: asks the server to end the statement under way.
  void interrupt() noexcept;
  // False also when the server has closed it.
  [[nodiscard]] bool open_now() const { return connection_ != nullptr && PQstatus(connection_.get()) == CONNECTION_OK; }

  // One statement with text parameters, or several without.
  Result<ResultHandle> run(const std::string& sql, const sql::Params& params = {});
  // What a result says went wrong, or ok.
  [[nodiscard]] Status status_of(const PGresult* result, std::string_view what) const;
  [[nodiscard]] PGconn* get() const { return connection_.get(); }

 private:
  struct Finish {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  };
  Address address_;
  std::string password_;
  std::unique_ptr<PGconn, Finish> connection_;
  struct FreeCancel {
    void operator()(PGcancel* cancel) const noexcept { PQfreeCancel(cancel); }
  };
  std::mutex cancel_mutex_;
  std::unique_ptr<PGcancel, FreeCancel> cancel_;  // of the connection; null: there is none
};

}  // namespace qonduit::postgresql

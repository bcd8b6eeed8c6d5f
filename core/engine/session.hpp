// One authenticated connection to the engine, for one user and one app. Private: its URL carries /identity/<uuid>, because a shared
// session brings a stranger's selections; a fresh connect that is answered SESSION_ATTACHED is refused. Thread-safe but for
// reconnect(), which one thread calls while no call is under way.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/engine/begun_lists.hpp"
#include "core/engine/calls.hpp"
#include "core/engine/sheets_ahead.hpp"
#include "core/engine/transport.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

// Makes a connected transport for this URL: connect_websocket in production, a fake in unit tests.
using TransportFactory = std::function<Result<std::unique_ptr<Transport>>(const config::Connection&, const std::string& url)>;

class Session : public Objects {
 public:
  // Connects and waits for OnConnected, which may come before or after OnAuthenticationInformation. app_id is for routing; empty asks
  // for app/engineData, where only Global calls work. After a stop request, now or later, nobody waits for the engine: every call
  // completes with cancelled, and only session objects are still destroyed.
  static Result<std::unique_ptr<Session>> open(const config::Connection& connection, const std::string& app_id,
                                               const TransportFactory& factory, const std::stop_token& stop = {});
  ~Session() override;  // destroys session objects, closes with 1000

  // Opens the app and checks that it has its data (qIsOpenedWithoutData). The Doc handle stays open with the session. meanwhile: what is
  // asked of the app together with that; it must not wait. May be empty.
  virtual Result<AppInfo> open_app(const std::string& app_id, const std::function<void(Session&)>& meanwhile) = 0;
  Result<AppInfo> open_app(const std::string& app_id) { return open_app(app_id, {}); }
  [[nodiscard]] const AppInfo& app() const { return watch().known(); }  // as it was seen last

  // After the socket dropped: connects again with back-off and jitter (connection.reconnect_attempts), accepts SESSION_ATTACHED to our
  // own identity, opens the app again and gives every leased handle its new number.
  Status reconnect(std::stop_token stop) override = 0;
  // Puts the app into the state it is read in: selections, variables. reconnect() calls it before it answers ok, on its own thread, with
  // the app open and every leased handle renewed: a session that the engine made anew has no selections, and reading on would deliver
  // unfiltered data as filtered. When it fails for good nothing can be read over this session any more. One at a time; empty: none.
  using Restore = std::function<Status(const std::stop_token& stop)>;
  virtual void restore_with(Restore restore) = 0;
  // How often reconnect() succeeded.
  [[nodiscard]] virtual int reconnects() const { return 0; }
  // Asks for leases on objects before they are wanted: begin_object() gives them, each once. Those nobody takes end with the connection.
  // It does not wait.
  virtual void open_ahead(const std::vector<std::string>& ids) = 0;
  // Lists of the app that were begun before they are wanted.
  [[nodiscard]] BegunLists& begun_lists() noexcept { return begun_lists_; }
  [[nodiscard]] SheetsAhead& sheets_ahead() noexcept { return sheets_ahead_; }
  // Calls that were made, and how often something was waited for.
  struct Traffic {
    std::int64_t calls = 0, waits = 0;
  };
  [[nodiscard]] virtual Traffic traffic() const { return {}; }

 private:
  BegunLists begun_lists_{*this};
  SheetsAhead sheets_ahead_{*this};
};

}  // namespace qonduit::engine

// From a configured connection and the app as a user names it to a session with the app open.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "core/config/config.hpp"
#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// The ids of apps that were looked up by their titles, for the life of a process. Thread-safe.
class AppIds {
 public:
  // Empty: it was not looked up, or is there no more.
  [[nodiscard]] std::string find(const config::Connection& connection, const std::string& title) const;
  // id: empty forgets it.
  void keep(const config::Connection& connection, const std::string& title, const std::string& id);

 private:
  static std::string key(const config::Connection& connection, const std::string& title);
  mutable std::mutex mutex_;
  std::map<std::string, std::string> ids_;
};

struct WantedApp {
  std::string name;                                      // an id, or a title that only one app has
  std::function<void(engine::Session&)> meanwhile = {};  // asks what is asked of it as soon as it is open; see Session::open_app
};

// What there is to tell of connecting, also where it failed.
struct Connecting {
  bool logged_in = false;          // the engine let us in; then a failure means that the app is not there
  engine::Session::Traffic ended;  // of sessions that are over; added to
};

// To find a title takes another session, which reads the list of apps, unless `known` has its id already; it may be null.
Result<std::unique_ptr<engine::Session>> connect_to_app(const config::Connection& connection, const WantedApp& app,
                                                        const engine::TransportFactory& transport, const std::stop_token& stop,
                                                        AppIds* known, Connecting& told);

}  // namespace qonduit::pipeline

// The engine behind all sockets: apps, sessions, fault counters. One per process, shared by every connection.
#pragma once

#include <memory>
#include <vector>

#include "apps/app.hpp"
#include "calls/export.hpp"
#include "options.hpp"
#include "session/registry.hpp"
#include "wire/live_sockets.hpp"

namespace qonduit::simulator {

class Engine {
 public:
  // Loads every app the options name. Throws Poco::Exception saying which file is wrong.
  explicit Engine(const Options& options);

  [[nodiscard]] App* find_app(const std::string& id) const;
  [[nodiscard]] const std::vector<std::unique_ptr<App>>& apps() const { return apps_; }
  [[nodiscard]] const Faults& faults() const { return fault_counter_.faults(); }
  [[nodiscard]] bool desktop() const { return desktop_; }
  [[nodiscard]] const Assumptions& assumptions() const { return assumptions_; }
  [[nodiscard]] FaultCounter& fault_counter() { return fault_counter_; }
  [[nodiscard]] SessionRegistry& sessions() { return sessions_; }
  [[nodiscard]] LiveSockets& live_sockets() { return live_sockets_; }
  [[nodiscard]] Exports& exports() { return exports_; }

 private:
  FaultCounter fault_counter_;
  Assumptions assumptions_;
  bool desktop_;
  std::vector<std::unique_ptr<App>> apps_;
  SessionRegistry sessions_;
  LiveSockets live_sockets_;
  Exports exports_;
};

}  // namespace qonduit::simulator

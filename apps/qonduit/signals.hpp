// What signals mean to the host: SIGINT and SIGTERM stop, a second one stops at once, SIGHUP opens the log anew, and no signal of an ended
// terminal, a closed pipe or a limit on file sizes kills.
#pragma once

#include <csignal>
#include <cstdint>
#include <stop_token>
#include <thread>

namespace qonduit::app {

// To be called before anything else: what arrives from then on waits until somebody listens. Threads inherit it.
void hold_signals();

// Listens while it lives, on a thread of its own.
class Signals {
 public:
  // Poco's ServerApplication waits for the signals that stop it itself.
  enum class Stop : std::uint8_t { here, elsewhere };
  explicit Signals(Stop stop);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  sigset_t set_{};
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace qonduit::app

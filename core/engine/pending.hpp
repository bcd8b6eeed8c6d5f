// Replies on their way to the one thread that reads an app. Calls are made without waiting; that thread asks what is complete, and sleeps
// until something arrives. While it waits for one thing it can see to others: whatever waits, in whatever place, does the same rounds.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "core/engine/rpc.hpp"

namespace qonduit::engine {

class Calls;

// Where the replies of a session are announced. notify() from any thread; all else from the one that waits.
class Arrivals {
 public:
  void notify();
  // Sleeps until `done` answers true; it is asked again after each arrival. False: stopped first.
  bool wait(const std::function<bool()>& done, const std::stop_token& stop = {});
  // Runs `round` before each sleep of a wait, but not inside another round. Empty: nothing is to be seen to. It must not wait itself.
  // Answers the one before.
  std::function<void()> meanwhile(std::function<void()> round) { return std::exchange(round_, std::move(round)); }
  // How often something was waited for.
  [[nodiscard]] std::int64_t waits() const noexcept { return waits_; }

 private:
  std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::uint64_t count_ = 0;  // of arrivals; guarded
  std::function<void()> round_;
  bool in_round_ = false;
  std::int64_t waits_ = 0;
};

// What is seen to in waits, for as long as this lives; in place of what was seen to before.
class Rounds {
 public:
  Rounds(Arrivals& arrivals, std::function<void()> round) : arrivals_(arrivals), before_(arrivals.meanwhile(std::move(round))) {}
  Rounds(const Rounds&) = delete;
  Rounds& operator=(const Rounds&) = delete;
  ~Rounds() { arrivals_.meanwhile(std::move(before_)); }

 private:
  Arrivals& arrivals_;
  std::function<void()> before_;
};

// Calls that were made at once. Moves; its end leaves the calls alone, and their replies go nowhere.
class Pending {
 public:
  Pending() = default;  // of no call: complete
  // arrived: of each reply as it comes, with the call's place; on rpc's thread, so it is short.
  Pending(Calls& engine, std::vector<Call> calls, std::function<void(std::size_t)> arrived = {});

  [[nodiscard]] bool complete() const;
  // Waits for all replies, which are in the order of the calls. Once.
  std::vector<Reply> take();
  void cancel();

 private:
  struct State;
  Calls* engine_ = nullptr;
  std::shared_ptr<State> state_;
  std::vector<Rpc::CallId> ids_;
};

// Makes all calls at once and waits for all replies, which come back in the order of the calls: calls that do not need each other's
// answers cost one round trip together. Timeouts of the calls are the session's. REQUIRES: not on rpc's thread.
std::vector<Reply> call_all(Calls& engine, std::vector<Call> calls);

}  // namespace qonduit::engine

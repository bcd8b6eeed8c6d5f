// Deliberate bad behaviour, for rehearsals and tests. Everything is decided by counting and by a seed, so that a bad day comes back the
// same. Options set single faults; a profile, built in or a .properties file, sets many.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace qonduit::simulator {

// 0 or empty means off. Counts are over all connections of the process.
struct Faults {
  std::uint64_t seed = 1;
  // Time.
  std::uint64_t latency_ms = 0;     // every reply leaves this much after it was computed
  std::uint64_t jitter_ms = 0;      // and up to this much more
  std::uint64_t bandwidth = 0;      // bytes a second of one connection
  std::uint64_t open_ms = 0;        // how long OpenDoc takes
  std::uint64_t reload_ms = 0;      // how long a reload takes
  std::uint64_t ping_every_ms = 0;  // WebSocket pings
  bool out_of_order = false;        // every second reply is overtaken by the next
  // Calls.
  struct MethodError {
    std::string method;
    std::uint64_t nth = 0;  // this call of the method, or with repeats every nth
    bool repeats = false;
    int code = 0;
  };
  std::vector<MethodError> errors;
  std::uint64_t abort_every = 0;      // error 15 on every Nth data call
  std::uint64_t abort_after = 0;      // a storm: error 15 on every data call after this many,
  std::uint64_t abort_count = 0;      // for this many
  std::uint64_t max_cells = 10'000;   // more cells than this in one data call: error 7009
  std::uint64_t max_reply_bytes = 0;  // larger replies become error -32604
  // Data.
  std::uint64_t short_pages = 0;      // at most N rows in one page
  std::uint64_t empty_every = 0;      // every Nth data call answers no rows
  std::uint64_t duplicate_every = 0;  // every Nth data call answers its first page twice
  std::uint64_t shift_every = 0;      // every Nth data call answers from one row further down
  std::uint64_t change_after = 0;     // data changes after N data calls, once, and a change push follows
  std::int64_t size_offset = 0;       // layouts say so many rows more (or fewer) than there are
  // Frames.
  std::uint64_t hostile_every = 0;   // every Nth reply is not JSON, not UTF-8, cut short or nested without end
  std::uint64_t oversize_bytes = 0;  // every reply carries a member of this size that nobody asked for
  std::uint64_t fragment_bytes = 0;  // replies go out in continuation frames of this size
  // Connections.
  std::uint64_t drop_after = 0;        // the socket closes without a word after N data calls, once
  std::uint64_t drop_at_frame = 0;     // the Nth frame is not sent, its socket is cut instead, once
  std::uint64_t drop_every_ms = 0;     // every connection is cut this long after it began
  std::uint64_t silent_after = 0;      // after N data calls one connection reads on but answers no more, once
  std::uint64_t half_close_after = 0;  // after N data calls the engine's half of one connection is closed, once
  std::uint64_t close_after = 0;       // after N data calls one connection is closed with close_code, once
  std::uint64_t close_code = 1001;     // a WebSocket close code
  std::uint64_t idle_ms = 0;           // a connection that asks nothing for so long is closed, as for inactivity
  bool wedge_on_ping = false;          // after a client's ping nothing is answered any more, as behind some proxies
  std::uint64_t refuse_first = 0;      // so many connections get notify before one is let in; 0 with notify: all of them
  std::string notify;                  // a fatal notification instead of a session, then close
  bool no_data = false;                // apps open without data
};

// Sets what a profile says. The name is one of profile_names() or the path of a .properties file. Throws Poco::Exception naming the
// profile, and the key that is unknown or whose value is wrong.
void apply_profile(const std::string& name, Faults& faults);
[[nodiscard]] const std::vector<std::string>& profile_names();
// The text of a built-in profile; throws Poco::NotFoundException.
[[nodiscard]] std::string profile_text(const std::string& name);

// Counts what happens and says what is to go wrong. Any thread.
class FaultCounter {
 public:
  explicit FaultCounter(Faults faults) : faults_(std::move(faults)) {}
  [[nodiscard]] const Faults& faults() const { return faults_; }

  struct DataCall {
    bool abort = false, drop = false, change = false, empty = false, duplicate = false, shift = false, silent = false, half_close = false,
         close = false;
  };
  [[nodiscard]] DataCall data_call();
  // Counts this call of a method. Its error, if any.
  [[nodiscard]] std::optional<int> method_error(const std::string& method);
  // True when this frame is to be lost with its connection.
  [[nodiscard]] bool drops_frame();
  // True when this connection is to be refused with the notification.
  [[nodiscard]] bool refuses();
  // Milliseconds this reply is late by.
  [[nodiscard]] std::uint64_t delay();
  // What is to be sent in place of a reply; empty when the reply itself is.
  [[nodiscard]] std::string hostile(const std::string& reply);

  // Remembers that a fault happened, by the key of its profile; those decided here remember themselves.
  void note(const std::string& fault);
  // How often each happened.
  [[nodiscard]] std::map<std::string, std::uint64_t> noted() const;
  [[nodiscard]] std::uint64_t data_calls() const { return data_calls_.load(); }
  // How often each method was called.
  [[nodiscard]] std::map<std::string, std::uint64_t> method_calls() const;

 private:
  Faults faults_;
  std::atomic<std::uint64_t> data_calls_{0}, frames_{0}, connections_{0}, replies_{0}, delays_{0};
  mutable std::mutex mutex_;  // of what follows
  std::map<std::string, std::uint64_t> method_calls_, noted_;
};

}  // namespace qonduit::simulator

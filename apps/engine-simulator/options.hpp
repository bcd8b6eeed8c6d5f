// What the simulator serves, where, and how it misbehaves. Filled by the command line or by a test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/synthetic_app.hpp"

namespace qonduit::simulator {

// Deliberate bad behaviour; 0 or empty means off. Counts are over all connections of the process.
struct Faults {
  std::uint64_t latency_ms = 0;       // every reply leaves this much after it was computed
  std::uint64_t abort_every = 0;      // error 15 on every Nth data call
  std::uint64_t max_cells = 10'000;   // more cells than this in one data call: error 7009
  std::uint64_t max_reply_bytes = 0;  // larger replies become error -32604
  std::uint64_t drop_after = 0;       // the socket closes without a word after N data calls, once
  std::uint64_t short_pages = 0;      // at most N rows in one page
  std::uint64_t change_after = 0;     // data changes after N data calls, once, and a change push follows
  std::uint64_t reload_ms = 0;        // how long a reload takes
  std::uint64_t fragment_bytes = 0;   // replies go out in continuation frames of this size
  std::uint64_t ping_every_ms = 0;    // WebSocket pings
  bool out_of_order = false;          // every second reply is overtaken by the next
  bool no_data = false;               // apps open without data
  std::string notify;                 // a fatal notification instead of a session, then close
};

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4747;
  std::string port_file;
  bool plain = false;
  std::string certificate;
  std::string key;
  std::string ca;
  std::vector<std::string> apps;
  bool gallery = false;
  bool synthetic = false;
  SyntheticShape shape;
  std::string layouts;
  bool layouts_trim = false;
  std::size_t session_limit = 0;  // sessions of one user at once; 0: any number
  Faults faults;
};

}  // namespace qonduit::simulator

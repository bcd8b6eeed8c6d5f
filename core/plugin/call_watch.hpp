// Watches the calls of plugins, and finds those that take long: a sink that waits for a target that does not answer. One thread.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "qonduit/host/host.hpp"

namespace qonduit::plugin {

class CallWatch {
 public:
  // host outlives it. A call is said after `first`, and again whenever it has taken twice as long.
  explicit CallWatch(const host::Host& host, std::chrono::milliseconds first = std::chrono::seconds(60)) : host_(host), first_(first) {}

  // "sink 'lake' (plugin 'csv') has been in write for 60 s", of the calls that have reached such a time since the last look.
  std::vector<std::string> look();

 private:
  const host::Host& host_;
  std::chrono::milliseconds first_;
  std::map<std::string, std::chrono::milliseconds> next_;  // of each call under way: when it is said next
};

}  // namespace qonduit::plugin

// Calls of plugins that do not return: a sink waits for a target that does not answer. They are said in the log; and where the process was
// asked to end, it ends without them.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace qonduit::app {

class ForcedEnd {
 public:
  // Logs calls that take a minute and more. A second and a half after the request a call of a plugin that does not return ends the process
  // with kInterrupted, and is named on standard error; what is the host's own has ten seconds.
  explicit ForcedEnd(std::stop_token requested);
  ForcedEnd(const ForcedEnd&) = delete;
  ForcedEnd& operator=(const ForcedEnd&) = delete;
  ~ForcedEnd();

 private:
  void wait(const std::stop_token& requested);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool done_ = false;
  std::thread thread_;
};

// Now, whatever is under way: for those who ask a second time.
[[noreturn]] void end_at_once();

}  // namespace qonduit::app

// Runs pipelines when they are due, each on a thread of its own and never twice at once. A run that takes longer than its interval
// makes the times it missed fall away: the next one starts at the next multiple of the interval. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace qonduit::service {

struct Schedule {
  std::string pipeline;
  std::chrono::milliseconds every{0};
};

// When the run after one that began at `began` is due: a whole number of intervals after it, and not before `now`.
std::chrono::steady_clock::time_point next_due(std::chrono::steady_clock::time_point began, std::chrono::milliseconds every,
                                               std::chrono::steady_clock::time_point now);

class Scheduler {
 public:
  using Clock = std::chrono::steady_clock;
  using Run = std::function<void(const std::string& pipeline, std::stop_token stop)>;
  // Waits until then, or until stopped: answers false then. Tests bring their own.
  using Wait = std::function<bool(Clock::time_point until, const std::stop_token& stop)>;

  // run is called on the pipeline's thread and must not throw. The first runs start at once.
  Scheduler(std::vector<Schedule> schedules, Run run, Wait wait = {});
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  ~Scheduler();  // stop()

  // Asks running pipelines to stop and waits for them.
  void stop();

 private:
  void serve(const Schedule& schedule, const std::stop_token& stop);

  Run run_;
  Wait wait_;
  std::vector<std::jthread> threads_;
};

}  // namespace qonduit::service

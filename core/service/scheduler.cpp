#include "core/service/scheduler.hpp"

#include <algorithm>

#include <utility>

namespace qonduit::service {

std::chrono::steady_clock::time_point next_due(std::chrono::steady_clock::time_point began, std::chrono::milliseconds every,
                                               std::chrono::steady_clock::time_point now) {
  const auto passed = now - began;
  const auto intervals = passed <= std::chrono::steady_clock::duration::zero() ? 1 : (passed + every - std::chrono::nanoseconds(1)) / every;
  return began + every * std::max<decltype(intervals)>(1, intervals);
}

Scheduler::Scheduler(std::vector<Schedule> schedules, Run run, Wait wait) : run_(std::move(run)), wait_(std::move(wait)) {
  if (!wait_) {
    wait_ = [](Clock::time_point until, const std::stop_token& stop) {
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any never;
      never.wait_until(lock, stop, until, [] { return false; });
      return !stop.stop_requested();
    };
  }
  for (auto& schedule : schedules) {
    threads_.emplace_back([this, schedule = std::move(schedule)](const std::stop_token& stop) { serve(schedule, stop); });
  }
}

Scheduler::~Scheduler() { stop(); }

void Scheduler::stop() {
  for (auto& thread : threads_) thread.request_stop();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Scheduler::serve(const Schedule& schedule, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto began = Clock::now();
    run_(schedule.pipeline, stop);
    if (!wait_(next_due(began, schedule.every, Clock::now()), stop)) return;
  }
}

}  // namespace qonduit::service

#include "core/engine/back_off.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace qonduit::engine {

std::chrono::milliseconds BackOff::next() {
  std::uniform_int_distribution<std::int64_t> spread(next_.count() / 2, next_.count());
  next_ = std::min(next_ * 2, longest_);
  return std::chrono::milliseconds(spread(jitter_));
}

bool BackOff::pause(const std::stop_token& stop) { return interruptible_pause(next(), stop); }

bool interruptible_pause(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace qonduit::engine

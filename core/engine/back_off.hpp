// The pauses between attempts: each about twice as long as the one before, up to a limit, and never the same for two hosts that failed
// together. One thread.
#pragma once

#include <chrono>
#include <random>
#include <stop_token>

namespace qonduit::engine {

class BackOff {
 public:
  BackOff(std::chrono::milliseconds first, std::chrono::milliseconds longest) : next_(first), longest_(longest) {}

  // Between half of the present length and all of it; the next one is longer.
  std::chrono::milliseconds next();
  // Waits that long. False when stopped first.
  bool pause(const std::stop_token& stop);

 private:
  std::chrono::milliseconds next_;
  std::chrono::milliseconds longest_;
  std::minstd_rand jitter_{std::random_device{}()};
};

// Waits. False when stopped first.
bool interruptible_pause(std::chrono::milliseconds time, const std::stop_token& stop);

}  // namespace qonduit::engine

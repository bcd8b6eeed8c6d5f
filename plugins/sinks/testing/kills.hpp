// How often tests kill hosts and servers, and when. A test kills once, at a moment that is another one each time; scripts/nightly asks
// for a thousand.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace qonduit::sinks::testing {

// QONDUIT_KILLS, or one. Throws for what is no whole number of at least 1: a test that kills nothing proves nothing.
inline int kills() {
  const char* wished = std::getenv("QONDUIT_KILLS");
  if (wished == nullptr) return 1;
  const std::string_view text(wished);
  int kills = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), kills);
  if (error != std::errc() || end != text.end() || kills < 1)
    throw std::runtime_error("QONDUIT_KILLS is no whole number of at least 1: " + std::string(text));
  return kills;
}

// Says by which seed it chooses; QONDUIT_SEED repeats what a seed gave.
inline std::mt19937 chosen_moments() {
  const char* wished = std::getenv("QONDUIT_SEED");
  const auto seed = wished == nullptr ? std::random_device()() : static_cast<unsigned>(std::strtoul(wished, nullptr, 10));
  std::cout << "QONDUIT_SEED=" << seed << std::endl;
  return std::mt19937(seed);
}

// One of them, less than `end` away.
inline std::chrono::microseconds moment_before(std::chrono::microseconds end, std::mt19937& random) {
  return std::chrono::microseconds(std::uniform_int_distribution<std::chrono::microseconds::rep>(0, end.count() - 1)(random));
}

}  // namespace qonduit::sinks::testing

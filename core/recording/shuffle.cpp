#include "core/recording/shuffle.hpp"

#include <string>

namespace qonduit::recording {
namespace {

constexpr std::uint32_t kRounds = 4;

void append(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift & 0xff));
}

}  // namespace

void shuffle(const Key& key, std::vector<Wheel>& wheels, std::uint32_t purpose) {
  if (wheels.size() == 1) {
    wheels[0].at = shuffled(key, wheels[0].at, wheels[0].letters, purpose);
    return;
  }
  std::string seed;
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    // One half, every second wheel, says how far the wheels of the other are turned.
    const std::size_t read = round % 2;
    seed.clear();
    append(seed, purpose);
    append(seed, round);
    append(seed, static_cast<std::uint32_t>(wheels.size()));
    for (std::size_t i = read; i < wheels.size(); i += 2) append(seed, wheels[i].at);
    const auto counter = seed.size();
    append(seed, 0);
    for (std::size_t i = 1 - read; i < wheels.size(); i += 2) {
      seed.resize(counter);
      append(seed, static_cast<std::uint32_t>(i));
      auto& wheel = wheels[i];
      wheel.at = static_cast<std::uint32_t>((wheel.at + keyed_hash(key, seed) % wheel.letters) % wheel.letters);
    }
  }
}

std::uint32_t shuffled(const Key& key, std::uint32_t at, std::uint32_t letters, std::uint32_t purpose) {
  if (letters < 2) return at;
  std::string seed;
  append(seed, purpose);
  append(seed, letters);
  return static_cast<std::uint32_t>((at + 1 + keyed_hash(key, seed) % (letters - 1)) % letters);
}

}  // namespace qonduit::recording

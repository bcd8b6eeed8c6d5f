// A keyed permutation of all texts of one shape: positions with so many letters each, mapped one to one onto each other, so that different
// values stay different. A Feistel network over mixed radices. Thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "core/recording/keyed_hash.hpp"

namespace qonduit::recording {

struct Wheel {
  std::uint32_t at;       // 0 <= at < letters
  std::uint32_t letters;  // how many there are to choose from
};

// purpose keeps permutations of different things apart.
void shuffle(const Key& key, std::vector<Wheel>& wheels, std::uint32_t purpose);
// The same for one number below `letters`, never itself where there is another.
std::uint32_t shuffled(const Key& key, std::uint32_t at, std::uint32_t letters, std::uint32_t purpose);

}  // namespace qonduit::recording

// splitmix64: numbers that look random and are the same on every machine, unlike those of the standard library's distributions.
#pragma once

#include <cstdint>

namespace qonduit::simulator {

[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

}  // namespace qonduit::simulator

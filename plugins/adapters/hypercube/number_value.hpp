// What numbers of the engine mean: serials of days since 1899-12-30, and how large an integer a double holds exactly. Source: protocol,
// formats and duals.
#pragma once

#include <cstdint>

namespace qonduit::hypercube {

inline constexpr double kUnixEpochSerial = 25569.0;  // 1970-01-01
inline constexpr double kMillisecondsPerDay = 86'400'000.0;
inline constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: above it a double cannot tell neighbours apart

// Element numbers that mean something else than a value. Source: protocol, cell semantics.
inline constexpr std::int64_t kTotal = -1, kNull = -2, kOthers = -3, kEmpty = -4;

}  // namespace qonduit::hypercube

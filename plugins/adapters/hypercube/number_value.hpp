// What numbers of the engine mean: as values of columns (qonduit/dual.hpp), and as elements of a cube. Source: protocol, cell semantics.
#pragma once

#include <qonduit/dual.hpp>

#include <cstdint>

namespace qonduit::hypercube {

using dual::kExactIntegers;
using dual::kMillisecondsPerDay;
using dual::kUnixEpochSerial;

// Element numbers that mean something else than a value.
inline constexpr std::int64_t kTotal = -1, kNull = -2, kOthers = -3, kEmpty = -4;

}  // namespace qonduit::hypercube

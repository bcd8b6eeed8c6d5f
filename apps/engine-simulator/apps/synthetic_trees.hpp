// The synthetic app's pivot, stack and tree: two dimensions, Block (of a thousand rows) and Row (its number), and two measures. Nodes and
// values are written as they are asked for, from the row's number alone; nothing grows with the rows.
#pragma once

#include <cstdint>
#include <memory>

#include "cube/cube.hpp"

namespace qonduit::simulator {

inline constexpr std::uint64_t kSyntheticBlock = 1000;
inline constexpr std::uint32_t kSyntheticMeasures = 2;

// The value of a row in a measure.
[[nodiscard]] double synthetic_value(std::uint64_t row, std::uint32_t measure, std::uint64_t seed);

// The cube of a mode (P, K, T) over so many rows; a null layout mode for another.
[[nodiscard]] EvaluatedCube synthetic_tree_cube(const std::string& mode, std::uint64_t rows, std::uint64_t seed);

}  // namespace qonduit::simulator

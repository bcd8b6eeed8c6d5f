// The table of a cube's keys, and how their texts are understood. A pure function of the text: what is wrong comes back in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/cube.hpp"
#include "core/config/keys.hpp"

namespace qonduit::config {

const std::vector<Key<Cube>>& cube_keys();  // pipeline.NAME.cube.CUBE.*

// "Region", "[Order Date]", "=Year([Order Date]) as Year", "master:Region". The problem in words, or empty.
std::string parse_dimension(std::string_view text, CubeColumn& out);
// "Sum(Sales) as Revenue format money '#,##0.00'", "master:Sales".
std::string parse_measure(std::string_view text, CubeColumn& out);
// Makes sort out of sort_text, for which the columns must be known. REQUIRES: dimensions and measures were understood.
std::string understand_sort(Cube& cube);

}  // namespace qonduit::config

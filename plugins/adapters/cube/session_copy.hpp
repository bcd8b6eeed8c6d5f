// The definition of a session object that holds one cube of the published object and nothing else: fully expanded, as a pivot, arranged so
// that a row can be decoded from one page. What is computed stays as it is: dimensions and measures, master items, states, conditions,
// limits with their Others, null handling, sorting, attributes. Why stacks and trees are read as pivots: docs/decisions.
#pragma once

#include <qonduit/status.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "plugins/adapters/cube/cube_options.hpp"
#include "plugins/adapters/cube/level_layout.hpp"

namespace qonduit::cube {

// layout: of the published cube. Nothing where the properties do not define the cube.
Result<std::optional<std::string>> session_copy(const LevelLayout& layout, std::string_view properties_json, const CubeOptions& options);

}  // namespace qonduit::cube

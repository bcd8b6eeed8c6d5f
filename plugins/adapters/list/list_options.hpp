// What a user sets for lists: what straight cubes have, and the element numbers.
#pragma once

#include "plugins/adapters/straight/straight_options.hpp"

namespace qonduit::list {

inline constexpr auto kOptions =
    options(straight::kDual, straight::kDualOf, straight::kSpecialRows, straight::kTypeConflict, straight::kOnMixed,
            option("element-numbers", &straight::StraightOptions::element_numbers,
                   "Deliver the engine's number of each value in a column element; selections are made with it."));

}  // namespace qonduit::list

// The cubes and expressions of a pipeline as its recording has them: fields and labels by their names there, literals replaced. Pure.
#pragma once

#include <string>

#include "core/config/cube.hpp"
#include "core/recording/json_scrambler.hpp"

namespace qonduit::app {

// Behind the = of expression.NAME.
std::string recorded_expression(const config::NamedExpression& expression, const recording::JsonScrambler& scrambler);
// Behind the = of cube.CUBE.KEY; a key that names nothing stays as it is written.
std::string recorded_cube(const config::Cube& cube, const std::string& key, const std::string& written,
                          const recording::JsonScrambler& scrambler);

}  // namespace qonduit::app

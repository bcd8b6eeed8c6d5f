// The definitions of session objects for what the configuration describes: a cube, the values of a field. Pure functions of their
// arguments. Source: protocol, HyperCubeDef members; dimension limits; groups, calculated dimensions, sort.
#pragma once

#include <map>
#include <string>

#include "core/config/cube.hpp"

namespace qonduit::pipeline {

// The ids of the master items a cube names, by the name as written.
struct MasterIds {
  std::map<std::string, std::string> dimensions, measures;
};

// Properties with a qHyperCubeDef. state is of cubes that name none. REQUIRES: ids holds every master item of the cube.
std::string cube_properties(const config::Cube& cube, const MasterIds& ids, const std::string& state = "$");
// Properties with a qListObjectDef: all values of a field, with states and frequencies, by number, then text.
std::string field_properties(const std::string& field, const std::string& state = "$");

}  // namespace qonduit::pipeline

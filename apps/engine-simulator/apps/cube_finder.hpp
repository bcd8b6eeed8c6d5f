// Where a layout keeps its hypercubes and list objects: all of them, at any depth, with the paths their definitions have.
#pragma once

#include <string>

#include "json.hpp"

namespace qonduit::simulator {

// Calls visit(cube, path, is_list) for each; path ends in /qHyperCubeDef or /qListObjectDef, as data calls name it.
template <typename Visit>
void find_cubes(const Json& value, const std::string& path, const Visit& visit) {
  if (const auto members = as_object(value); !members.isNull()) {
    for (const auto& name : members->getNames()) {
      const auto inner = as_object(members->get(name));
      if ((name == "qHyperCube" || name == "qListObject") && !inner.isNull()) {
        visit(inner, path + "/" + name + "Def", name == "qListObject");
      } else {
        find_cubes(members->get(name), path + "/" + name, visit);
      }
    }
  } else if (const auto items = as_array(value); !items.isNull()) {
    std::size_t index = 0;
    for (const auto& item : *items) find_cubes(item, path + "/" + std::to_string(index++), visit);
  }
}

}  // namespace qonduit::simulator

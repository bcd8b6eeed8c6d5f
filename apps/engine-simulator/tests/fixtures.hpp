// The captured layouts of tests/fixtures, for tests that judge the simulator by them.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "json.hpp"
#include "tests/paths.hpp"

namespace qonduit::simulator {

inline std::string read_fixture(const std::string& path) {
  std::ifstream file(paths::source("tests/fixtures/" + path), std::ios::binary);
  if (!file) throw std::runtime_error("no fixture " + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Every captured hypercube, with the separate pages of its object when there are any.
struct CapturedCube {
  std::string file;
  JsonObject cube;
  JsonArray pages;
};

inline void find_cubes(const Json& value, const std::string& file, const JsonArray& pages, std::vector<CapturedCube>& into) {
  if (const auto members = as_object(value); !members.isNull()) {
    for (const auto& name : members->getNames()) {
      const auto inner = as_object(members->get(name));
      if (name == "qHyperCube" && !inner.isNull())
        into.push_back({file, inner, pages.isNull() ? array_member(inner, "qDataPages") : pages});
      find_cubes(members->get(name), file, pages, into);
    }
  } else if (const auto items = as_array(value); !items.isNull()) {
    for (const auto& item : *items) find_cubes(item, file, pages, into);
  }
}

// "captures" are of engines of other ages, and some were edited by hand: not everything in them is as an engine writes it.
inline std::vector<CapturedCube> captured_cubes(const std::vector<std::string>& folders = {"layouts"}) {
  std::vector<CapturedCube> made;
  for (const auto& folder : folders)
    for (const auto& entry : std::filesystem::directory_iterator(paths::source("tests/fixtures/" + folder))) {
      const std::string file = entry.path().filename().string();
      if (entry.path().extension() != ".json") continue;
      const auto document = as_object(parse_json(read_fixture(folder + "/" + file)));
      const auto objects = array_member(document, "objects");
      for (const auto& object : *objects)
        find_cubes(member(as_object(object), "getLayout"), file, array_member(as_object(object), "getHyperCubeData"), made);
    }
  return made;
}

}  // namespace qonduit::simulator

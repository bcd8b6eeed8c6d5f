// Where tests find what they read and run: files of the source folder, and what this build has made. One generated source knows the folders
// (cmake/paths.cpp.in), so that tests are compiled alike in any folder and a compiler cache finds them again.
#pragma once

#include <string>

namespace qonduit::paths {

// Below the source folder: source("tests/fixtures").
std::string source(const std::string& file = {});
// Below the build folder.
std::string build(const std::string& file = {});
// A plugin, by its name: build("plugins/csv.so").
std::string plugin(const std::string& name);
// A program, by its name: build("bin/qonduit").
std::string program(const std::string& name);

}  // namespace qonduit::paths

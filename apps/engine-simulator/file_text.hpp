// The content of a file. Throws Poco::OpenFileException.
#pragma once

#include <Poco/Exception.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace qonduit::simulator {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Poco::OpenFileException(path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace qonduit::simulator

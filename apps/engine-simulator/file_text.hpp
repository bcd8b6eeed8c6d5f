// The content of a file. Throws Poco::OpenFileException.
#pragma once

#include <Poco/Exception.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace qonduit::simulator {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Poco::OpenFileException(path.string());
  std::string text;
  char block[65536];
  while (file.read(block, sizeof block) || file.gcount() > 0) text.append(block, static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace qonduit::simulator

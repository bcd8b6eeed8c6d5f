// Files that are read whole, and what is said of those that cannot be.
#pragma once

#include <Poco/Exception.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace qonduit::simulator {

// Throws Poco::OpenFileException.
inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Poco::OpenFileException(path.string());
  std::string text;
  char block[65536];
  while (file.read(block, sizeof block) || file.gcount() > 0) text.append(block, static_cast<std::size_t>(file.gcount()));
  return text;
}

// What is wrong inside a file, for the message that names the file: that its content is bad is said there.
inline std::string reason_of(const Poco::Exception& error) {
  const bool content = dynamic_cast<const Poco::DataFormatException*>(&error) != nullptr || std::string(error.name()) == "JSON Exception";
  return content ? error.message() : error.displayText();
}

}  // namespace qonduit::simulator

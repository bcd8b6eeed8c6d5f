#include "avro_reader.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "plugins/sinks/testing/child_process.hpp"
#include "tests/paths.hpp"

namespace qonduit::queue::testing {
namespace {

namespace fs = std::filesystem;

// Debian's, which its package of the library belongs to.
constexpr const char* kPython = "/usr/bin/python3";

std::string hexadecimal(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 0xF];
  }
  return out;
}

}  // namespace

AvroRows read_avro(const std::string& schema, const std::vector<std::string>& messages, LogicalTypes types) {
  auto pattern = (fs::temp_directory_path() / "qonduit-avro-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  const fs::path folder(pattern);
  {
    std::ofstream in(folder / "in");
    in << schema << '\n';
    for (const auto& message : messages) in << hexadecimal(message) << '\n';
  }
  const auto command = std::string(kPython) + " " + paths::source("plugins/sinks/queue/testing/decode_avro.py") +
                       (types == LogicalTypes::raw ? " --raw" : "");
  sinks::testing::run({"/bin/sh", "-c", command + " < " + pattern + "/in > " + pattern + "/out"});
  AvroRows read;
  std::ifstream out(folder / "out");
  std::getline(out, read.schema_id);
  for (std::string line; std::getline(out, line);) read.rows.push_back(line);
  fs::remove_all(folder);
  return read;
}

}  // namespace qonduit::queue::testing

// Writes docs/reference/configuration.md from the table of keys.
#include <fstream>

#include "core/config/loader.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ofstream(argv[1], std::ios::binary) << qonduit::config::reference_markdown();
  return 0;
}

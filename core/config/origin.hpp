// Where a value was written: "config/qonduit.properties:12", "-D", "default".
#pragma once

#include <string>

namespace qonduit::config {

struct Origin {
  std::string source;
  int line = 0;
  [[nodiscard]] std::string text() const { return line > 0 ? source + ":" + std::to_string(line) : source; }
};

}  // namespace qonduit::config

// A part of a file's name, made of any text.
#pragma once

#include <string>
#include <string_view>

namespace qonduit::queue {

[[nodiscard]] inline std::string safe_name(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    out += plain ? c : '_';
  }
  return out.substr(0, 80);
}

}  // namespace qonduit::queue

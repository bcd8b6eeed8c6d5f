// Names made of any text.
#pragma once

#include <qonduit/text.hpp>

#include <string>
#include <string_view>

namespace qonduit::queue {

// At most so many bytes: what is longer ends in '-' and sixteen digits of its hash.
[[nodiscard]] inline std::string cut_name(std::string_view text, std::size_t most) {
  constexpr std::size_t kHash = 17;
  if (text.size() <= most) return std::string(text);
  auto cut = most - kHash;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0u) == 0x80u) --cut;
  return std::string(text.substr(0, cut)) + "-" + short_hash(text);
}

// A part of a file's name.

[[nodiscard]] inline std::string safe_name(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    out += plain ? c : '_';
  }
  return out.substr(0, 80);
}

}  // namespace qonduit::queue

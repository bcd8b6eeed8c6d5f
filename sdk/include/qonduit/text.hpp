// Texts: UTF-8 character by character, and short names for long ones. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace qonduit {

struct Utf8Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: no valid UTF-8: cut off, overlong, a surrogate, or beyond U+10FFFF
};

// The first character of a text that is not empty.
[[nodiscard]] inline Utf8Character first_character(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = at(0);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
  if (bytes == 0) return {};
  char32_t code = first & (0xFFu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((at(i) & 0xC0u) != 0x80u) return {};
    code = (code << 6) | (at(i) & 0x3Fu);
  }
  const bool shortest = bytes == 2 || (bytes == 3 && code >= 0x800) || (bytes == 4 && code >= 0x10000 && code <= 0x10FFFF);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return shortest && !surrogate ? Utf8Character{code, bytes} : Utf8Character{};
}

[[nodiscard]] inline bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    // Most text is ASCII: eight characters at a time.
    std::uint64_t eight = 0;
    if (text.size() >= sizeof eight) {
      std::memcpy(&eight, text.data(), sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        text.remove_prefix(sizeof eight);
        continue;
      }
    }
    const auto bytes = first_character(text).bytes;
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

// REQUIRES: a code that first_character() can answer.
inline void append_utf8(char32_t code, std::string& out) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6)), tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0);
  }
}

// 64 bits of the text, as sixteen hexadecimal digits: for names that must be short, and the same in every run. FNV-1a, mixed; no secret.
[[nodiscard]] inline std::string short_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  hash ^= hash >> 33, hash *= 0xff51afd7ed558ccdu, hash ^= hash >> 33, hash *= 0xc4ceb9fe1a85ec53u, hash ^= hash >> 33;
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += kDigits[(hash >> shift) & 0xF];
  return out;
}

}  // namespace qonduit

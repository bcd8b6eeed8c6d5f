// Strings as JSON has them. Any thread.
#pragma once

#include <qonduit/text.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace qonduit {

// Appends the text in quotes, with escapes for quotes, backslashes and control characters. What needs none is copied in one piece.
// REQUIRES for valid JSON: UTF-8, which is copied as it is; see repaired_utf8().
inline void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, kept, i - kept);
    kept = i + 1;
    out += '\\';
    switch (c) {
      case '"':
      case '\\': out += static_cast<char>(c); break;
      case '\n': out += 'n'; break;
      case '\r': out += 'r'; break;
      case '\t': out += 't'; break;
      default: out += "u00", append_hex(c, out);
    }
  }
  out.append(text, kept, text.size() - kept);
  out += '"';
}
[[nodiscard]] inline std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

}  // namespace qonduit

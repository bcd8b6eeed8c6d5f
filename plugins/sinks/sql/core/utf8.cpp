#include "utf8.hpp"

namespace qonduit::sql {

Utf8Character first_character(std::string_view text) {
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

}  // namespace qonduit::sql

// Code points at both ends of a text, and what they are in a number's or a date's writing: blanks of any width, marks of direction, signs
// of currencies. For cell.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace qonduit::detail {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 0;  // bytes; 0: the text is empty
};

[[nodiscard]] inline CodePoint first_code_point(std::string_view text) noexcept {
  if (text.empty()) return {};
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const auto lead = byte(0);
  const std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (size == 1 || size > text.size()) return {lead, 1};
  auto value = lead & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) value = (value << 6) | (byte(i) & 0x3Fu);
  return {value, size};
}

[[nodiscard]] inline CodePoint last_code_point(std::string_view text) noexcept {
  if (text.empty()) return {};
  std::size_t size = 1;
  while (size < 4 && size < text.size() && (static_cast<unsigned char>(text[text.size() - size]) & 0xC0u) == 0x80u) ++size;
  return {first_code_point(text.substr(text.size() - size)).value, size};
}

// U+0020, the no-break and the thin blanks that locales group digits with.
[[nodiscard]] constexpr bool is_blank(std::uint32_t c) noexcept {
  return c == 0x20 || c == 0x09 || c == 0xA0 || c == 0x202F || (c >= 0x2002 && c <= 0x200A) || c == 0x3000;
}
// Marks of direction, which are not seen.
[[nodiscard]] constexpr bool is_direction_mark(std::uint32_t c) noexcept {
  return c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}
[[nodiscard]] constexpr bool is_minus(std::uint32_t c) noexcept { return c == '-' || c == 0x2212; }
[[nodiscard]] constexpr bool is_percent(std::uint32_t c) noexcept { return c == '%' || c == 0x066A; }
[[nodiscard]] constexpr bool is_apostrophe(std::uint32_t c) noexcept { return c == '\'' || c == 0x2019; }
// Unicode's category Sc.
[[nodiscard]] constexpr bool is_currency(std::uint32_t c) noexcept {
  return c == '$' || (c >= 0xA2 && c <= 0xA5) || c == 0x58F || c == 0x60B || c == 0x9F2 || c == 0x9F3 || c == 0x9FB || c == 0xAF1 ||
         c == 0xBF9 || c == 0xE3F || c == 0x17DB || (c >= 0x20A0 && c <= 0x20C0) || c == 0xA838 || c == 0xFDFC || c == 0xFE69 ||
         c == 0xFF04 || c == 0xFFE0 || c == 0xFFE1 || c == 0xFFE5 || c == 0xFFE6;
}

// Letters of every script, and signs like them (№): what is neither a digit nor a blank nor a mark.
[[nodiscard]] constexpr bool is_letter(std::uint32_t c) noexcept {
  if (c < 0x80) return (c | 0x20u) >= 'a' && (c | 0x20u) <= 'z';
  const bool sign = (c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c < 0x2100) ||
                    (c >= 0x2190 && c < 0x2C00) || c == 0x66A || (c >= 0x3000 && c < 0x3005) || (c >= 0xFF00 && c < 0xFF21);
  return !sign && !is_blank(c) && !is_direction_mark(c) && !is_currency(c);
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Takes part off the front; false where the text does not begin with it, or part is empty.
inline bool take_front(std::string_view& text, std::string_view part) noexcept {
  if (part.empty() || text.substr(0, part.size()) != part) return false;
  text.remove_prefix(part.size());
  return true;
}
inline bool take_back(std::string_view& text, std::string_view part) noexcept {
  if (part.empty() || text.size() < part.size() || text.substr(text.size() - part.size()) != part) return false;
  text.remove_suffix(part.size());
  return true;
}

// Without blanks and marks of direction at both ends.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) noexcept {
  const auto unseen = [](std::uint32_t c) { return is_blank(c) || is_direction_mark(c); };
  while (!text.empty() && unseen(first_code_point(text).value)) text.remove_prefix(first_code_point(text).size);
  while (!text.empty() && unseen(last_code_point(text).value)) text.remove_suffix(last_code_point(text).size);
  return text;
}

}  // namespace qonduit::detail

#include "core/engine/utf16_repair.hpp"

#include <cstdint>
#include <cstring>

namespace qonduit::engine {
namespace {

constexpr std::size_t kEscape = 6;  // \uXXXX

// The code unit of the escape that begins here; 0 where there is none.
std::uint32_t code_unit(const char* at, const char* end) noexcept {
  if (static_cast<std::size_t>(end - at) < kEscape || at[0] != '\\' || at[1] != 'u') return 0;
  std::uint32_t unit = 0;
  for (std::size_t i = 2; i < kEscape; ++i) {
    const auto c = static_cast<unsigned char>(at[i]);
    const auto letter = static_cast<unsigned char>(c | 0x20u);
    const unsigned digit = c >= '0' && c <= '9' ? c - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10u : 16u;
    if (digit > 15) return 0;
    unit = unit * 16 + digit;
  }
  return unit;
}
bool is_first_half(std::uint32_t unit) noexcept { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_second_half(std::uint32_t unit) noexcept { return unit >= 0xDC00 && unit <= 0xDFFF; }

std::size_t repair_escapes(char* text, char* end) noexcept {
  std::size_t repaired = 0;
  for (auto* at = text; at < end;) {
    at = static_cast<char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)));
    if (at == nullptr) break;
    const auto unit = code_unit(at, end);
    if (is_first_half(unit) && is_second_half(code_unit(at + kEscape, end))) {
      at += 2 * kEscape;
    } else if (is_first_half(unit) || is_second_half(unit)) {
      std::memcpy(at, "\\ufffd", kEscape);
      at += kEscape;
      ++repaired;
    } else {
      at += 2;  // a backslash takes the next character with it
    }
  }
  return repaired;
}

// A half that was written as if it were a character: ED A0 80 to ED BF BF. What else begins with ED is Korean.
std::size_t repair_bytes(char* text, char* end) noexcept {
  std::size_t repaired = 0;
  for (auto* at = text; at + 2 < end;) {
    at = static_cast<char*>(std::memchr(at, 0xED, static_cast<std::size_t>(end - at) - 2));
    if (at == nullptr) break;
    if (static_cast<unsigned char>(at[1]) >= 0xA0 && static_cast<unsigned char>(at[1]) <= 0xBF) {
      at[0] = '\xEF', at[1] = '\xBF', at[2] = '\xBD';  // U+FFFD
      ++repaired;
    }
    at += 1;
  }
  return repaired;
}

}  // namespace

std::size_t repair_utf16(char* text, std::size_t size) noexcept {
  return repair_escapes(text, text + size) + repair_bytes(text, text + size);
}

}  // namespace qonduit::engine

#include "core/engine/json_repair.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

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

constexpr std::size_t kTooLong = 20;  // digits; of 19 there is no number that 64 bits do not hold
constexpr std::size_t kExact = 17;    // digits that tell a double from any other
constexpr std::size_t kLongest = kTooLong + 980;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Whether "name": is in front, past a sign, so that the number is none inside of a text: there a quote has a backslash before it.
bool is_member(std::string_view before) noexcept {
  if (before.ends_with('-')) before.remove_suffix(1);
  if (!before.ends_with("\":")) return false;
  before.remove_suffix(2);
  return !before.empty() && before.back() != '\\';
}

// 12345678901234567168 as 12345678901234567e03.
void write_as_real(char* digits, std::size_t count) noexcept {
  auto exponent = count - kExact;
  const bool up = digits[kExact] >= '5';
  if (up) {
    auto at = kExact;
    while (at > 0 && digits[at - 1] == '9') digits[--at] = '0';
    if (at > 0) {
      ++digits[at - 1];
    } else {
      digits[0] = '1';  // 99…9 became 100…0, which is a digit longer
      ++exponent;
    }
  }
  digits[kExact] = 'e';
  for (auto at = count; at > kExact + 1; exponent /= 10) digits[--at] = static_cast<char>('0' + exponent % 10);
}

}  // namespace

std::size_t repair_utf16(char* text, std::size_t size) noexcept {
  return repair_escapes(text, text + size) + repair_bytes(text, text + size);
}

void write_long_integers_as_reals(char* text, std::size_t size) noexcept {
  // Such a run of digits covers one of these places, and reaches at least ten places to the left or to the right of it.
  const auto reaches = [&](std::size_t at) { return is_digit(text[at - 10]) || (at + 10 < size && is_digit(text[at + 10])); };
  for (std::size_t at = kTooLong - 1; at < size; at += kTooLong) {
    if (!is_digit(text[at]) || !reaches(at)) continue;
    auto begin = at, end = at;
    while (begin > 0 && is_digit(text[begin - 1])) --begin;
    while (end < size && is_digit(text[end])) ++end;
    const auto count = end - begin;
    const bool whole = end < size && std::string_view(",}] \r\n\t").find(text[end]) != std::string_view::npos;
    if (count >= kTooLong && count <= kLongest && whole && is_member({text, begin})) write_as_real(text + begin, count);
    at = std::max(at, end - end % kTooLong);
  }
}

}  // namespace qonduit::engine

#include "core/engine/long_integers.hpp"

#include <algorithm>
#include <string_view>

namespace qonduit::engine {
namespace {

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

void write_long_integers_as_reals(char* text, std::size_t size) noexcept {
  // Such a run of digits covers one of these places.
  for (std::size_t at = kTooLong - 1; at < size; at += kTooLong) {
    if (!is_digit(text[at])) continue;
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

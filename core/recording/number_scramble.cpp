// Scrambler::number, and numbers in the clothes of a locale: "$1,234.50", "1 234,5 %", "(12)".
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "core/recording/letters.hpp"
#include "core/recording/scrambler.hpp"
#include "core/recording/shuffle.hpp"
#include "qonduit/text.hpp"

namespace qonduit::recording {
namespace {

constexpr std::uint32_t kNumber = 0x200;
constexpr std::uint32_t kNumberTries = 8;
constexpr double kExactIntegers = 9007199254740992.0;  // 2^53

// What a text shows of a number.
struct Shown {
  std::u32string prefix, suffix;
  std::u32string integer;  // digits and the separators between them
  std::u32string decimal;  // the separator, empty when there is none
  std::size_t decimals = 0;
  double scale = 1;  // 100 for percent, 0.001 for thousands
};

bool is_separator(char32_t c) {
  static constexpr std::array kSeparators = {U'.', U',', U'\'', U' ', U'\u00A0', U'\u202F', U'\u2019', U'\u066C', U'\u066B'};
  return std::find(kSeparators.begin(), kSeparators.end(), c) != kSeparators.end();
}

std::string digits_of(std::u32string_view text) {
  std::string digits;
  for (const char32_t c : text) {
    if (is_digit(c)) digits.push_back(static_cast<char>(c));
  }
  return digits;
}

double value_of(const std::string& integer, const std::string& fraction) {
  const std::string text = (integer.empty() ? "0" : integer) + "." + (fraction.empty() ? "0" : fraction);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

double scale_of(const std::u32string& suffix) {
  for (const char32_t c : suffix) {
    if (c == U'%') return 100;
    if (c == U'k' || c == U'K') return 1e-3;
    if (c == U'M') return 1e-6;
    if (c == U'G' || c == U'B') return 1e-9;
    if (c == U'T') return 1e-12;
    if (c != U' ' && c != U'\u00A0' && c != U'\u202F') break;
  }
  return 1;
}

// True when a text that shows `shown`, with so many decimals, is how `value` is written.
bool shows(double shown, double value, std::size_t decimals) {
  const double unit = std::pow(10.0, -static_cast<double>(decimals));
  return std::fabs(shown - std::fabs(value)) <= unit * 0.5000001 + std::fabs(value) * 1e-13;
}

// The one reading of the text that is the number, if any: where the decimals begin and what they are worth.
std::optional<Shown> read(const std::u32string& text, double number) {
  const auto first = std::find_if(text.begin(), text.end(), is_digit);
  if (first == text.end()) return std::nullopt;
  auto last = text.end();
  while (!is_digit(*(last - 1))) --last;
  const std::u32string body(first, last);
  Shown shown;
  shown.prefix.assign(text.begin(), first);
  shown.suffix.assign(last, text.end());
  if (!std::all_of(body.begin(), body.end(), [](char32_t c) { return is_digit(c) || is_separator(c); })) return std::nullopt;
  std::vector<std::size_t> candidates{body.size()};  // no decimals, or behind the last separator, which stands there once
  const auto point = std::find_if(body.rbegin(), body.rend(), is_separator);
  if (point != body.rend()) {
    const auto at = static_cast<std::size_t>(body.rend() - point) - 1;
    if (std::count(body.begin(), body.end(), body[at]) == 1) candidates.insert(candidates.begin(), at);
  }
  for (const double scale : {scale_of(shown.suffix), 1.0}) {
    for (const auto at : candidates) {
      const auto fraction = at < body.size() ? digits_of(std::u32string_view(body).substr(at + 1)) : std::string();
      if (!shows(value_of(digits_of(std::u32string_view(body).substr(0, at)), fraction), number * scale, fraction.size())) continue;
      shown.integer = body.substr(0, at);
      if (at < body.size()) shown.decimal = body.substr(at, 1);
      shown.decimals = fraction.size();
      shown.scale = scale;
      return shown;
    }
  }
  return std::nullopt;
}

// The digits of another number, dressed the same: separators at the same distance from the end, at least as many leading zeros.
std::string dress(const Shown& shown, double number) {
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(number) * shown.scale, std::chars_format::fixed,
                                 static_cast<int>(shown.decimals))
                       .ptr;
  std::string digits(buffer.data(), end);
  const auto point = digits.find('.');
  const auto fraction = point == std::string::npos ? std::string() : digits.substr(point + 1);
  digits.resize(std::min(point, digits.size()));
  const auto sample = digits_of(shown.integer);
  if (sample.empty() && digits == "0") digits.clear();  // ".5"
  if (sample.size() > 1 && sample[0] == '0') digits.insert(0, sample.size() > digits.size() ? sample.size() - digits.size() : 0, '0');

  std::vector<char32_t> reversed;
  auto form = shown.integer.rbegin();
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    while (form != shown.integer.rend() && !is_digit(*form)) reversed.push_back(*form++);
    if (form != shown.integer.rend()) ++form;
    reversed.push_back(static_cast<char32_t>(*digit));
  }
  std::string out;
  for (const char32_t c : shown.prefix) append_utf8(c, out);
  for (auto c = reversed.rbegin(); c != reversed.rend(); ++c) append_utf8(*c, out);
  for (const char32_t c : shown.decimal) append_utf8(c, out);
  out += fraction;
  for (const char32_t c : shown.suffix) append_utf8(c, out);
  return out;
}

// "1.2e+05": digits of the mantissa as many as before.
std::optional<std::string> dress_scientific(std::string_view text, double before, double after) {
  const auto exponent = text.find_first_of("eE");
  if (exponent == std::string_view::npos) return std::nullopt;
  double read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  const auto point = text.find('.');
  const int decimals = point < exponent ? static_cast<int>(exponent - point - 1) : 0;
  if (std::fabs(read - before) > std::pow(10.0, std::floor(std::log10(std::fabs(before))) - decimals)) return std::nullopt;
  std::array<char, 64> buffer{};
  return std::string(buffer.data(),
                     std::to_chars(buffer.data(), buffer.data() + buffer.size(), after, std::chars_format::scientific, decimals).ptr);
}

}  // namespace

double Scrambler::number(double value) const {
  if (!std::isfinite(value) || value == 0) return value;
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value), std::chars_format::scientific).ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const auto exponent = text.find('e');
  std::vector<Wheel> wheels;  // the first and the last digit are not zero: neither the size nor the decimals change
  for (const char c : text.substr(0, exponent)) {
    if (c != '.') wheels.push_back({static_cast<std::uint32_t>(c - '0'), 10});
  }
  for (auto* wheel : {&wheels.front(), &wheels.back()}) {
    if (wheel->letters == 10) *wheel = {wheel->at - 1, 9};
  }
  double made = value;
  for (std::uint32_t attempt = 0; attempt < kNumberTries; ++attempt) {
    auto turned = wheels;
    shuffle(key_, turned, kNumber + attempt);
    std::string written;
    for (const auto& wheel : turned) {
      written.push_back(static_cast<char>('0' + wheel.at + (wheel.letters == 9 ? 1 : 0)));
      if (written.size() == 1) written.push_back('.');
    }
    written += text.substr(exponent);
    std::from_chars(written.data(), written.data() + written.size(), made);
    made = std::copysign(made, value);
    // A whole number that a double can tell from its neighbours stays one.
    if (made != value && (std::fabs(value) > kExactIntegers || std::fabs(made) <= kExactIntegers)) return made;
  }
  return made;
}

std::optional<Scrambler::Dual> Scrambler::formatted_number(std::string_view text, double number) const {
  const auto points = code_points(text);
  const double made = this->number(number);
  if (const auto shown = read(std::u32string(points.begin(), points.end()), number)) return Dual{dress(*shown, made), made};
  if (number != 0) {
    if (auto scientific = dress_scientific(text, number, made)) return Dual{std::move(*scientific), made};
  }
  return std::nullopt;
}

Scrambler::Dual Scrambler::dual(std::string_view text, double number) const {
  if (!std::isfinite(number)) return {this->text(text), number};
  if (auto made = formatted_number(text, number)) return std::move(*made);
  if (auto made = formatted_date(text, number)) return std::move(*made);
  return {this->text(text), this->number(number)};
}

double Scrambler::lowest(double value, Kind kind) {
  if (!std::isfinite(value)) return value;
  if (kind == Kind::time) return std::floor(value);
  if (kind == Kind::date) return std::floor(value) - 3000;
  if (value < 0) return -highest(-value, kind);
  if (value == 0) return 0;
  const double decade = std::pow(10.0, std::floor(std::log10(value)));
  if (value == std::floor(value)) return decade;
  return decade >= 1 ? decade - 0.5 : decade * 0.95;
}

double Scrambler::highest(double value, Kind kind) {
  if (!std::isfinite(value)) return value;
  if (kind == Kind::time) return std::ceil(value) + (value == std::floor(value) ? 1 : 0);
  if (kind == Kind::date) return std::ceil(value) + 3000;
  if (value < 0) return -lowest(-value, kind);
  if (value == 0) return 0;
  const double decade = std::pow(10.0, std::floor(std::log10(value)) + 1);
  // Whole, although what lies between may not be; and no larger than whole numbers are told apart where the value is not either.
  if (value == std::floor(value)) return value <= kExactIntegers ? std::min(decade, kExactIntegers) : decade;
  return decade + 0.5;
}

}  // namespace qonduit::recording

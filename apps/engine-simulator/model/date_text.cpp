#include "model/date_text.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

// Digits at the front, at most so many; they are taken off.
std::optional<int> take_number(std::string_view& text, std::size_t most) {
  std::size_t size = 0;
  while (size < text.size() && size < most && text[size] >= '0' && text[size] <= '9') ++size;
  int value = 0;
  if (size == 0 || std::from_chars(text.data(), text.data() + size, value).ec != std::errc{}) return std::nullopt;
  text.remove_prefix(size);
  return value;
}

// A month by its name, whole or its first three letters.
std::optional<int> take_month(std::string_view& text, bool whole) {
  for (int month = 1; month <= 12; ++month) {
    const std::string name = format_date(static_cast<double>(day_serial(2024, month, 1)), whole ? "MMMM" : "MMM");
    if (!text.starts_with(name)) continue;
    text.remove_prefix(name.size());
    return month;
  }
  return std::nullopt;
}

struct Moment {
  int year = 1899;
  int month = 12;
  int day = 30;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int milliseconds = 0;
  bool afternoon = false;
  bool half_day = false;

  [[nodiscard]] std::optional<double> serial() const {
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 59) return std::nullopt;
    const int hours = half_day ? hour % 12 + (afternoon ? 12 : 0) : hour;
    return static_cast<double>(day_serial(year, month, day)) + (hours * 3600 + minute * 60 + second + milliseconds / 1000.0) / 86400;
  }
};

}  // namespace

std::optional<double> parse_date(std::string_view text, std::string_view pattern) {
  Moment made;
  while (!pattern.empty()) {
    const char c = pattern.front();
    std::size_t run = 1;
    while (run < pattern.size() && pattern[run] == c) ++run;
    std::optional<int> number = 0;
    switch (c) {
      case 'Y':
        number = take_number(text, 4);
        made.year = number.value_or(0) + (run < 4 && number.value_or(0) < 100 ? 2000 : 0);
        break;
      case 'M':
        number = run >= 3 ? take_month(text, run >= 4) : take_number(text, 2);
        made.month = number.value_or(0);
        break;
      case 'D':
        number = take_number(text, 2);
        made.day = number.value_or(0);
        break;
      case 'h':
        number = take_number(text, 2);
        made.hour = number.value_or(0);
        break;
      case 'm':
        number = take_number(text, 2);
        made.minute = number.value_or(0);
        break;
      case 's':
        number = take_number(text, 2);
        made.second = number.value_or(0);
        break;
      case 'T':
        made.half_day = true;
        made.afternoon = text.starts_with("PM");
        if (!made.afternoon && !text.starts_with("AM")) return std::nullopt;
        text.remove_prefix(2);
        break;
      case '[':  // an optional part
        run = std::min(pattern.find(']'), pattern.size() - 1) + 1;
        if (text.starts_with('.')) {
          text.remove_prefix(1);
          number = take_number(text, 3);
          made.milliseconds = number.value_or(0);
        }
        break;
      default:
        if (text.substr(0, run) != pattern.substr(0, run)) return std::nullopt;
        text.remove_prefix(run);
    }
    if (!number) return std::nullopt;
    pattern.remove_prefix(run);
  }
  return text.empty() ? made.serial() : std::nullopt;
}

std::optional<double> parse_number(std::string_view text, const Locale& locale) {
  std::string plain;
  while (!text.empty()) {
    if (!locale.decimal.empty() && text.starts_with(locale.decimal)) {
      plain += '.';
      text.remove_prefix(locale.decimal.size());
    } else if (!locale.thousands.empty() && !plain.empty() && text.starts_with(locale.thousands)) {
      text.remove_prefix(locale.thousands.size());
    } else {
      plain += text.front();
      text.remove_prefix(1);
    }
  }
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (plain.empty() || error != std::errc{} || end != plain.data() + plain.size()) return std::nullopt;
  return value;
}

}  // namespace qonduit::simulator

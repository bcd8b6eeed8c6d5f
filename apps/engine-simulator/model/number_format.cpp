#include "model/number_format.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string_view>

namespace qonduit::simulator {
namespace {

constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                   "July",    "August",   "September", "October", "November", "December"};
constexpr const char* kDays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

struct Civil {
  std::int64_t year;
  int month;
  int day;
};

// Howard Hinnant's algorithm, days since 1970-01-01.
Civil civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t doe = days - era * 146097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return {yoe + era * 400 + (month <= 2 ? 1 : 0), month, static_cast<int>(doy - (153 * mp + 2) / 5 + 1)};
}

constexpr std::int64_t kUnixEpochSerial = 25569;

// With zeros before it where it has fewer digits.
void append_padded(std::string& text, std::int64_t value, int width) {
  char digits[24];
  const auto length = std::to_chars(std::begin(digits), std::end(digits), value).ptr - digits;
  if (length < width) text.append(static_cast<std::size_t>(width - length), '0');
  text.append(digits, static_cast<std::size_t>(length));
}

// As printf's %.Nf. No pattern has more decimals than the text can hold.
class FixedDigits {
 public:
  FixedDigits(double value, int decimals)
      : size_(static_cast<std::size_t>(
            std::to_chars(std::begin(text_), std::end(text_), value, std::chars_format::fixed, std::min(decimals, 180)).ptr - text_)) {}
  [[nodiscard]] std::string_view text() const { return {text_, size_}; }

 private:
  char text_[500];  // the largest number has 309 digits before its point
  std::size_t size_;
};

// The numeric part of one section of a pattern: "#,##0.00", "###0", "# ##0,0000", with the literals around it.
struct Section {
  std::string_view before;
  std::string_view after;
  int decimals = 0;
  int optional_decimals = 0;  // '#' after the separator
  int integers = 0;           // zeros before the separator
  bool grouped = false;
  bool percent = false;
  std::string_view slots;  // "0000-0000": digits and what stands between them; empty where nothing does
};

bool starts_at(std::string_view text, std::size_t at, std::string_view part) {
  return !part.empty() && text.compare(at, part.size(), part) == 0;
}

Section parse_section(std::string_view text, const NumFormat& format) {
  Section made;
  const std::size_t first = text.find_first_of("#0");
  if (first == std::string::npos) {
    made.before = text;
    return made;
  }
  made.before = text.substr(0, first);
  bool fraction = false;
  std::size_t at = first;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '#' || c == '0') {
      if (fraction) {
        c == '0' ? ++made.decimals : ++made.optional_decimals;
      } else if (c == '0') {
        ++made.integers;
      }
      ++at;
    } else if (!fraction && starts_at(text, at, format.decimal) &&
               text.find_first_of("#0", at + format.decimal.size()) == at + format.decimal.size()) {
      fraction = true;
      at += format.decimal.size();
    } else if (!fraction && starts_at(text, at, format.thousands) &&
               text.find_first_of("#0", at + format.thousands.size()) == at + format.thousands.size()) {
      made.grouped = true;
      at += format.thousands.size();
    } else {
      break;
    }
  }
  // What stands between digits is no end of them: "0000-0000", "(000) 000-000".
  if (const auto last = text.find_last_of("#0"); !fraction && !made.grouped && last != std::string_view::npos && last >= at) {
    at = last + 1;
    made.slots = text.substr(first, at - first);
  }
  made.after = text.substr(at);
  made.percent = made.before.find('%') != std::string::npos || made.after.find('%') != std::string::npos;
  return made;
}

// Digits from the right into a pattern's places. Digits that are left over stand in front; a '#' without a digit, and what is before it,
// goes.
std::string fill_slots(std::string_view digits, std::string_view slots) {
  std::string made;
  const auto zeros = slots.find('0');
  if (digits == "0") digits = {};
  for (std::size_t i = slots.size(); i-- > 0;) {
    const bool slot = slots[i] == '#' || slots[i] == '0';
    if (digits.empty() && (zeros == std::string_view::npos || i < zeros)) break;
    if (slot && !digits.empty()) {
      made += digits.back();
      digits.remove_suffix(1);
    } else {
      made += slot ? '0' : slots[i];
    }
  }
  made.append(digits.rbegin(), digits.rend());
  std::reverse(made.begin(), made.end());
  return made;
}

std::string format_section(double magnitude, const Section& section, const NumFormat& format) {
  const FixedDigits fixed(section.percent ? magnitude * 100 : magnitude, section.decimals + section.optional_decimals);
  std::string_view digits = fixed.text();
  std::string_view fraction;
  if (const auto dot = digits.find('.'); dot != std::string_view::npos) {
    fraction = digits.substr(dot + 1);
    digits = digits.substr(0, dot);
  }
  while (static_cast<int>(fraction.size()) > section.decimals && fraction.ends_with('0')) fraction.remove_suffix(1);
  const auto zeros = std::max(static_cast<std::size_t>(section.integers), digits.size()) - digits.size();
  const auto integers = zeros + digits.size();
  std::string made(section.before);
  if (!section.slots.empty()) return made.append(fill_slots(digits, section.slots)).append(section.after);
  for (std::size_t i = 0; i < integers; ++i) {
    if (section.grouped && i > 0 && (integers - i) % 3 == 0) made += format.thousands;
    made += i < zeros ? '0' : digits[i - zeros];
  }
  if (!fraction.empty()) {
    made += format.decimal.empty() ? std::string_view(".") : format.decimal;
    made += fraction;
  }
  made += section.after;
  return made;
}

// "positive;negative;zero": a section without a digit is a text.
std::string format_pattern(double value, const NumFormat& format) {
  std::string_view sections[3];
  std::size_t count = 0;
  for (auto rest = std::string_view(format.pattern); count < std::size(sections);) {
    const auto split = rest.find(';');
    sections[count++] = rest.substr(0, split);
    if (split == std::string_view::npos) break;
    rest.remove_prefix(split + 1);
  }
  const auto shown = [&](std::size_t which) {
    const bool text = sections[which].find_first_of("#0") == std::string_view::npos;
    return text ? std::string(sections[which]) : format_section(std::fabs(value), parse_section(sections[which], format), format);
  };
  if (value == 0 && count == 3) return shown(2);
  if (value < 0 && count > 1) return shown(1);
  const Section positive = parse_section(sections[0], format);
  if (value >= 0) return format_section(value, positive, format);
  const std::string text = format_section(-value, positive, format);
  return text.find_first_of("123456789") == std::string::npos ? text : "-" + text;
}

// Captured: what a pattern has no place for is cut off, not rounded, and its largest unit counts on: hh:mm shows 25:30 of a day and more.
std::string format_interval(double value, std::string_view pattern) {
  if (pattern.empty()) pattern = "h:mm:ss";
  auto rest = std::llround(std::fabs(value) * 86'400'000);  // milliseconds
  std::string made = value < 0 && rest > 0 ? "-" : "";
  static constexpr std::pair<char, std::int64_t> kUnits[] = {{'D', 86'400'000}, {'h', 3'600'000}, {'m', 60'000}, {'s', 1000}};
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at] == 'd' ? 'D' : pattern[at];
    std::size_t run = 1;
    while (at + run < pattern.size() && pattern[at + run] == pattern[at]) ++run;
    const auto* const unit = std::find_if(std::begin(kUnits), std::end(kUnits), [&](const auto& known) { return known.first == c; });
    if (unit != std::end(kUnits)) {
      append_padded(made, rest / unit->second, static_cast<int>(run));
      rest %= unit->second;
    } else if (c == '[') {
      run = std::min(pattern.find(']', at), pattern.size() - 1) + 1 - at;
      if (rest % 1000 != 0) append_padded(made.append("."), rest % 1000, 3);
    } else {
      made.append(pattern.substr(at, run));
    }
    at += run;
  }
  return made;
}

}  // namespace

std::int64_t day_serial(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t yoe = y - era * 400;
  const std::int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468 + kUnixEpochSerial;
}

std::string format_general(double value, const std::string& decimal, int digits) {
  if (!std::isfinite(value)) return "-";
  char text[64];
  std::string made(text, std::to_chars(std::begin(text), std::end(text), value == 0 ? 0.0 : value, std::chars_format::general, digits).ptr);
  if (const auto dot = made.find('.'); dot != std::string::npos && decimal != ".") made.replace(dot, 1, decimal);
  return made;
}

std::string format_date(double serial, const std::string& pattern) {
  if (!std::isfinite(serial)) return "-";
  std::int64_t milliseconds = std::llround(serial * 86'400'000.0);
  std::int64_t days = milliseconds / 86'400'000;
  milliseconds %= 86'400'000;
  if (milliseconds < 0) {
    milliseconds += 86'400'000;
    --days;
  }
  const Civil civil = civil_from_days(days - kUnixEpochSerial);
  const std::int64_t hour = milliseconds / 3'600'000;
  const bool half_day = pattern.find("TT") != std::string::npos;
  const std::int64_t shown_hour = half_day ? (hour % 12 == 0 ? 12 : hour % 12) : hour;
  const std::int64_t weekday = ((days + 5) % 7 + 7) % 7;  // serial 2 was a Monday
  std::string made;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    std::size_t run = 1;
    while (at + run < pattern.size() && pattern[at + run] == c) ++run;
    const auto width = static_cast<int>(run);
    switch (c) {
      case 'Y': append_padded(made, run >= 4 ? civil.year : civil.year % 100, run >= 4 ? 4 : 2); break;
      case 'M':
        if (run >= 4) {
          made += kMonths[civil.month - 1];
        } else if (run == 3) {
          made.append(kMonths[civil.month - 1], 3);
        } else {
          append_padded(made, civil.month, width);
        }
        break;
      case 'D': append_padded(made, civil.day, std::min(width, 2)); break;
      case 'W':
        if (run >= 4) {
          made += kDays[weekday];
        } else if (run == 3) {
          made.append(kDays[weekday], 3);
        } else {
          append_padded(made, weekday, width);
        }
        break;
      case 'h': append_padded(made, shown_hour, width); break;
      case 'm': append_padded(made, milliseconds / 60'000 % 60, width); break;
      case 's': append_padded(made, milliseconds / 1000 % 60, width); break;
      case 'T': made += hour < 12 ? "AM" : "PM"; break;
      case '[': {  // an optional part: [.fff] shows only what there is
        const auto end = std::min(pattern.find(']', at), pattern.size());
        if (milliseconds % 1000 != 0) {
          made += '.';
          append_padded(made, milliseconds % 1000, 3);
        }
        run = end + 1 - at;
        break;
      }
      default: made.append(run, c);
    }
    at += run;
  }
  return made;
}

std::string format_number(double value, const NumFormat& format) {
  if (!std::isfinite(value)) return "-";
  if (format.type == "D" || format.type == "TS" || format.type == "T") {
    const char* fallback = format.type == "D" ? "M/D/YYYY" : format.type == "T" ? "h:mm:ss TT" : "M/D/YYYY h:mm:ss[.fff] TT";
    return format_date(value, format.pattern.empty() ? fallback : format.pattern);
  }
  if (format.type == "IV") return format_interval(value, format.pattern);
  if (format.type == "I") {
    // The captured "16208459" over 16208458.89 and "36215504" over 36215504.17: integers are rounded.
    if (format.pattern.empty()) return std::string(FixedDigits(std::round(value) + 0.0, 0).text());
    return format_pattern(value, format);
  }
  if (format.type == "M" || format.type == "F") {
    if (!format.pattern.empty()) return format_pattern(value, format);
  }
  // R, U, A: 14 significant digits, or as many as a pattern of nothing but '#' has: "########" is captured with 8.
  const bool counted = !format.pattern.empty() && format.pattern.size() < 14 && format.pattern.find_first_not_of('#') == std::string::npos;
  return format_general(value, format.decimal.empty() ? "." : format.decimal, counted ? static_cast<int>(format.pattern.size()) : 14);
}

}  // namespace qonduit::simulator

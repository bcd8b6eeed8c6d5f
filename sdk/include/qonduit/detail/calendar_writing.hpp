// Whether a text is a writing of a serial as a date, a time or an interval: patterns compiled once for a column. For cell.hpp. Source:
// Qlik's help on date and time formats: Y M D W, h m s f TT, brackets around what is shown only where it is there.
#pragma once

#include <qonduit/dates.hpp>
#include <qonduit/detail/letter_folding.hpp>
#include <qonduit/detail/writing_text.hpp>
#include <qonduit/value_text.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::detail {

// Names as an app's calendar has them; where it has none, English ones.
struct CalendarNames {
  std::vector<std::string> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::vector<std::string> long_months = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
  std::vector<std::string> days = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  std::vector<std::string> long_days = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
};

// A serial taken apart, at the precision of what shows it.
struct Moment {
  static constexpr std::int64_t kDay = 86'400'000;

  std::int64_t days = 0;          // serial
  std::int64_t milliseconds = 0;  // of the day
  CivilDate date{};

  // milliseconds: since serial 0.
  explicit Moment(std::int64_t all)
      : days(all / kDay - (all % kDay < 0 ? 1 : 0)), milliseconds(all - days * kDay), date(civil_date(days - 25'569)) {}
  [[nodiscard]] static Moment of_day(std::int64_t serial) {
    Moment made;
    made.days = serial;
    made.date = civil_date(serial - 25'569);
    return made;
  }

 private:
  Moment() = default;
};

class CalendarPattern {
 public:
  CalendarPattern() = default;
  explicit CalendarPattern(std::string_view pattern) {
    bool optional = false;
    while (!pattern.empty()) {
      const char c = pattern.front();
      if (c == '[' || c == ']') {
        optional = c == '[';
        pattern.remove_prefix(1);
        continue;
      }
      const auto run = std::min(pattern.find_first_not_of(c), pattern.size());
      add(c, static_cast<int>(run), pattern.substr(0, run), optional);
      pattern.remove_prefix(run);
    }
    for (std::size_t i = 0; i + 1 < parts_.size(); ++i) parts_[i].beside_digits = parts_[i + 1].of < Of::month_name;
    plain_day_ = parts_.size() == 5 && has_whole_date() && is_number(0) && is_letter(1) && is_number(2) && is_letter(3) && is_number(4);
  }

  [[nodiscard]] bool has_date() const noexcept { return has_day_ || has_month_ || has_year_; }
  [[nodiscard]] bool has_whole_date() const noexcept { return has_day_ && has_month_ && has_year_; }
  // A week of a year, a weekday or a year alone is none.
  [[nodiscard]] bool tells_day_or_month() const noexcept { return has_day_ || (has_month_ && !has_weekday_number_); }
  [[nodiscard]] bool has_time() const noexcept { return has_hour_ || has_minute_ || has_second_; }

  // Texts are cut or rounded to what a pattern shows; both are writings.
  [[nodiscard]] bool writes(std::string_view text, double number, const CalendarNames& names) const {
    return each_rounding(number, [&](std::int64_t all) { return matches(text, Moment(all), kNoInterval, names); });
  }
  // The same of a whole day, by a pattern without a time: what most dates are. REQUIRES: no fraction, and less than 1e9 days.
  [[nodiscard]] bool writes_day(std::string_view text, double number, const CalendarNames& names) const {
    const auto serial = static_cast<std::int64_t>(number);
    if (plain_day_ && writes_plain_day(text, serial)) return true;
    return matches(text, Moment::of_day(serial), kNoInterval, names);
  }
  // Hours count beyond a day, unless days are shown; so do minutes where no hours are shown, and seconds where neither are.
  [[nodiscard]] bool writes_interval(std::string_view text, double number, const CalendarNames& names) const {
    if (!has_time() && !has_day_) return false;
    const bool minus = !text.empty() && is_minus(first_code_point(text).value);
    if (minus) text.remove_prefix(first_code_point(text).size);
    if (minus && number > 0) return false;
    if (!minus && number < 0 && text.find_first_of("123456789") != std::string_view::npos) return false;
    return each_rounding(std::fabs(number),
                         [&](std::int64_t all) { return matches(text, Moment(all), has_day_ ? 0 : all / Moment::kDay * 24, names); });
  }

 private:
  static constexpr std::int64_t kNoInterval = -1;  // in place of hours that come to those of the day

  // What stands before month_name is digits.
  enum class Of : std::uint8_t { year, month, day, weekday, hour, minute, second, fraction, month_name, weekday_name, half, literal };
  struct Part {
    Of of = Of::literal;
    int width = 1;
    bool optional = false;
    bool beside_digits = false;  // digits follow at once: so many are this one's
    std::string literal;
  };

  // Three numbers with a letter between them, as most dates are written.
  [[nodiscard]] bool is_number(std::size_t i) const {
    const auto& part = parts_[i];
    return !part.optional && (part.of == Of::month || part.of == Of::day || (part.of == Of::year && part.width > 2));
  }
  [[nodiscard]] bool is_letter(std::size_t i) const {
    const auto& part = parts_[i];
    return !part.optional && part.of == Of::literal && part.literal.size() == 1 && static_cast<unsigned char>(part.literal.front()) < 0x80;
  }
  [[nodiscard]] bool writes_plain_day(std::string_view text, std::int64_t serial) const noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    int found[3] = {};  // year, month, day
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i % 2 == 1) {
        if (at == end || *at++ != parts_[i].literal.front()) return false;
        continue;
      }
      const char* const first = at;
      const auto most = parts_[i].of == Of::year ? 5 : 2;
      int shown = 0;
      for (; at != end && at - first < most && is_digit(*at); ++at) shown = shown * 10 + (*at - '0');
      if (at == first) return false;
      found[static_cast<std::size_t>(parts_[i].of)] = shown;
    }
    const auto [year, month, day] = found;
    return at == end && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month) &&
           days_of(year, month, day) == serial - 25'569;
  }

  void add(char c, int run, std::string_view text, bool optional) {
    Part part;
    part.width = run;
    part.optional = optional;
    switch (c) {
      case 'Y':
      case 'y': part.of = Of::year, has_year_ = true; break;
      case 'M': part.of = run > 2 ? Of::month_name : Of::month, has_month_ = true; break;
      case 'D':
      case 'd':
        part.of = run > 2 ? Of::weekday_name : Of::day;
        has_day_ = has_day_ || run < 3;
        break;
      case 'W':
      case 'w':
        part.of = run > 2 ? Of::weekday_name : Of::weekday;
        has_weekday_number_ = has_weekday_number_ || run < 3;
        break;
      case 'h':
      case 'H': part.of = Of::hour, has_hour_ = true; break;
      case 'm': part.of = Of::minute, has_minute_ = true; break;
      case 's': part.of = Of::second, has_second_ = true; break;
      case 'f': part.of = Of::fraction, fraction_ = std::max(fraction_, std::min(run, 3)); break;
      case 'T':
      case 't':
        if (run == 2) {
          part.of = Of::half, half_day_ = true;
          break;
        }
        [[fallthrough]];
      default: part.literal = std::string(text);
    }
    parts_.push_back(std::move(part));
  }

  // Milliseconds since serial 0, cut and rounded to what is shown. Serials of moments are exact to less than half a millisecond.
  template <typename Check>
  [[nodiscard]] bool each_rounding(double number, const Check& check) const {
    const double all = number * static_cast<double>(Moment::kDay);
    if (!(std::fabs(all) < 9e15)) return false;
    const auto exact = static_cast<std::int64_t>(std::floor(all + 0.5));
    const std::int64_t unit = fraction_ == 3   ? 1
                              : fraction_ == 2 ? 10
                              : fraction_ == 1 ? 100
                              : has_second_    ? 1000
                              : has_minute_    ? 60'000
                              : has_hour_      ? 3'600'000
                                               : Moment::kDay;
    const auto rest = exact % unit < 0 ? exact % unit + unit : exact % unit;
    if (check(exact - rest)) return true;
    // A date is the day it is in.
    if (unit != Moment::kDay && rest * 2 >= unit && check(exact - rest + unit)) return true;
    // Less than half a millisecond before the next unit.
    return rest == 0 && all < static_cast<double>(exact) && check(exact - unit);
  }

  [[nodiscard]] bool matches(std::string_view text, const Moment& moment, std::int64_t more_hours, const CalendarNames& names) const {
    if (!text.empty() && !is_digit(text.front())) text = trimmed(text);
    for (const auto& part : parts_) {
      if (part.optional && text.empty()) return true;
      if (!matches(part, text, moment, more_hours, names)) {
        if (part.optional && moment.milliseconds % 1000 == 0) continue;
        return false;
      }
    }
    return text.empty();
  }

  [[nodiscard]] bool matches(const Part& part, std::string_view& text, const Moment& moment, std::int64_t more_hours,
                             const CalendarNames& names) const {
    const auto& [year, month, day] = moment.date;
    const auto number = [&](std::int64_t value, int most) { return take_number(text, value, part, most); };
    const auto hour = moment.milliseconds / 3'600'000;
    const bool interval = more_hours != kNoInterval;
    const auto hours = interval ? hour + more_hours : hour;
    const auto minute = moment.milliseconds / 60'000 % 60, second = moment.milliseconds / 1000 % 60;
    const auto minutes = interval && !has_hour_ ? hours * 60 + minute : minute;
    switch (part.of) {
      case Of::year: return part.width > 2 ? number(year, 5) : number(((year % 100) + 100) % 100, 2);
      case Of::month: return number(month, 2);
      case Of::day: return number(more_hours <= 0 && has_time() && !has_month_ ? moment.days : day, has_month_ ? 2 : 9);
      case Of::weekday: return number(weekday(moment), 2);
      case Of::hour: return number(half_day_ ? (hour % 12 == 0 ? 12 : hour % 12) : hours, half_day_ ? 2 : 9);
      case Of::minute: return number(minutes, interval ? 9 : 2);
      case Of::second: return number(interval && !has_hour_ && !has_minute_ ? minutes * 60 + second : second, interval ? 9 : 2);
      case Of::fraction: return take_fraction(text, moment.milliseconds % 1000);
      case Of::month_name: return take_name(text, (part.width > 3 ? names.long_months : names.months), month - 1);
      case Of::weekday_name: return take_name(text, (part.width > 3 ? names.long_days : names.days), static_cast<int>(weekday(moment)));
      case Of::half: return take_folded(text, hour < 12 ? "am" : "pm");
      case Of::literal: break;
    }
    if (part.literal.size() == 1 && !text.empty() && text.front() == part.literal.front()) return text.remove_prefix(1), true;
    return take_literal(text, part.literal);
  }

  // Monday is 0; serial 2 was one.
  [[nodiscard]] static std::int64_t weekday(const Moment& moment) noexcept { return ((moment.days - 2) % 7 + 7) % 7; }

  // With or without zeros before it.
  [[nodiscard]] static bool take_number(std::string_view& text, std::int64_t value, const Part& part, int most) noexcept {
    const auto limit = part.beside_digits ? static_cast<std::size_t>(part.width) : static_cast<std::size_t>(most);
    std::int64_t shown = 0;
    std::size_t length = 0;
    while (length < text.size() && length < limit && is_digit(text[length])) shown = shown * 10 + (text[length++] - '0');
    text.remove_prefix(length);
    return length > 0 && shown == value;
  }
  [[nodiscard]] static bool take_fraction(std::string_view& text, std::int64_t milliseconds) noexcept {
    std::int64_t shown = 0;
    std::int64_t unit = 100;
    std::size_t length = 0;
    for (; length < text.size() && is_digit(text[length]); ++length, unit /= 10) shown += (text[length] - '0') * unit;
    text.remove_prefix(length);
    return length > 0 && shown == milliseconds;
  }
  [[nodiscard]] static bool take_name(std::string_view& text, const std::vector<std::string>& names, int which) noexcept {
    return static_cast<std::size_t>(which) < names.size() && take_folded(text, names[static_cast<std::size_t>(which)]);
  }
  // A blank stands for every blank; marks of direction are not seen.
  [[nodiscard]] static bool take_literal(std::string_view& text, std::string_view literal) noexcept {
    while (!literal.empty()) {
      const auto wanted = first_code_point(literal);
      auto found = first_code_point(text);
      while (is_direction_mark(found.value) && found.value != wanted.value) {
        text.remove_prefix(found.size);
        found = first_code_point(text);
      }
      literal.remove_prefix(wanted.size);
      if (is_direction_mark(wanted.value) && found.value != wanted.value) continue;
      if (found.value != wanted.value && !(is_blank(found.value) && is_blank(wanted.value))) return false;
      text.remove_prefix(found.size);
    }
    return true;
  }

  std::vector<Part> parts_;
  int fraction_ = 0;
  bool has_year_ = false, has_month_ = false, has_day_ = false, has_hour_ = false, has_minute_ = false, has_second_ = false;
  bool half_day_ = false, has_weekday_number_ = false;
  bool plain_day_ = false;  // writes_plain_day() can say yes
};

}  // namespace qonduit::detail

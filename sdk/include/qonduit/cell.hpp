// What a cell is. A Qlik value is a dual, a number with a text, and one of the two is what the value says: the number where the text is a
// writing of it (1,050.8 over 1050.75, 2024-12-30 over 45656), the text where it says more (Q1 over 1, 02625 over 2625). One rule for
// adapters and for the tables the host reads itself: docs/values.md. Writing is compiled once for a column; it is const and shared by
// threads.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/detail/calendar_writing.hpp>
#include <qonduit/detail/named_moment.hpp>
#include <qonduit/detail/number_writing.hpp>
#include <qonduit/dual.hpp>
#include <qonduit/locale.hpp>
#include <qonduit/value_text.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::cell {

// How a column writes its values: qNumFormat, and what its tags say.
struct Format {
  std::string type = "U";          // U A I R F M D T TS IV
  std::string pattern;             // qFmt
  std::string decimal, thousands;  // qDec, qThou
  bool dates = false;              // tagged as dates or moments
};

// What a cell is, and, as bits, what the cells of a column are.
enum class Kind : std::uint16_t {
  integer = 1,    // a whole number that a double holds exactly
  real = 2,       // any other number
  date = 4,       // a whole day
  timestamp = 8,  // a day with a time
  time = 16,      // a time of day, without a day
  clock = 32,     // a time of day of some day, which is not shown
  interval = 64,  // hours that may be more than a day has
  text = 128,     // the text says more than the number, or there is no number
  // A whole number from 2^53 on whose text is digits alone, an id as a rule, or has more digits than the number: the text is the value.
  long_integer = 256,
};
using Kinds = std::uint16_t;
inline constexpr int kLastKind = 256;
[[nodiscard]] constexpr Kinds bit(Kind kind) noexcept { return static_cast<Kinds>(kind); }

class Writing {
 public:
  Writing(const Format& format, const Locale& locale) : type_(format.type), dates_(format.dates) {
    const bool calendar = type_ == "D" || type_ == "T" || type_ == "TS" || type_ == "IV";
    dates_ = dates_ || type_ == "D" || type_ == "TS";
    const detail::CalendarPattern own(format.pattern);
    // What neither has a day nor a month is no date: YYYY/WW names weeks.
    const bool clock = type_ == "T" || type_ == "IV" || (own.has_time() && !own.has_date());
    if (!format.pattern.empty() && (calendar || type_ == "U") && (clock || own.tells_day_or_month())) {
      patterns_.push_back({own, kind_of(own)});
      own_clock_ = type_ == "T" || type_ == "IV";
    }
    for (const auto* pattern : {&locale.date, &locale.timestamp, &locale.time}) {
      const detail::CalendarPattern made(*pattern);
      if (pattern->empty() || (made.has_date() && !made.has_whole_date())) continue;
      patterns_.push_back({made, made.has_date() ? (made.has_time() ? Kind::timestamp : Kind::date) : Kind::time});
    }
    // ISO 8601 is read in every locale.
    for (const auto* iso : {"YYYY-MM-DD", "YYYY-MM-DD hh:mm:ss[.fff]", "hh:mm:ss[.fff]"}) {
      const detail::CalendarPattern made(iso);
      patterns_.push_back({made, made.has_date() ? (made.has_time() ? Kind::timestamp : Kind::date) : Kind::time});
    }
    take_names(names_.months, locale.months);
    take_names(names_.long_months, locale.long_months);
    take_names(names_.days, locale.days);
    take_names(names_.long_days, locale.long_days);

    if (!calendar) {
      numbers_.add_separators(format.decimal, format.thousands);
      numbers_.add_pattern(format.pattern);
    }
    numbers_.add_separators(locale.decimal, locale.thousands);
    numbers_.add_separators(locale.money_decimal, locale.money_thousands);
    numbers_.add_money(locale.money);
    numbers_.add_abbreviations(locale.abbreviations.empty() ? "3:k;6:M;9:G;12:T;15:P;18:E;21:Z;24:Y;-3:m;-6:μ;-9:n;-12:p"
                                                            : std::string_view(locale.abbreviations));
    numbers_.finish();
  }

  // What the value is. The number may be infinite, and is no NaN.
  [[nodiscard]] Kind kind(std::string_view text, double number) const {
    if (is_number(text, number)) return kind_of_number(number);
    if (std::fabs(number) >= dual::kExactIntegers && numbers_.is_longer(text, number)) return Kind::long_integer;
    return calendar_kind(text, number);
  }
  // The answers a reader of a column wants most, each on its own.
  [[nodiscard, gnu::always_inline]] inline bool is_number(std::string_view text, double number) const {
    return (numbers_.writes(text, number) && !(own_clock_ && writes_own(text, number))) || std::isinf(number);
  }
  [[nodiscard]] bool is_day(std::string_view text, double number) const {
    if (!(std::fabs(number) < 1e9) || static_cast<double>(static_cast<std::int64_t>(number)) != number) return false;
    for (const auto& [pattern, kind] : patterns_) {
      if (kind == Kind::date && !pattern.has_time() && pattern.writes_day(text, number, names_)) return true;
    }
    return calendar_kind(text, number) == Kind::date;
  }
  // date, timestamp, time, clock or interval; text where it is none of them.
  [[nodiscard]] Kind calendar_kind(std::string_view text, double number) const {
    for (const auto& [pattern, kind] : patterns_) {
      if (kind == Kind::interval) {
        if (pattern.writes_interval(text, number, names_)) return kind;
        continue;
      }
      if (pattern.writes(text, number, names_)) return exact_kind(kind, number);
      if (kind == Kind::time && pattern.writes_interval(text, number, names_)) return Kind::interval;
    }
    bool with_time = false;
    if (dates_ && detail::names_moment(text, number, names_, with_time))
      return exact_kind(with_time ? Kind::timestamp : Kind::date, number);
    return Kind::text;
  }
  [[nodiscard]] static Kind kind_of_number(double number) noexcept {
    return std::fabs(number) <= dual::kExactIntegers && std::floor(number) == number ? Kind::integer : Kind::real;
  }

 private:
  struct Pattern {
    detail::CalendarPattern pattern;
    Kind kind;
  };

  // By the column's own pattern of times: hours alone, "0" or "34", are no numbers.
  [[nodiscard]] bool writes_own(std::string_view text, double number) const {
    const auto& [pattern, kind] = patterns_.front();
    return kind == Kind::interval ? pattern.writes_interval(text, number, names_) : pattern.writes(text, number, names_);
  }
  [[nodiscard]] Kind kind_of(const detail::CalendarPattern& own) const {
    if (type_ == "IV") return Kind::interval;
    if (type_ == "T") return Kind::time;
    if (type_ == "TS") return Kind::timestamp;
    return type_ == "D" || !own.has_time() ? Kind::date : own.has_date() ? Kind::timestamp : Kind::time;
  }
  // A date that hides a time of day is a moment; a time of day may hide its day.
  [[nodiscard]] static Kind exact_kind(Kind kind, double number) noexcept {
    if (kind == Kind::date && std::floor(number) != number) return Kind::timestamp;
    if (kind == Kind::time && !(number >= 0 && number < 1)) return Kind::clock;
    return kind;
  }
  static void take_names(std::vector<std::string>& names, std::string_view list) {
    if (list.empty()) return;
    names.clear();
    for (std::size_t at = 0; at <= list.size();) {
      const auto end = std::min(list.find(';', at), list.size());
      names.emplace_back(list.substr(at, end - at));
      at = end + 1;
    }
  }

  std::string type_;
  bool dates_ = false;
  bool own_clock_ = false;  // the column is of times or intervals, and the first pattern is its own
  detail::NumberWriting numbers_;
  std::vector<Pattern> patterns_;
  detail::CalendarNames names_;
};

// The narrowest type that holds values of these kinds without loss; utf8 where they are of several worlds.
struct Chosen {
  Type type = Type::utf8;
  bool of_day = false;  // a duration that is a time of day
};
[[nodiscard]] constexpr Chosen choose(Kinds kinds) noexcept {
  const auto within = [&](int of) { return kinds != 0 && (kinds & ~of) == 0; };
  constexpr int kIntegers = bit(Kind::integer), kDates = bit(Kind::date), kTimes = bit(Kind::time);
  if (within(kIntegers)) return {Type::int64, false};
  if (within(kIntegers | bit(Kind::real))) return {Type::float64, false};
  if (within(kDates)) return {Type::date32, false};
  if (within(kDates | bit(Kind::timestamp))) return {Type::timestamp, false};
  if (within(kTimes | bit(Kind::clock))) return {Type::duration, true};
  if (within(kTimes | bit(Kind::interval))) return {Type::duration, false};
  return {Type::utf8, false};
}
// Whether kinds meet that only a text holds together: texts beside numbers, numbers beside dates. Numbers that are their text because a
// double does not hold them do not count.
[[nodiscard]] constexpr bool is_mixed(Kinds kinds) noexcept {
  const auto counted = static_cast<Kinds>(kinds & ~bit(Kind::long_integer));
  return counted != 0 && counted != bit(Kind::text) && choose(counted).type == Type::utf8;
}
// What meets in a mixed column, for messages: "texts beside numbers or dates", "dates beside numbers".
[[nodiscard]] inline std::string mixture(Kinds kinds) {
  if ((kinds & bit(Kind::text)) != 0) return "texts beside numbers or dates";
  const auto any = [kinds](int of) { return (kinds & of) != 0; };
  std::string words;
  const auto add = [&words](bool met, const char* word) {
    if (met) words.append(words.empty() ? "" : " beside ").append(word);
  };
  add(any(bit(Kind::date) | bit(Kind::timestamp)), "dates");
  add(any(bit(Kind::time) | bit(Kind::clock)), "times of day");
  add(any(bit(Kind::interval)), "intervals");
  add(any(bit(Kind::integer) | bit(Kind::real)), "numbers");
  return words;
}
// What a report says of a column of texts with cells of these kinds; nothing where there is nothing to say.
[[nodiscard]] inline std::vector<std::string> notes_of_mixed(const std::string& title, Kinds kinds) {
  std::vector<std::string> notes;
  const auto column = "column '" + title + "' ";
  if (is_mixed(kinds)) {
    notes.push_back(column + "holds " + mixture(kinds) +
                    ", and is delivered as text: numbers with all their digits and a decimal point, dates as 2024-12-31" +
                    ((kinds & bit(Kind::text)) != 0 ? " (on-mixed = null delivers null in place of the texts)" : ""));
  }
  if ((kinds & bit(Kind::long_integer)) != 0) {
    notes.push_back(column +
                    "holds whole numbers beyond 2^53, from where on the engine's numbers are not exact, and is delivered as text: the "
                    "digits that are seen");
  }
  return notes;
}
// Why on-mixed = fail fails such a column.
[[nodiscard]] inline std::string refused_mixture(const std::string& title, Kinds kinds) {
  return "column '" + title + "' holds " + mixture(kinds) + ", and on-mixed = fail; set on-mixed to text or null, or dual." + title +
         " to text";
}
// Whether a column of this type holds a value of this kind.
[[nodiscard]] constexpr bool holds(Chosen column, Kind kind) noexcept {
  switch (column.type) {
    case Type::int64: return kind == Kind::integer;
    case Type::float64: return kind == Kind::integer || kind == Kind::real;
    case Type::date32: return kind == Kind::date;
    case Type::timestamp: return kind == Kind::date || kind == Kind::timestamp;
    case Type::duration: return kind == Kind::time || kind == (column.of_day ? Kind::clock : Kind::interval);
    case Type::boolean: return false;
    case Type::utf8: break;
  }
  return true;
}

// The milliseconds of a time of day, whatever day it is of; never those of 24:00.
[[nodiscard]] inline std::int64_t time_of_day(double number) noexcept {
  const double part = number - std::floor(number);
  const auto milliseconds = std::llround(part * dual::kMillisecondsPerDay);
  return milliseconds >= static_cast<std::int64_t>(dual::kMillisecondsPerDay) ? static_cast<std::int64_t>(dual::kMillisecondsPerDay) - 1
                                                                              : milliseconds;
}

// A value as the text of a column of texts: from the number, with every digit and a decimal point, where the number is the value.
[[nodiscard]] inline std::string_view text_of(Kind kind, std::string_view text, double number, ValueText& room) noexcept {
  const auto milliseconds = [&](double serial) { return std::llround(serial * dual::kMillisecondsPerDay); };
  switch (kind) {
    case Kind::integer: return integer_text(static_cast<std::int64_t>(number), room);
    case Kind::real: return real_text(number, room);
    case Kind::date: return date_text(static_cast<std::int64_t>(number - dual::kUnixEpochSerial), room);
    case Kind::timestamp: return timestamp_text(milliseconds(number - dual::kUnixEpochSerial), room, 'T');
    case Kind::time:
    case Kind::clock: return interval_text(time_of_day(number), room);
    case Kind::interval: return interval_text(milliseconds(number), room);
    case Kind::text:
    case Kind::long_integer: break;
  }
  return text;
}

}  // namespace qonduit::cell

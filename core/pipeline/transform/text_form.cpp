#include "core/pipeline/transform/text_form.hpp"

#include <qonduit/dates.hpp>
#include <qonduit/value_text.hpp>

#include <charconv>
#include <cmath>
#include <limits>

namespace qonduit::pipeline::transform {
namespace {

constexpr std::int64_t kLastYear = 999'999'999;

void put_padded(std::uint64_t value, std::size_t width, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  const auto length = static_cast<std::size_t>(end - digits);
  if (length < width) out.append(width - length, '0');
  out.append(digits, end);
}

void put_civil(std::int64_t days, std::string& out) {
  const auto [year, month, day] = civil_date(days);
  if (year < 0) out += '-';
  if (year > 9999) out += '+';
  put_padded(static_cast<std::uint64_t>(year < 0 ? -year : year), 4, out);
  out += '-';
  put_padded(static_cast<std::uint64_t>(month), 2, out);
  out += '-';
  put_padded(static_cast<std::uint64_t>(day), 2, out);
}

void put_clock(std::uint64_t milliseconds, std::string& out) {
  put_padded(milliseconds / 3'600'000, 2, out);
  out += ':';
  put_padded(milliseconds / 60'000 % 60, 2, out);
  out += ':';
  put_padded(milliseconds / 1000 % 60, 2, out);
  if (milliseconds % 1000 == 0) return;
  out += '.';
  put_padded(milliseconds % 1000, 3, out);
}

// Takes from the front what it understands.
class Taker {
 public:
  explicit Taker(std::string_view text) : text_(text) {}

  bool literal(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // So many digits at least and at most.
  bool number(std::size_t least, std::size_t most, std::int64_t& value) {
    std::size_t length = 0;
    value = 0;
    while (length < text_.size() && length < most && text_[length] >= '0' && text_[length] <= '9')
      value = value * 10 + (text_[length++] - '0');
    if (length < least) return false;
    text_.remove_prefix(length);
    return true;
  }
  // The digits behind a point, as milliseconds.
  bool fraction(std::int64_t& milliseconds) {
    const auto before = text_.size();
    if (!number(1, 3, milliseconds)) return false;
    for (auto digits = before - text_.size(); digits < 3; ++digits) milliseconds *= 10;
    return true;
  }
  [[nodiscard]] bool done() const { return text_.empty(); }

 private:
  std::string_view text_;
};

bool take_date(Taker& taker, std::int64_t& days) {
  const bool negative = taker.literal('-');
  const bool sign = negative || taker.literal('+');
  std::int64_t year = 0, month = 0, day = 0;
  const bool form = taker.number(4, sign ? 9 : 4, year) && taker.literal('-') && taker.number(2, 2, month) && taker.literal('-') &&
                    taker.number(2, 2, day);
  if (negative) year = -year;
  if (!form || year > kLastYear || month < 1 || month > 12 || day < 1 || day > days_in(year, static_cast<int>(month))) return false;
  days = days_of(year, static_cast<int>(month), static_cast<int>(day));
  return true;
}

// HH:MM, HH:MM:SS or HH:MM:SS.mmm.
bool take_clock(Taker& taker, std::size_t most_hour_digits, std::int64_t last_hour, std::int64_t& milliseconds) {
  std::int64_t hours = 0, minutes = 0, seconds = 0, rest = 0;
  if (!taker.number(2, most_hour_digits, hours) || !taker.literal(':') || !taker.number(2, 2, minutes)) return false;
  if (taker.literal(':')) {
    if (!taker.number(2, 2, seconds)) return false;
    if (taker.literal('.') && !taker.fraction(rest)) return false;
  }
  if (hours > last_hour || minutes > 59 || seconds > 59) return false;
  return !__builtin_mul_overflow(hours, std::int64_t{3'600'000}, &milliseconds) &&
         !__builtin_add_overflow(milliseconds, minutes * 60'000 + seconds * 1000 + rest, &milliseconds);
}

}  // namespace

void put_int64(std::int64_t value, std::string& out) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void put_float64(double value, std::string& out) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  char digits[32];
  out.append(digits, std::isinf(value) ? std::to_chars(digits, digits + sizeof digits, value).ptr : write_real(value, digits));
}

void put_boolean(bool value, std::string& out) { out += value ? "true" : "false"; }
void put_date32(std::int32_t days, std::string& out) { put_civil(days, out); }

void put_timestamp(std::int64_t milliseconds, std::string& out) {
  auto days = milliseconds / kDayMilliseconds;
  auto rest = milliseconds % kDayMilliseconds;
  if (rest < 0) rest += kDayMilliseconds, --days;
  put_civil(days, out);
  out += 'T';
  put_clock(static_cast<std::uint64_t>(rest), out);
}

void put_duration(std::int64_t milliseconds, std::string& out) {
  if (milliseconds < 0) out += '-';
  const auto size = static_cast<std::uint64_t>(milliseconds);
  put_clock(milliseconds < 0 ? 0 - size : size, out);
}

bool parse_int64(std::string_view text, std::int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool parse_float64(std::string_view text, double& value) {
  if (text == "NaN") return value = std::numeric_limits<double>::quiet_NaN(), true;
  if (text == "inf") return value = std::numeric_limits<double>::infinity(), true;
  if (text == "-inf") return value = -std::numeric_limits<double>::infinity(), true;
  // from_chars takes other spellings of infinity too.
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool parse_boolean(std::string_view text, bool& value) {
  value = text == "true";
  return value || text == "false";
}

bool parse_date32(std::string_view text, std::int32_t& days) {
  Taker taker(text);
  std::int64_t wide = 0;
  if (!take_date(taker, wide) || !taker.done()) return false;
  days = static_cast<std::int32_t>(wide);
  return wide == days;
}

bool parse_timestamp(std::string_view text, std::int64_t& milliseconds) {
  Taker taker(text);
  std::int64_t days = 0, clock = 0;
  if (!take_date(taker, days)) return false;
  if (!taker.done()) {
    const bool separated = taker.literal('T') || taker.literal(' ');
    if (!separated || !take_clock(taker, 2, 23, clock) || !taker.done()) return false;
  }
  // By way of the day after for a date before 1970: the first moments of int64 lie within a day that does not fit.
  const auto whole = days < 0 ? days + 1 : days;
  return !__builtin_mul_overflow(whole, kDayMilliseconds, &milliseconds) &&
         !__builtin_add_overflow(milliseconds, days < 0 ? clock - kDayMilliseconds : clock, &milliseconds);
}

bool parse_duration(std::string_view text, std::int64_t& milliseconds) {
  Taker taker(text);
  const bool negative = taker.literal('-');
  constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();
  if (negative && text == "-2562047788015:12:55.808") return milliseconds = std::numeric_limits<std::int64_t>::min(), true;
  if (!take_clock(taker, 13, kLargest, milliseconds) || !taker.done()) return false;
  if (negative) milliseconds = -milliseconds;
  return true;
}

std::string_view type_example(Type type) {
  switch (type) {
    case Type::int64: return "a whole number of 64 bits, such as 1200";
    case Type::float64: return "a number, such as 1200.5";
    case Type::boolean: return "true or false";
    case Type::utf8: return "a text";
    case Type::date32: return "a date, such as 2024-01-31";
    case Type::timestamp: return "a timestamp, such as 2024-01-31T23:59:59";
    case Type::duration: return "a time, such as 23:59:59";
  }
  return "a text";
}

Result<Scalar> parse_scalar(Type type, std::string_view text) {
  Scalar value{type, 0, 0, {}};
  bool good = true;
  switch (type) {
    case Type::int64: good = parse_int64(text, value.whole); break;
    case Type::float64: good = parse_float64(text, value.real); break;
    case Type::timestamp: good = parse_timestamp(text, value.whole); break;
    case Type::duration: good = parse_duration(text, value.whole); break;
    case Type::utf8: value.text = std::string(text); break;
    case Type::boolean: {
      bool flag = false;
      good = parse_boolean(text, flag);
      value.whole = flag ? 1 : 0;
      break;
    }
    case Type::date32: {
      std::int32_t days = 0;
      good = parse_date32(text, days);
      value.whole = days;
      break;
    }
  }
  if (good) return value;
  return Status(Code::invalid_config, "'" + std::string(text.substr(0, 100)) + "' is not " + std::string(type_example(type)));
}

}  // namespace qonduit::pipeline::transform

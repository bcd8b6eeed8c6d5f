#include "core/pipeline/transform/convert.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string>
#include <type_traits>

#include "core/pipeline/transform/typed.hpp"
#include "qonduit/cell.hpp"

namespace qonduit::pipeline::transform {
namespace {

constexpr bool is_number(Type type) { return type == Type::int64 || type == Type::float64 || type == Type::boolean; }
constexpr bool is_moment(Type type) { return type == Type::date32 || type == Type::timestamp; }

// A number of days, as Qlik counts dates, times and intervals.
constexpr bool is_serial(Type from, Type to) {
  return (from == Type::int64 || from == Type::float64) && (is_moment(to) || to == Type::duration);
}

// of_day: to a time of day.
constexpr bool converts(Type from, Type to, bool of_day) {
  if (from == to) return of_day && to == Type::duration;
  return from == Type::utf8 || to == Type::utf8 || (is_number(from) && is_number(to)) || (is_moment(from) && is_moment(to)) ||
         is_serial(from, to);
}

// Whether a text of digits alone says more than the number that was read from it: its neighbours are read as the same number.
bool says_less(double number, std::string_view text) {
  constexpr std::size_t kAlwaysExact = 15;
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  if (text.size() <= kAlwaysExact || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  if (text.size() <= kAlwaysExact) return false;
  char digits[400];  // the largest number has 309
  const auto exact = std::to_chars(std::begin(digits), std::end(digits), std::fabs(number), std::chars_format::fixed, 0);
  if (text == std::string_view(digits, static_cast<std::size_t>(exact.ptr - digits))) return false;
  // 123456789012345680000 is how the number is written, with zeros for what it does not hold.
  const auto written = std::to_chars(std::begin(digits), std::end(digits), std::fabs(number), std::chars_format::scientific);
  std::string significant(digits, static_cast<std::size_t>(written.ptr - digits));
  significant.erase(significant.find('e'));
  significant.erase(std::remove(significant.begin(), significant.end(), '.'), significant.end());
  return text.substr(0, text.find_last_not_of('0') + 1) != significant;
}

// Each converts one value: null when it did, else why not. The loops inline them.

template <Type To>
const char* from_text(std::string_view text, typename Typed<To>::Value& out) {
  if constexpr (To == Type::int64) return parse_int64(text, out) ? nullptr : "is not a whole number of 64 bits";
  if constexpr (To == Type::float64) {
    if (!parse_float64(text, out)) return "is not a number with a decimal point";
    return says_less(out, text) ? "has more digits than a real number holds" : nullptr;
  }
  if constexpr (To == Type::boolean) {
    std::int64_t whole = 0;
    if (parse_boolean(text, out)) return nullptr;
    if (!parse_int64(text, whole)) return "is neither true nor false, nor a whole number";
    out = whole != 0;
    return nullptr;
  }
  if constexpr (To == Type::date32) return parse_date32(text, out) ? nullptr : "is not a date such as 2024-01-31";
  if constexpr (To == Type::timestamp) return parse_timestamp(text, out) ? nullptr : "is not a timestamp such as 2024-01-31T23:59:59";
  if constexpr (To == Type::duration) return parse_duration(text, out) ? nullptr : "is not a time such as 23:59:59";
}

const char* number(std::int64_t in, double& out) {
  constexpr double kTwo63 = 9'223'372'036'854'775'808.0;
  out = static_cast<double>(in);
  return out < kTwo63 && static_cast<std::int64_t>(out) == in ? nullptr : "has no exact real number";
}

const char* number(double in, std::int64_t& out) {
  constexpr double kTwo63 = 9'223'372'036'854'775'808.0;
  if (!(in >= -kTwo63 && in < kTwo63) || std::trunc(in) != in) return "is not a whole number of 64 bits";
  out = static_cast<std::int64_t>(in);
  return nullptr;
}

// As Qlik has it: 0 is false, every other number is true; its own true is -1.
template <typename In>
const char* number(In in, bool& out) {
  out = in != In{0};
  if constexpr (std::is_floating_point_v<In>) {
    if (std::isnan(in)) return "is neither true nor false";
  }
  return nullptr;
}

template <typename Out>
const char* number(bool in, Out& out) {
  out = in ? Out{1} : Out{0};
  return nullptr;
}

const char* moment(std::int32_t in, std::int64_t& out) {
  out = in * kDayMilliseconds;
  return nullptr;
}

const char* moment(std::int64_t in, std::int32_t& out) {
  if (in % kDayMilliseconds != 0) return "is not midnight: a date would lose the time of day";
  out = static_cast<std::int32_t>(in / kDayMilliseconds);
  return out == in / kDayMilliseconds ? nullptr : "is out of range for a date";
}

constexpr double kMostDays = 2e9;  // what a date of 32 bits holds, with room

const char* serial(double in, std::int32_t& date) {
  const double day = in - dual::kUnixEpochSerial;
  if (!(std::fabs(day) < kMostDays)) return "is out of range for a number of days since 1899-12-30";
  if (std::floor(day) != day) return "is no whole number of days since 1899-12-30: a date would lose the time of day";
  date = static_cast<std::int32_t>(day);
  return nullptr;
}

const char* serial_moment(double in, std::int64_t& milliseconds) {
  const double days = in - dual::kUnixEpochSerial;
  if (!(std::fabs(days) < kMostDays)) return "is out of range for a number of days since 1899-12-30";
  milliseconds = std::llround(days * dual::kMillisecondsPerDay);
  return nullptr;
}

const char* serial_time(double in, std::int64_t& milliseconds) {
  if (!(in >= 0 && in < 1)) return "is no part of a day, which is from 0 to below 1";
  milliseconds = cell::time_of_day(in);
  return nullptr;
}

const char* serial_interval(double in, std::int64_t& milliseconds) {
  if (!(std::fabs(in) < kMostDays)) return "is out of range for a number of days";
  milliseconds = std::llround(in * dual::kMillisecondsPerDay);
  return nullptr;
}

const char* within_a_day(std::int64_t milliseconds) {
  return milliseconds >= 0 && milliseconds < kDayMilliseconds ? nullptr : "is no time of day, which is below 24:00 (interval holds it)";
}

template <Type From, Type To, bool OfDay>
const char* convert_value(typename Typed<From>::Value in, typename Typed<To>::Value& out, std::string& scratch) {
  if constexpr (To == Type::utf8) {
    out = Typed<From>::show(in, scratch);
    return nullptr;
  } else if constexpr (From == Type::utf8) {
    const char* why = from_text<To>(in, out);
    if constexpr (OfDay) return why == nullptr ? within_a_day(out) : why;
    return why;
  } else if constexpr (From == Type::duration) {
    out = in;
    return within_a_day(in);
  } else if constexpr (is_serial(From, To)) {
    const auto days = static_cast<double>(in);
    if constexpr (OfDay) return serial_time(days, out);
    if constexpr (To == Type::date32) return serial(days, out);
    if constexpr (To == Type::timestamp) return serial_moment(days, out);
    if constexpr (To == Type::duration && !OfDay) return serial_interval(days, out);
  } else if constexpr (is_number(From)) {
    return number(in, out);
  } else {
    return moment(in, out);
  }
}

template <Type From, Type To, bool OfDay>
Misfit convert_rows(const ColumnView& in, Column& out) {
  std::string scratch;
  for (std::int64_t row = 0; row < in.rows(); ++row) {
    if (in.is_null(row)) {
      out.append_null();
      continue;
    }
    const auto value = Typed<From>::get(in, row);
    typename Typed<To>::Value converted{};
    if (const char* why = convert_value<From, To, OfDay>(value, converted, scratch)) {
      return {row, std::string(Typed<From>::show(value, scratch)), why};
    }
    Typed<To>::append(out, converted);
  }
  return {};
}

}  // namespace

Conversion find_conversion(Type from, Target to) {
  return with_type(from, [to]<Type From>(Is<From>) {
    return with_type(to.type, [to]<Type To>(Is<To>) -> Conversion {
      if constexpr (To == Type::duration && converts(From, To, true)) {
        if (to.of_day) return convert_rows<From, To, true>;
      }
      if constexpr (converts(From, To, false))
        return convert_rows<From, To, false>;
      else
        return nullptr;
    });
  });
}

}  // namespace qonduit::pipeline::transform

// What Qlik's numbers mean as values of a column. A Qlik value is a dual, a number with a text; a date is the serial of its day since
// 1899-12-30. Used where values are decoded: by adapters, and by the host for rows it reads itself.
#pragma once

#include <qonduit/batch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::dual {

inline constexpr double kUnixEpochSerial = 25569.0;  // 1970-01-01
inline constexpr double kMillisecondsPerDay = 86'400'000.0;
inline constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: above it a double cannot tell neighbours apart

// What a field's tags say of its values; utf8 where they say nothing. Source: protocol, formats and tags: a date carries $date and, as a
// rule, $timestamp too.
[[nodiscard]] inline Type type_of_tags(const std::vector<std::string>& tags) {
  const auto tagged = [&](std::string_view tag) { return std::find(tags.begin(), tags.end(), tag) != tags.end(); };
  if (tagged("$date")) return Type::date32;
  if (tagged("$timestamp")) return Type::timestamp;
  if (tagged("$integer")) return Type::int64;
  if (tagged("$numeric")) return Type::float64;
  return Type::utf8;
}

// Appends a number to a column of a numeric type. False, and nothing appended, when the type cannot hold it: see wider_for_number().
[[nodiscard]] inline bool append_number(Column& column, double number) {
  const auto milliseconds = [&](double value) {
    if (!(std::fabs(value) < 9e18)) return false;
    column.append_int64(std::llround(value));
    return true;
  };
  switch (column.type()) {
    case Type::float64: column.append_float64(number); return true;
    case Type::int64:
      if (!(std::fabs(number) <= kExactIntegers) || std::floor(number) != number) return false;
      column.append_int64(static_cast<std::int64_t>(number));
      return true;
    case Type::date32: {
      const double day = number - kUnixEpochSerial;
      if (std::floor(day) != day || !(std::fabs(day) < 2e9)) return false;
      column.append_date32(static_cast<std::int32_t>(day));
      return true;
    }
    case Type::timestamp: return milliseconds((number - kUnixEpochSerial) * kMillisecondsPerDay);
    case Type::duration: return milliseconds(number * kMillisecondsPerDay);
    case Type::boolean:
    case Type::utf8: return false;
  }
  return false;
}

// The next type that holds a number which this one does not.
[[nodiscard]] constexpr Type wider_for_number(Type type) noexcept {
  return type == Type::int64 ? Type::float64 : type == Type::date32 ? Type::timestamp : Type::utf8;
}

}  // namespace qonduit::dual

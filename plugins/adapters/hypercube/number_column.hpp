// Numbers of the engine into columns: exact, or not at all. Runs for every cell; threads share nothing.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/cell.hpp>

#include <cmath>
#include <cstdint>
#include <string>

#include "plugins/adapters/hypercube/number_value.hpp"

namespace qonduit::hypercube {

// Appends a number as a value of this type: a serial as a date, a moment or a duration, anything else as it is. False, and nothing is
// appended, where the type cannot hold it: a fraction among integers, a time of day among dates.
// of_day: a duration is a time of day, whichever day the number says.
inline bool append_number(Column& out, double number, Type type, bool of_day = false) {
  const auto milliseconds = [&out](double value) {
    if (!(std::fabs(value) < 9e18)) return false;
    out.append_int64(static_cast<std::int64_t>(std::llround(value)));
    return true;
  };
  switch (type) {
    case Type::float64: out.append_float64(number); return true;
    case Type::int64:
      if (!(std::fabs(number) <= kExactIntegers) || static_cast<double>(static_cast<std::int64_t>(number)) != number) return false;
      out.append_int64(static_cast<std::int64_t>(number));
      return true;
    case Type::date32: {
      const double day = number - kUnixEpochSerial;
      if (!(std::fabs(day) < 2e9) || static_cast<double>(static_cast<std::int32_t>(day)) != day) return false;
      out.append_date32(static_cast<std::int32_t>(day));
      return true;
    }
    case Type::timestamp: return milliseconds((number - kUnixEpochSerial) * kMillisecondsPerDay);
    case Type::duration:
      if (!of_day) return milliseconds(number * kMillisecondsPerDay);
      if (!std::isfinite(number)) return false;
      out.append_int64(cell::time_of_day(number));
      return true;
    case Type::boolean:
    case Type::utf8: break;
  }
  return false;
}

// Why a number does not fit, and the type that would hold it.
struct Misfit {
  Type needed = Type::utf8;
  std::string why;
};
Misfit misfit(double number, Type type);

// A number in messages, every digit of it.
std::string shown(double number);

}  // namespace qonduit::hypercube

// Numbers as text the way a QIX engine shows them: the formats of qNumFormat (I R F M D T TS IV) with their pattern and separators.
// Stateless; every call may run anywhere.
#pragma once

#include <cstdint>
#include <string>

#include "model/locale.hpp"

namespace qonduit::simulator {

// The text of a value under a format. NaN gives "-".
[[nodiscard]] std::string format_number(double value, const NumFormat& format);

// At most so many significant digits, no grouping: what the engine shows for a number without a format.
[[nodiscard]] std::string format_general(double value, const std::string& decimal = ".", int digits = 14);

// A day serial (0 = 1899-12-30) under a pattern of YYYY YY MMMM MMM MM M DD D WWW hh h mm ss [.fff] TT.
[[nodiscard]] std::string format_date(double serial, const std::string& pattern);

// The serial of a civil day.
[[nodiscard]] std::int64_t day_serial(int year, int month, int day);

}  // namespace qonduit::simulator

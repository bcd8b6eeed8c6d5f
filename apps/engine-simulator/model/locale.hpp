// How an app writes numbers and dates (its script's SET lines), and the types a field of a data app has.
#pragma once

#include <limits>
#include <string>

namespace qonduit::simulator {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Locale {
  std::string decimal = ".";
  std::string thousands = ",";
  std::string date = "M/D/YYYY";
  std::string time = "h:mm:ss TT";
  std::string timestamp = "M/D/YYYY h:mm:ss[.fff] TT";
  std::string money = "$#,##0.00;($#,##0.00)";
};

// qNumFormat.
struct NumFormat {
  std::string type = "U";  // U A I R F M D T TS IV
  int decimals = 0;        // qnDec
  int use_thousands = 0;   // qUseThou
  std::string pattern;     // qFmt
  std::string decimal;     // qDec
  std::string thousands;   // qThou
};

enum class FieldType { text, integer, real, money, date, time, timestamp, interval };

}  // namespace qonduit::simulator

// How an app writes numbers and dates: qLocaleInfo of its layout. What is empty is not known.
#pragma once

#include <string>

namespace qonduit {

struct Locale {
  std::string decimal, thousands;                    // qDecimalSep, qThousandSep
  std::string money_decimal, money_thousands;        // qMoneyDecimalSep, qMoneyThousandSep
  std::string money, date, time, timestamp;          // qMoneyFmt, qDateFmt, qTimeFmt, qTimestampFmt
  std::string abbreviations;                         // qNumericalAbbreviation: "3:k;6:M;9:G"
  std::string months, long_months, days, long_days;  // qCalendarStrings, with semicolons between the names
};

}  // namespace qonduit

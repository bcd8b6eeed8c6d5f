// Days of the proleptic Gregorian calendar, of any year that 64 bits can count: std::chrono ends at the year 32767. No allocation; any
// thread.
#pragma once

#include <cstdint>

namespace qonduit {

struct CivilDate {
  std::int64_t year;
  int month, day;
};

// Days since 1970-01-01 to year, month, day, by eras of 400 years. After Howard Hinnant's public algorithm.
[[nodiscard]] constexpr CivilDate civil_date(std::int64_t days) noexcept {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto day_of_era = days - era * 146'097;
  const auto year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const auto day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto shifted = (5 * day_of_year + 2) / 153;
  const auto month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1)};
}

// The other way round, for dates there are.
[[nodiscard]] constexpr std::int64_t days_of(std::int64_t year, int month, int day) noexcept {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}
[[nodiscard]] constexpr int days_in(std::int64_t year, int month) noexcept {
  constexpr signed char kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

}  // namespace qonduit

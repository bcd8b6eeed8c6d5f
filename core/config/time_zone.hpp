// A time zone of the tz database: what a day and an hour are, for names with {date}, for schedules, and for times that need a zone. The
// home of the date library; g++ 12 has no time zones.
#pragma once

#include <string>
#include <string_view>

#include "qonduit/status.hpp"

namespace date {
class time_zone;
}

namespace qonduit::config {

// A value; const use from any thread.
class TimeZone {
 public:
  // UTC.
  TimeZone() = default;
  // By its name: Europe/Berlin. not_found, with the nearest names.
  static Result<TimeZone> find(const std::string& name);
  // What TZ names, else what /etc/localtime is. not_found where neither is a zone of the database.
  static Result<TimeZone> system();

  [[nodiscard]] std::string name() const;
  // The local day of a moment in UTC, both ISO 8601: 2026-01-31T23:59:59Z in Europe/Berlin is 2026-02-01. Empty where it is no moment.
  [[nodiscard]] std::string day_of(std::string_view utc) const;

 private:
  explicit TimeZone(const date::time_zone* zone) : zone_(zone) {}

  const date::time_zone* zone_ = nullptr;  // of the database, which lives as long as the process; null: UTC
};

}  // namespace qonduit::config

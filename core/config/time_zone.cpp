#include "core/config/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "qonduit/suggestion.hpp"

namespace qonduit::config {
namespace {

constexpr std::string_view kUtc = "UTC";

// TZ may name a file: ":Europe/Berlin", "/usr/share/zoneinfo/Europe/Berlin".
std::string zone_in_environment(std::string_view text) {
  if (text.starts_with(':')) text.remove_prefix(1);
  constexpr std::string_view kFolder = "zoneinfo/";
  if (const auto at = text.find(kFolder); at != std::string_view::npos) text.remove_prefix(at + kFolder.size());
  return std::string(text);
}

std::string near_zones(const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& zone : date::get_tzdb().zones) names.push_back(zone.name());
  const auto text = suggestion(name, names);
  return text.starts_with(" (did") ? text : "; names are like Europe/Berlin, UTC";
}

}  // namespace

Result<TimeZone> TimeZone::find(const std::string& name) {
  // Needs no database.
  if (name == kUtc) return TimeZone();
  const auto what = "there is no time zone '" + name + "'";
  try {
    const auto& zones = date::get_tzdb().zones;
    const auto found = std::find_if(zones.begin(), zones.end(), [&](const auto& zone) { return zone.name() == name; });
    if (found == zones.end()) return Status(Code::not_found, what + near_zones(name));
    return TimeZone(date::locate_zone(name));
  } catch (const std::runtime_error& error) {
    return Status(Code::not_found, what + ": the tz database cannot be read (" + error.what() + "); install tzdata, or write UTC");
  }
}

Result<TimeZone> TimeZone::system() {
  if (const char* given = std::getenv("TZ"); given != nullptr && *given != '\0' && std::string_view(given) != ":/etc/localtime") {
    auto zone = find(zone_in_environment(given));
    return zone ? zone : Result<TimeZone>(Status(Code::not_found, "TZ: " + zone.error().message()));
  }
  try {
    return TimeZone(date::current_zone());
  } catch (const std::runtime_error& error) {
    return Status(Code::not_found, std::string("the system does not say its time zone: ") + error.what());
  }
}

std::string TimeZone::name() const { return zone_ == nullptr ? std::string(kUtc) : zone_->name(); }

std::string TimeZone::day_of(std::string_view utc) const {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const std::string text(utc);
  if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%2uZ", &year, &month, &day, &hour, &minute, &second) != 6) return {};
  const std::chrono::year_month_day given{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!given.ok()) return {};
  const date::sys_seconds moment =
      std::chrono::sys_days(given) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
  const auto local = zone_ == nullptr ? moment.time_since_epoch() : zone_->to_local(moment).time_since_epoch();
  const std::chrono::year_month_day there{std::chrono::sys_days(std::chrono::floor<std::chrono::days>(local))};
  char written[32];
  std::snprintf(written, sizeof written, "%04d-%02u-%02u", static_cast<int>(there.year()), static_cast<unsigned>(there.month()),
                static_cast<unsigned>(there.day()));
  return written;
}

}  // namespace qonduit::config

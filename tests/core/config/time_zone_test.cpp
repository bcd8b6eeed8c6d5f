#include "core/config/time_zone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

namespace qonduit::config {
namespace {

using ::testing::HasSubstr;

std::string day(const std::string& zone, const std::string& utc) {
  const auto found = TimeZone::find(zone);
  EXPECT_TRUE(found) << zone;
  return found ? found->day_of(utc) : "";
}

TEST(TimeZoneDay, IsTheLocalOne) {
  EXPECT_EQ(day("UTC", "2026-01-31T23:59:59Z"), "2026-01-31");
  EXPECT_EQ(day("Europe/Berlin", "2026-01-31T22:59:59Z"), "2026-01-31");
  EXPECT_EQ(day("Europe/Berlin", "2026-01-31T23:00:00Z"), "2026-02-01") << "winter: an hour ahead";
  EXPECT_EQ(day("Europe/Berlin", "2026-07-31T22:00:00Z"), "2026-08-01") << "summer: two hours ahead";
  EXPECT_EQ(day("America/New_York", "2026-01-01T04:59:59Z"), "2025-12-31");
  EXPECT_EQ(day("Asia/Kolkata", "2024-02-28T18:30:00Z"), "2024-02-29") << "half an hour, and a leap day";
}

TEST(TimeZoneDay, IsNoneOfWhatIsNoMoment) { EXPECT_EQ(day("UTC", "yesterday"), ""); }

TEST(TimeZoneName, IsCheckedAgainstTheDatabase) {
  EXPECT_EQ(TimeZone::find("Europe/Berlin")->name(), "Europe/Berlin");
  EXPECT_THAT(TimeZone::find("Europe/Berln").error().message(), HasSubstr("did you mean 'Europe/Berlin'?"));
  EXPECT_THAT(TimeZone::find("asia/tokyo").error().message(), HasSubstr("did you mean 'Asia/Tokyo'?"));
  EXPECT_THAT(TimeZone::find("Мoсква").error().message(), HasSubstr("names are like Europe/Berlin"));
  EXPECT_EQ(TimeZone().name(), "UTC");
}

// Sets TZ, and sets it back.
class SystemTimeZone : public ::testing::Test {
 protected:
  SystemTimeZone() {
    if (const char* before = std::getenv("TZ")) before_ = before;
  }
  ~SystemTimeZone() override {
    if (before_) {
      ::setenv("TZ", before_->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
  }
  std::optional<std::string> before_;
};

TEST_F(SystemTimeZone, IsWhatTheEnvironmentNames) {
  for (const std::string text : {"Asia/Tokyo", ":Asia/Tokyo", "/usr/share/zoneinfo/Asia/Tokyo"}) {
    ::setenv("TZ", text.c_str(), 1);
    const auto zone = TimeZone::system();
    ASSERT_TRUE(zone) << zone.error().message();
    EXPECT_EQ(zone->name(), "Asia/Tokyo");
  }
}

TEST_F(SystemTimeZone, IsNotGuessed) {
  ::setenv("TZ", "Nirgendwo/Stadt", 1);
  EXPECT_THAT(TimeZone::system().error().message(), HasSubstr("TZ: there is no time zone 'Nirgendwo/Stadt'"));
}

}  // namespace
}  // namespace qonduit::config

#include <qonduit/value_text.hpp>

#include <gtest/gtest.h>
#include <qonduit/testing/rows.hpp>

#include <bit>
#include <cstdlib>
#include <limits>
#include <random>

namespace qonduit {
namespace {

TEST(ValueText, RealsReadBackAsTheSameNumber) {
  ValueText room;
  std::mt19937_64 random(3);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (!(value == value) || value - value != 0) continue;
    const std::string text(real_text(value, room));
    ASSERT_EQ(std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)), std::bit_cast<std::uint64_t>(value)) << text;
  }
  EXPECT_EQ(real_text(std::numeric_limits<double>::quiet_NaN(), room), "NaN");
  EXPECT_EQ(real_text(-std::numeric_limits<double>::infinity(), room), "-Infinity");
  EXPECT_EQ(real_text(0.1, room), "0.1");
}

TEST(ValueText, DatesOfAnyYearAreIso) {
  ValueText room;
  EXPECT_EQ(date_text(0, room), "1970-01-01");
  EXPECT_EQ(date_text(-719528, room), "0000-01-01");
  EXPECT_EQ(date_text(-719529, room), "-0001-12-31");
  EXPECT_EQ(date_text(2'932'897, room), "10000-01-01");
  std::mt19937 random(5);
  for (int i = 0; i < 10'000; ++i) {
    const auto days = static_cast<std::int64_t>(random() % 4'000'000) - 700'000;
    ASSERT_EQ(date_text(days, room), qonduit::testing::detail::date_text(days));
  }
}

TEST(ValueText, MomentsAndIntervalsKeepTheirMilliseconds) {
  ValueText room;
  EXPECT_EQ(timestamp_text(0, room), "1970-01-01 00:00:00");
  EXPECT_EQ(timestamp_text(-1, room), "1969-12-31 23:59:59.999");
  EXPECT_EQ(timestamp_text(500, room, 'T'), "1970-01-01T00:00:00.500");
  EXPECT_EQ(interval_text(-108'000'250, room), "-30:00:00.250");
  EXPECT_EQ(interval_text(86'399'999, room), "23:59:59.999");
  EXPECT_EQ(interval_text(std::numeric_limits<std::int64_t>::min(), room), "-2562047788015:12:55.808");
}

}  // namespace
}  // namespace qonduit

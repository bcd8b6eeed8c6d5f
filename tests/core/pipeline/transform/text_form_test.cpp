#include "core/pipeline/transform/text_form.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace qonduit::pipeline::transform {
namespace {

constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();

template <typename T>
std::string shown(void (*put)(T, std::string&), T value) {
  std::string out;
  put(value, out);
  return out;
}

TEST(TextForm, WritesWhatHandsWouldWrite) {
  EXPECT_EQ(shown(put_int64, kLowest), "-9223372036854775808");
  EXPECT_EQ(shown(put_float64, 0.1), "0.1");
  EXPECT_EQ(shown(put_float64, 1e21), "1e+21");
  EXPECT_EQ(shown(put_float64, -0.0), "-0");
  EXPECT_EQ(shown(put_float64, std::nan("")), "NaN");
  EXPECT_EQ(shown(put_float64, -std::numeric_limits<double>::infinity()), "-inf");
  EXPECT_EQ(shown(put_boolean, true), "true");
  EXPECT_EQ(shown(put_date32, 0), "1970-01-01");
  EXPECT_EQ(shown(put_date32, -1), "1969-12-31");
  EXPECT_EQ(shown(put_date32, 19'782), "2024-02-29");
  EXPECT_EQ(shown(put_date32, 2'932'897), "+10000-01-01");
  EXPECT_EQ(shown(put_date32, -719'529), "-0001-12-31");
  EXPECT_EQ(shown(put_timestamp, std::int64_t{1'709'210'096'789}), "2024-02-29T12:34:56.789");
  EXPECT_EQ(shown(put_timestamp, std::int64_t{-1}), "1969-12-31T23:59:59.999");
  EXPECT_EQ(shown(put_timestamp, std::int64_t{0}), "1970-01-01T00:00:00");
  EXPECT_EQ(shown(put_duration, std::int64_t{-93'784'005}), "-26:03:04.005");
}

TEST(TextForm, ReadsBackWhatItWrites) {
  for (const std::int64_t value : {kLowest, kLowest + 1, std::int64_t{-86'400'001}, std::int64_t{-86'400'000}, std::int64_t{-1},
                                   std::int64_t{0}, std::int64_t{951'782'400'000}, std::int64_t{253'402'300'800'000}, kHighest}) {
    std::int64_t read = 0;
    EXPECT_TRUE(parse_int64(shown(put_int64, value), read) && read == value) << value;
    EXPECT_TRUE(parse_timestamp(shown(put_timestamp, value), read) && read == value) << shown(put_timestamp, value);
    EXPECT_TRUE(parse_duration(shown(put_duration, value), read) && read == value) << shown(put_duration, value);
  }
  for (std::int32_t days = -800'000; days < 3'000'000; days += 1237) {
    std::int32_t read = 0;
    ASSERT_TRUE(parse_date32(shown(put_date32, days), read) && read == days) << shown(put_date32, days);
  }
  for (const std::int32_t days : {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()}) {
    std::int32_t read = 0;
    EXPECT_TRUE(parse_date32(shown(put_date32, days), read) && read == days) << shown(put_date32, days);
  }
  for (const double value : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -std::numeric_limits<double>::infinity()}) {
    double read = 0;
    EXPECT_TRUE(parse_float64(shown(put_float64, value), read) && read == value) << value;
  }
}

TEST(TextForm, RefusesWhatIsNearlyAValue) {
  std::int64_t whole = 0;
  double real = 0;
  bool flag = false;
  std::int32_t days = 0;
  for (const auto* text : {"", " 1", "1 ", "1.0", "+1", "1e3", "9223372036854775808", "1,000", "0x10"})
    EXPECT_FALSE(parse_int64(text, whole)) << text;
  for (const auto* text : {"", " 1", "1,5", "1e400", "nan", "infinity", "INF", "0x1p3", "1.5.2", "-"})
    EXPECT_FALSE(parse_float64(text, real)) << text;
  for (const auto* text : {"", "True", "1", "yes"}) EXPECT_FALSE(parse_boolean(text, flag)) << text;
  for (const auto* text : {"", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01", "2024-1-1", "24-01-01", "2024-01-01x", "01.02.2024",
                           "2024/01/01", "12024-01-01"})
    EXPECT_FALSE(parse_date32(text, days)) << text;
  for (const auto* text : {"2024-01-01T24:00:00", "2024-01-01T12", "2024-01-01T12:60", "2024-01-01T12:00:00Z", "2024-01-01T12:00:00.1234",
                           "2024-01-01T12:00:00.", "2024-01-01 ", "+300000000-01-01"})
    EXPECT_FALSE(parse_timestamp(text, whole)) << text;
  for (const auto* text : {"", "1:00", "12:60:00", "12:00:60", "--12:00", "99999999999999:00"})
    EXPECT_FALSE(parse_duration(text, whole)) << text;
}

TEST(TextForm, TakesATimestampWithoutTimeOrWithABlank) {
  std::int64_t value = 0;
  EXPECT_TRUE(parse_timestamp("2024-02-29", value) && value == 1'709'164'800'000);
  EXPECT_TRUE(parse_timestamp("2024-02-29 12:34", value) && value == 1'709'210'040'000);
  EXPECT_TRUE(parse_timestamp("2024-02-29T12:34:56.7", value) && value == 1'709'210'096'700);
}

}  // namespace
}  // namespace qonduit::pipeline::transform

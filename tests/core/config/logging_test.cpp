#include "core/logging/logging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace qonduit::logging {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(LogLine, IsOneLineWhateverAValueHolds) {
  const Fields hostile{{"title", "a\r\nINFO forged\x1b[2J\x07"}};
  for (const auto& line : {format_text("T", Level::info, "read a page", hostile), format_json("T", Level::info, "read a page", hostile)}) {
    EXPECT_TRUE(std::none_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) << line;
  }
}

TEST(LogLine, BoundsLongValues) {
  const auto line = format_text("T", Level::warn, "m", {{"value", std::string(1 << 20, 'x')}});
  EXPECT_LT(line.size(), 5000u);
  EXPECT_THAT(line, HasSubstr("1048576 bytes"));
}

TEST(LogLine, QuotesValuesThatWouldBeMisread) {
  EXPECT_EQ(format_text("T", Level::error, "m", {{"a", "b c"}, {"d", "e"}, {"empty", ""}}), "T error m a=\"b c\" d=e");
}

TEST(LogLine, IsJsonForMachines) {
  EXPECT_EQ(format_json("T", Level::info, "m", {{"a", "b \"c\""}}), R"({"time":"T","level":"info","message":"m","a":"b \"c\""})");
}

}  // namespace
}  // namespace qonduit::logging

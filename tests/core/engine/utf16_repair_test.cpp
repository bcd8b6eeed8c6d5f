#include "core/engine/utf16_repair.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qonduit::engine {
namespace {

std::string repaired(std::string text, std::size_t halves) {
  EXPECT_EQ(repair_utf16(text.data(), text.size()), halves) << text;
  return text;
}

TEST(Utf16Repair, ReplacesHalvesOfPairsAndNothingElse) {
  EXPECT_EQ(repaired(R"({"qText":"Thanks \ud83d"})", 1), R"({"qText":"Thanks \ufffd"})");
  EXPECT_EQ(repaired(R"("\uDE00 danke")", 1), R"("\ufffd danke")");
  EXPECT_EQ(repaired(R"("\ud83d\ud83d\ude00")", 1), R"("\ufffd\ud83d\ude00")");
  EXPECT_EQ(repaired(R"("\ud83d\n\ude00")", 2), R"("\ufffd\n\ufffd")");
  EXPECT_EQ(repaired(R"("\u0434\ud83d\ude00 \ufffd \u4e00")", 0), R"("\u0434\ud83d\ude00 \ufffd \u4e00")");
  EXPECT_EQ(repaired(R"("a path: C:\\ud83d\\\\")", 0), R"("a path: C:\\ud83d\\\\")") << "an escaped backslash";
  EXPECT_EQ(repaired(R"("\\\ud83d")", 1), R"("\\\ufffd")");
}

TEST(Utf16Repair, ReplacesHalvesWrittenAsBytes) {
  EXPECT_EQ(repaired("\"Спасибо \xED\xA0\xBD\"", 1), "\"Спасибо \xEF\xBF\xBD\"");
  EXPECT_EQ(repaired("\"\xED\xB8\x80\"", 1), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(repaired("\"한국어 ퟿\"", 0), "\"한국어 ퟿\"") << "Korean begins with the same byte";
}

TEST(Utf16Repair, EndsWithTheText) {
  for (const std::string text : {"", "\\", "\\u", "\\ud8", "\\ud83", "\xED", "\xED\xA0", "\\ud83d\\u"}) {
    std::string copy = text;
    repair_utf16(copy.data(), copy.size());
    EXPECT_EQ(copy.size(), text.size());
  }
}

}  // namespace
}  // namespace qonduit::engine

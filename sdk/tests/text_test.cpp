// Texts, JSON strings, units and near misses: what the SDK has one home for.
#include <qonduit/json_text.hpp>
#include <qonduit/suggestion.hpp>
#include <qonduit/text.hpp>
#include <qonduit/units.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace qonduit {
namespace {

TEST(Text, IsRepairedByteByByte) {
  EXPECT_EQ(repaired_utf8("größe €"), "größe €");
  EXPECT_EQ(repaired_utf8("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(repaired_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(repaired_utf8("x\xE2\x82"), "x\uFFFD\uFFFD") << "cut off";
  EXPECT_EQ(repaired_utf8(std::string("\0", 1)), std::string("\0", 1));
}

TEST(Text, IsNotCutWithinACharacter) {
  EXPECT_EQ(cut_utf8("abc", 3), "abc");
  EXPECT_EQ(cut_utf8("abc", 2), "ab");
  EXPECT_EQ(cut_utf8("€€", 5), "€");
  EXPECT_EQ(cut_utf8("€", 2), "");
  EXPECT_EQ(cut_utf8("\x80\x80\x80", 2), "") << "nothing of it is a character";
}

TEST(Text, LosesWhiteSpaceAtItsEnds) {
  EXPECT_EQ(trimmed(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trimmed("  "), "");
  EXPECT_EQ(trimmed("\u00a0a"), "\u00a0a") << "other blanks are part of it";
}

TEST(Text, HasDigitsForItsBytes) {
  const unsigned char bytes[] = {0x00, 0x7f, 0xab};
  EXPECT_EQ(hex_text(bytes, 3), "007fab");
  EXPECT_EQ(percent_encoded("a-b_c.d~e/ü +%"), "a-b_c.d~e%2F%C3%BC%20%2B%25");
  EXPECT_EQ(ascii_lower("ÄB-c"), "Äb-c");
  EXPECT_EQ(short_hash(""), "efd01f60ba992926");
}

TEST(JsonText, HasEscapesForWhatJsonHasNoOtherWay) {
  EXPECT_EQ(json_string("a\"b\\c/ü"), R"("a\"b\\c/ü")");
  EXPECT_EQ(json_string("\n\r\t\b\x1f\x7f"), "\"\\n\\r\\t\\u0008\\u001f\x7f\"");
  EXPECT_EQ(json_string(std::string("\0", 1)), "\"\\u0000\"");
  std::string out = "{";
  append_json_string("", out);
  EXPECT_EQ(out, "{\"\"");
}

TEST(Units, AreReadAndWritten) {
  EXPECT_EQ(parse_milliseconds("90s"), 90'000);
  EXPECT_EQ(parse_milliseconds("2 h"), 7'200'000);
  EXPECT_EQ(parse_bytes("64KiB"), 65'536);
  EXPECT_EQ(parse_bytes("512"), 512);
  for (const char* const wrong : {"", "s", "-1s", "1.5s", "5 weeks", "9999999999999999999d", "9223372036854775807d"})
    EXPECT_FALSE(parse_milliseconds(wrong)) << wrong;
  EXPECT_EQ(in_largest_unit(120, {{"min", 60}, {"s", 1}}), "2min");
  EXPECT_EQ(in_largest_unit(121, {{"min", 60}, {"s", 1}}), "121s");
}

TEST(Suggestion, IsTheNearestWordOrAllThereAre) {
  EXPECT_EQ(suggestion("objcts", {"objects", "pipelines"}), " (did you mean 'objects'?)");
  EXPECT_EQ(suggestion("Stadt", {"Größe", "a, b"}), " (there are: Größe, \"a, b\")");
  EXPECT_EQ(suggestion("x", {"\"a,b\".c"}), " (there are: \"a,b\".c)") << "as it is written already";
  EXPECT_EQ(suggestion("x", {}), " (there are none)");
  EXPECT_EQ(nearest("Гороd", std::vector<std::string_view>{"Город", "Страна"}), "Город");
}

}  // namespace
}  // namespace qonduit

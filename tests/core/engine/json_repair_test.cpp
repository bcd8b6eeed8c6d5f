#include "core/engine/json_repair.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
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

std::string rewritten(std::string text) {
  const auto size = text.size();
  write_long_integers_as_reals(text.data(), text.size());
  EXPECT_EQ(text.size(), size);
  return text;
}

TEST(LongIntegers, GetAnExponent) {
  EXPECT_EQ(rewritten(R"({"qMin":12345678901234567168,"qMax":-123456789012345671680})"),
            R"({"qMin":12345678901234567e03,"qMax":-12345678901234567e004})");
  EXPECT_EQ(rewritten("{\"a\":99999999999999999999\n}"), "{\"a\":10000000000000000e04\n}");
  EXPECT_EQ(rewritten(R"({"Größe":18446744073709551616})"), R"({"Größe":18446744073709552e03})");
}

TEST(LongIntegers, AreTheSameDoubles) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(19, 300);
  for (int i = 0; i < 20'000; ++i) {
    const double value = (i % 2 == 0 ? 1 : -1) * std::pow(10.0, exponent(random)) * (1 + static_cast<double>(random() % 1'000'000) / 1e6);
    char digits[400];
    std::snprintf(digits, sizeof digits, "%.0f", value);
    const auto padding = std::string(random() % 40, 'x');
    const auto text = rewritten("{\"" + padding + "\":" + digits + "}");
    const auto number = text.substr(padding.size() + 4);
    ASSERT_NE(number.find('e'), std::string::npos) << text;
    ASSERT_EQ(std::strtod(number.c_str(), nullptr), value) << digits << " " << number;
  }
}

TEST(LongIntegers, AreTheOnlyOnesThatChange) {
  for (const std::string text :
       {R"({"a":1234567890123456789,"b":-1234567890123456789})", R"({"a":0.12345678901234567890123,"b":1e12345678901234567890})",
        R"({"a":12345678901234567890.5,"b":12345678901234567890e2})", R"({"qText":"12345678901234567890"})",
        R"({"qText":"Konto \"nr\":12345678901234567890, või"})", R"({"qText":"{\"id\":12345678901234567890}"})", "12345678901234567890",
        "12345678901234567890,", ""})
    EXPECT_EQ(rewritten(text), text);
}

}  // namespace
}  // namespace qonduit::engine

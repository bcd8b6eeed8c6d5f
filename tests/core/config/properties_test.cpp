// Our reader against Poco's, which users know: the same keys and values, line numbers besides.
#include "core/config/properties.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Util/PropertyFileConfiguration.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <sstream>

namespace qonduit::config {
namespace {

class AsPoco : public ::testing::TestWithParam<const char*> {};

TEST_P(AsPoco, ReadsTheSameKeysAndValues) {
  std::istringstream stream{std::string(GetParam())};
  const Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> poco(new Poco::Util::PropertyFileConfiguration(stream));
  const auto ours = parse_properties(GetParam());
  ASSERT_FALSE(ours.empty());
  for (const auto& property : ours) EXPECT_EQ(property.value, poco->getRawString(property.key)) << property.key;
}

INSTANTIATE_TEST_SUITE_P(Samples, AsPoco,
                         ::testing::Values("a = b\n", "a=b", "a:b\n", "  a.b.c   =   d e f  \n", "# comment\n! comment\na = b\n\n\nc = d\n",
                                           "a = b\\\n c\n", "a = x\\ty\\\\z\n", "a = \n", "a\n", "a = b = c\n", "path = C:\\\\data\\\\x\n",
                                           "a = b\r\nc = d\r\n", "user = UserDirectory=CORP; UserId=svc\n"));

std::map<std::string, std::string> ours_of(const std::string& text) {
  std::map<std::string, std::string> values;
  for (auto& property : parse_properties(text)) values[property.key] = property.value;
  return values;
}

// Keys of Poco's configurations are trees of parts between dots; without dots in the text, the root's keys are all there are.
std::map<std::string, std::string> pocos_of(const std::string& text) {
  std::istringstream stream(text);
  const Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> poco(new Poco::Util::PropertyFileConfiguration(stream));
  Poco::Util::AbstractConfiguration::Keys keys;
  poco->keys(keys);
  std::map<std::string, std::string> values;
  for (const auto& key : keys) values[key] = poco->getRawString(key);
  return values;
}

// Escapes that Poco's reader takes for their letter, and blanks at the ends that it drops although they are escaped.
bool keeps_blanks_or_refuses(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    if (std::string_view("\\=:#!\n\r").find(text[i + 1]) == std::string_view::npos) return true;
    ++i;
  }
  return false;
}

TEST(AsPoco, ReadsRandomTextsAlike) {
  static constexpr std::string_view kLetters = "abnt=:#!\\\\ \t\r\n\n";
  int compared = 0;
  std::mt19937 random(20);  // always the same texts
  for (int i = 0; i < 10'000; ++i) {
    std::string text;
    for (auto length = random() % 24; length > 0; --length) text += kLetters[random() % kLetters.size()];
    text += '\n';
    const auto poco = pocos_of(text);
    const bool escaped_key =
        std::any_of(poco.begin(), poco.end(), [](const auto& entry) { return entry.first.find('\\') != std::string::npos; });
    if (escaped_key || keeps_blanks_or_refuses(text)) continue;  // there we differ, and say so
    ++compared;
    ASSERT_EQ(ours_of(text), poco) << ::testing::PrintToString(text);
  }
  EXPECT_GT(compared, 3'000);
}

TEST(Properties, RememberTheLineOfEveryKey) {
  const auto properties = parse_properties("# one\na = b\n\nc = d \\\n  e\nf = g\n");
  ASSERT_EQ(properties.size(), 3u);
  EXPECT_EQ(properties[0].line, 2);
  EXPECT_EQ(properties[1].line, 4);
  EXPECT_EQ(properties[2].line, 6);
}

// The first problem with its line; empty when there is none.
std::string problem_of(std::string_view text) {
  for (const auto& property : parse_properties(text)) {
    for (const auto& problem : property.problems) return std::to_string(problem.line) + ": " + problem.what;
  }
  return {};
}

TEST(Properties, ReadUnicodeEscapesInKeysAndValuesAndInPairs) {
  EXPECT_EQ(parse_properties("a = \\u00e9\\u6771\n")[0].value, "é東");
  EXPECT_EQ(parse_properties("Stra\\u00DFe = x\n")[0].key, "Straße");
  EXPECT_EQ(parse_properties("a = \\uD83D\\uDE00!\n")[0].value, "😀!");
  EXPECT_EQ(parse_properties("\\ud83d\\ude00 = \\u0020x\\u0020\n")[0].key, "😀");
  EXPECT_EQ(parse_properties("a = \\u0020x\\u0020\n")[0].value, " x ");
}

TEST(Properties, RefuseHalvesOfCharactersAndDigitsThatAreMissing) {
  for (const auto* text : {"a = \\uD83D\n", "a = \\uD83Dx\n", "a = \\uDE00\n", "a = \\uD83D\\u0041\n", "\\uD83D = x\n"})
    EXPECT_THAT(problem_of(text), ::testing::HasSubstr("is half a character")) << text;
  for (const auto* text : {"a = \\u12\n", "a = C:\\\\data\\users\n", "a = \\u00g0\n", "a = \\u"})
    EXPECT_THAT(problem_of(text), ::testing::HasSubstr("takes four hexadecimal digits")) << text;
}

TEST(Properties, KeepBlanksThatAnEscapeHasWritten) {
  EXPECT_EQ(parse_properties("a = \\t\n")[0].value, "\t");
  EXPECT_EQ(parse_properties("a =  \\ x \\  \n")[0].value, " x  ");
  EXPECT_EQ(parse_properties("Trail\\  = x\n")[0].key, "Trail ");
  EXPECT_EQ(parse_properties("a = \\n \n")[0].value, "\n");
}

TEST(Properties, RefuseEscapesThatMeanNothingAndSayWhatToWrite) {
  EXPECT_EQ(problem_of("\n\na = \\N\n"), "3: '\\N' is no escape: write \\\\N for a backslash and N");
  EXPECT_EQ(problem_of("a = b\\\n  CORP\\svc\n"), "2: '\\s' is no escape: write \\\\s for a backslash and s");
  EXPECT_EQ(problem_of("a = \\ж\n"), "1: '\\ж' is no escape: write \\\\ж for a backslash and ж");
  EXPECT_THAT(problem_of("a = \\${b}\n"), ::testing::HasSubstr("$${ for a ${"));
  EXPECT_THAT(problem_of("a = \\\"b\\\"\n"), ::testing::HasSubstr("\"\" inside of quotes"));
  for (const auto* text : {"a = \\\\N\n", "a\\=b\\:c = \\#\\!\n", "a = x\\ty\n", "a = b\\\n c\n"}) EXPECT_EQ(problem_of(text), "") << text;
}

TEST(Properties, AreReadBackAsEscaped) {
  for (const std::string text : {" blanks ", "\ttab\t", "C:\\data", "a\nb", "plain", "é 東 😀", "\x01"})
    EXPECT_EQ(parse_properties("a = " + escape_property(text) + "\n")[0].value, text);
}

TEST(Properties, SkipAByteOrderMark) {
  EXPECT_EQ(parse_properties("\xEF\xBB\xBF"
                             "a = b")[0]
                .key,
            "a");
}

TEST(Properties, KnowAKeyWithoutASeparator) {
  const auto properties = parse_properties("a\nb =\nc:\n");
  ASSERT_EQ(properties.size(), 3u);
  EXPECT_FALSE(properties[0].separated);
  EXPECT_TRUE(properties[1].separated);
  EXPECT_TRUE(properties[2].separated);
}

TEST(Properties, SurviveWhatEndsEarly) {
  for (const auto* text : {"a = \\", "a = \\u12", "\\", "=", ":", "a\\"}) static_cast<void>(parse_properties(text));
  const auto cut = parse_properties("a = x\\");
  EXPECT_EQ(cut[0].value, "x");
  EXPECT_EQ(problem_of("a = x\\"), "1: a backslash is the last character of the file; a backslash is written \\\\");
}

}  // namespace
}  // namespace qonduit::config

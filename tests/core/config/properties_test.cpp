// Our reader against Poco's, which users know: the same keys and values, line numbers besides.
#include "core/config/properties.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Util/PropertyFileConfiguration.h>
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
    if (escaped_key) continue;  // there we differ, and say so
    ++compared;
    ASSERT_EQ(ours_of(text), poco) << ::testing::PrintToString(text);
  }
  EXPECT_GT(compared, 5'000);
}

TEST(Properties, RememberTheLineOfEveryKey) {
  const auto properties = parse_properties("# one\na = b\n\nc = d \\\n  e\nf = g\n");
  ASSERT_EQ(properties.size(), 3u);
  EXPECT_EQ(properties[0].line, 2);
  EXPECT_EQ(properties[1].line, 4);
  EXPECT_EQ(properties[2].line, 6);
}

TEST(Properties, ReadUnicodeEscapes) { EXPECT_EQ(parse_properties("a = \\u00e9\\u6771\n")[0].value, "é東"); }

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
  EXPECT_EQ(parse_properties("a = x\\")[0].value, "x\\");
}

}  // namespace
}  // namespace qonduit::config

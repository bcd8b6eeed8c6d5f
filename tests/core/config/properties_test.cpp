// Our reader against Poco's, which users know: the same keys and values, line numbers besides.
#include "core/config/properties.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Util/PropertyFileConfiguration.h>
#include <gtest/gtest.h>

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

TEST(Properties, RememberTheLineOfEveryKey) {
  const auto properties = parse_properties("# one\na = b\n\nc = d \\\n  e\nf = g\n");
  ASSERT_EQ(properties.size(), 3u);
  EXPECT_EQ(properties[0].line, 2);
  EXPECT_EQ(properties[1].line, 4);
  EXPECT_EQ(properties[2].line, 6);
}

TEST(Properties, ReadUnicodeEscapes) { EXPECT_EQ(parse_properties("a = \\u00e9\\u6771\n")[0].value, "é東"); }

TEST(Properties, SurviveWhatEndsEarly) {
  for (const auto* text : {"a = \\", "a = \\u12", "\\", "=", ":", "a\\"}) static_cast<void>(parse_properties(text));
  EXPECT_EQ(parse_properties("a = x\\")[0].value, "x\\");
}

}  // namespace
}  // namespace qonduit::config

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "plugins/sinks/csv/file_name.hpp"

namespace qonduit::csv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string parse_problem(const std::string& text) {
  const auto parsed = parse_file_template(text);
  return parsed ? "" : parsed.error().message();
}

TEST(FileName, KeepsWhatIsSafeReadable) {
  EXPECT_EQ(safe_part("Sales by region"), "Sales by region");
  EXPECT_EQ(safe_part("Umsätze 2024 (€)"), "Umsätze 2024 (€)");
  EXPECT_EQ(safe_part("日本語"), "日本語");
}

TEST(FileName, WritesWhatIsNotAsItsBytes) {
  EXPECT_EQ(safe_part(".."), "%2E%2E");
  EXPECT_EQ(safe_part("a/b"), "a%2Fb");
  EXPECT_EQ(safe_part("a\\b:c"), "a%5Cb%3Ac");
  EXPECT_EQ(safe_part("100%"), "100%25");
  EXPECT_EQ(safe_part(std::string("nul\0byte", 8)), "nul%00byte");
  EXPECT_EQ(safe_part("line\nend"), "line%0Aend");
  EXPECT_EQ(safe_part(".hidden"), "%2Ehidden");
  EXPECT_EQ(safe_part("trailing. "), "trailing.%20");
  EXPECT_EQ(safe_part("\xC3\x28"), "%C3(");
  EXPECT_EQ(safe_part("CON"), "%43ON");
  EXPECT_EQ(safe_part("com7.txt"), "%63om7.txt");
  EXPECT_EQ(safe_part(""), "_");
  EXPECT_EQ(safe_part("_"), "%5F");
}

TEST(FileName, CutsLongNamesAtACharacterAndKeepsThemApart) {
  const std::string long_name(400, 'x');
  const auto one = safe_part(long_name + "1");
  const auto two = safe_part(long_name + "2");
  EXPECT_LE(one.size(), kLongestPart);
  EXPECT_NE(one, two);
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "ü";
  const auto cut = safe_part(umlauts);
  EXPECT_LE(cut.size(), kLongestPart);
  EXPECT_EQ(cut[cut.find('~') - 1] & 0xC0, 0x80) << "ends with a whole character";
}

// Threat S3: titles are written by the authors of apps.
TEST(FileName, KeepsTenThousandHostileNamesInsideAndApart) {
  const std::vector<std::string> pieces = {"..",
                                           "/",
                                           "\\",
                                           ".",
                                           " ",
                                           "%",
                                           "%2F",
                                           "~",
                                           "CON",
                                           "nul",
                                           "a",
                                           "ü",
                                           "\xFF",
                                           std::string(1, '\0'),
                                           "\n",
                                           ":",
                                           "*",
                                           "_",
                                           std::string(90, 'y'),
                                           "\xED\xA0\x80",
                                           "\U0001F600",
                                           "~0a1b2c3d"};
  std::mt19937 random(7);
  std::set<std::string> names;
  std::set<std::string> parts;
  while (names.size() < 10'000) {
    std::string name;
    for (auto count = random() % 6; count > 0; --count) name += pieces[random() % pieces.size()];
    if (!names.insert(name).second) continue;
    const auto part = safe_part(name);
    EXPECT_TRUE(parts.insert(part).second) << "two names became '" << part << "'";
    EXPECT_LE(part.size(), kLongestPart);
    EXPECT_FALSE(part.empty());
    EXPECT_EQ(part.find('/'), std::string::npos);
    EXPECT_EQ(part.find('\0'), std::string::npos);
    EXPECT_NE(part.front(), '.');
    EXPECT_NE(part.back(), '.');
  }
}

TEST(FileTemplate, FillsInWhatARunIsCalled) {
  const auto file = parse_file_template("{app}/{date} {run}/{sheet} - {title} ({object})");
  ASSERT_TRUE(file) << file.error().message();
  qonduit::Run run;
  run.app = "Sales", run.sheet = "a/b", run.title = "..", run.object_id = "x1", run.run_id = "r7", run.started_at = "2026-01-31T23:59:59Z";
  EXPECT_THAT(path_parts(*file, run), ElementsAre("Sales", "2026-01-31 r7", "a%2Fb - .. (x1)"));
  run.day = "2026-02-01";
  EXPECT_EQ(path_parts(*file, run)[1], "2026-02-01 r7") << "the day where its user lives";
  run.title = "";
  run.dataset = "box";
  EXPECT_EQ(path_parts(*file, run).back(), "a%2Fb - x1 (x1).box") << "the id for a title, and the dataset, which the template forgot";
}

TEST(FileTemplate, TellsTheTurnsOfALoopApart) {
  qonduit::Run run;
  run.title = "T", run.dataset = "box", run.turn = "Region=a%2Cb, Year=2024";
  run.loop = {{"Region", "a,b"}, {"Year", "2024"}};
  const auto parts = [&](const std::string& text) { return path_parts(*parse_file_template(text), run); };
  EXPECT_THAT(parts("{title}"), ElementsAre("T.box, Region=a%252Cb, Year=2024")) << "what the template leaves out is added";
  EXPECT_THAT(parts("{loop:Year}/{title}"), ElementsAre("2024", "T.box, Region=a%252Cb, Year=2024")) << "Region is not named";
  EXPECT_THAT(parts("{loop:Year}/{loop:Region}/{title}"), ElementsAre("2024", "a,b", "T.box"));
  EXPECT_THAT(parts("{title} {loop}"), ElementsAre("T a%252Cb, 2024.box"));
  EXPECT_THAT(parts("{loop}/{dataset}"), ElementsAre("a%252Cb, 2024", "box"));
  run.loop.pop_back();
  EXPECT_THAT(parts("{loop}"), ElementsAre("a,b.box")) << "one value is written as it is";
  EXPECT_TRUE(parse_file_template("{loop:Region}")->check(run).ok());
  EXPECT_THAT(parse_file_template("{loop:Regoin}")->check(run).message(), HasSubstr("there is: Region"));
}

TEST(FileTemplate, RefusesWhatIsNoPathBelowTheDirectory) {
  EXPECT_THAT(parse_problem("{titel}"), HasSubstr("none of {pipeline} {app}"));
  EXPECT_THAT(parse_problem("{title"), HasSubstr("without '}'"));
  EXPECT_THAT(parse_problem("../{title}"), HasSubstr("stay below"));
  for (const auto* absolute : {"/{title}", "/abs/x.csv", "/Заказы/{title}"})
    EXPECT_THAT(parse_problem(absolute), HasSubstr("absolute paths are not allowed; write a path below directory")) << absolute;
  EXPECT_THAT(parse_problem("{app}//{title}"), HasSubstr("empty part"));
  EXPECT_THAT(parse_problem(""), HasSubstr("empty part"));
}

}  // namespace
}  // namespace qonduit::csv

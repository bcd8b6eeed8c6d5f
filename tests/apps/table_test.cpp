#include "apps/qonduit/table.hpp"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "apps/qonduit/text.hpp"

namespace qonduit::app {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> printed(const Table& table, std::size_t width) {
  std::ostringstream out;
  table.print(out, width);
  std::vector<std::string> lines;
  std::istringstream in(out.str());
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Table, LinesUpWideCharactersAndEscapesWhatMovesTheCursor) {
  Table table({{"name"}, {"n", Table::Align::right}});
  table.add({std::string("日本語"), 5});
  table.add({std::string("e\u0301"), 1234567});
  table.add({std::string("two\nlines\x1b[2J"), 1});
  const auto lines = printed(table, 0);
  ASSERT_EQ(lines.size(), 5u);
  for (std::size_t i = 1; i < lines.size(); ++i) EXPECT_EQ(display_width(lines[i]), display_width(lines[1])) << lines[i];
  EXPECT_THAT(lines[3], HasSubstr("1,234,567"));
  EXPECT_THAT(lines[4], HasSubstr("two?lines?[2J"));
}

TEST(Table, KeepsTheSignOfZero) {
  Table table({{"n", Table::Align::right}});
  table.add({-0.0});
  table.add({0.0});
  const auto lines = printed(table, 0);
  EXPECT_EQ(lines[lines.size() - 2], "-0");
  EXPECT_EQ(lines.back(), " 0");
}

TEST(Table, CutsTextsVisiblyUntilLinesFit) {
  Table table({{"short"}, {"long"}});
  table.add({std::string("a"), std::string(200, 'x')});
  table.add({std::string("日本語日本語日本語"), std::string("y")});
  for (const std::size_t width : {80u, 40u, 25u}) {
    const auto lines = printed(table, width);
    for (const auto& line : lines) EXPECT_LE(display_width(line), width) << line;
    EXPECT_THAT(lines[2], HasSubstr("x…"));
  }
}

TEST(Table, CutsNoNumberAndOfPathsTheBeginning) {
  Table table({{"object"}, {"rows", Table::Align::right}, {"target", Table::Align::left, Table::Cut::beginning}});
  table.add({std::string(40, 'x'), 123456789012, std::string("/srv/lake/Größe & Verkauf/2024/Übersicht/Aufträge.csv")});
  for (const std::size_t width : {80u, 60u, 45u, 35u}) {
    const auto lines = printed(table, width);
    for (const auto& line : lines) EXPECT_LE(display_width(line), width) << line;
    EXPECT_THAT(lines[2], HasSubstr("123,456,789,012"));
    EXPECT_TRUE(lines[2].ends_with("äge.csv")) << lines[2];
  }
}

TEST(CutBeginning, CountsWideCharactersTwice) {
  EXPECT_EQ(cut_beginning("日本語.csv", 20), "日本語.csv");
  EXPECT_EQ(cut_beginning("日本語.csv", 7), "…語.csv");
  EXPECT_EQ(cut_beginning("日本語.csv", 6), "….csv");
  EXPECT_EQ(cut_beginning("abc", 0), "");
}

TEST(ValidUtf8, ReplacesEachByteThatIsNone) {
  EXPECT_EQ(valid_utf8("Größe 😀"), "Größe 😀");
  EXPECT_EQ(valid_utf8("a\xFF\xFE!"), "a\uFFFD\uFFFD!");
  EXPECT_EQ(valid_utf8("half \xF0\x9F"), "half \uFFFD\uFFFD");
  EXPECT_EQ(valid_utf8("\xED\xA0\xBD"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
}

TEST(PrintableLines, KeepLineEndsAndNothingElse) {
  EXPECT_EQ(printable_lines("a\x1b[2J\nb\tc", 2), "a?[2J\n  b c");
  EXPECT_EQ(printable_lines("", 2), "");
}

TEST(Table, SaysWhichColumnsDoNotFit) {
  std::vector<Table::Column> columns;
  std::vector<Poco::Dynamic::Var> row;
  for (int i = 0; i < 20; ++i) columns.push_back({"column " + std::to_string(i)}), row.emplace_back(std::string("a longer text"));
  Table table(columns);
  table.add(row);
  for (const std::size_t width : {20u, 60u, 100u}) {
    const auto lines = printed(table, width);
    ASSERT_EQ(lines.size(), 4u);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_LE(display_width(lines[i]), width) << lines[i];
    EXPECT_TRUE(lines[0].ends_with("…")) << lines[0];
    EXPECT_THAT(lines[3], HasSubstr("more columns do not fit"));
  }
  EXPECT_THAT(printed(table, 100)[3], HasSubstr("… 11 more columns do not fit: column 9, column 10"));
  EXPECT_EQ(printed(table, 0).size(), 3u) << "without a terminal nothing is left out";
}

TEST(Table, IsValidJsonWhateverItHolds) {
  Table table({{"a \"quoted\"\nheading"}, {"number"}, {"none"}});
  table.add({std::string("tab\t, quote \", \x01"), std::numeric_limits<double>::quiet_NaN(), Poco::Dynamic::Var()});
  table.add({std::string("x"), -std::numeric_limits<double>::infinity(), Poco::Dynamic::Var()});
  table.add({std::string("y"), 0.5, Poco::Dynamic::Var()});
  std::ostringstream out;
  table.print_json(out);
  const auto rows = Poco::JSON::Parser().parse(out.str()).extract<Poco::JSON::Array::Ptr>();
  ASSERT_EQ(rows->size(), 3u);
  EXPECT_EQ(rows->getObject(0)->getValue<std::string>("a \"quoted\"\nheading"), "tab\t, quote \", \x01");
  EXPECT_EQ(rows->getObject(0)->getValue<std::string>("number"), "NaN");
  EXPECT_EQ(rows->getObject(1)->getValue<std::string>("number"), "-Infinity");
  EXPECT_EQ(rows->getObject(2)->getValue<double>("number"), 0.5);
  EXPECT_TRUE(rows->getObject(0)->isNull("none"));
}

TEST(Counted, MindsOneAndTheUnknown) {
  EXPECT_EQ(counted(1, "row"), "1 row");
  EXPECT_EQ(counted(1200, "row"), "1,200 rows");
  EXPECT_EQ(counted(0, "row"), "0 rows");
  EXPECT_EQ(counted(-1, "row"), "an unknown number of rows");
}

TEST(ByteText, UsesTheUnitThatFits) {
  EXPECT_EQ(byte_text(0), "0 bytes");
  EXPECT_EQ(byte_text(1023), "1023 bytes");
  EXPECT_EQ(byte_text(1536), "1.5 KiB");
  EXPECT_EQ(byte_text(std::int64_t{3} << 30), "3.0 GiB");
  EXPECT_EQ(byte_text(std::int64_t{5000} << 40), "5000.0 TiB");
}

}  // namespace
}  // namespace qonduit::app

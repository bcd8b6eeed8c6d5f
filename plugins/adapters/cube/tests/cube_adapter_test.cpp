// The adapter on headers and cells that captures do not have, without any engine.
#include "plugins/adapters/cube/cube_adapter.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "captured_answer.hpp"
#include "reading.hpp"
#include "tests/paths.hpp"

namespace qonduit::cube {
namespace {

using Poco::JSON::Object;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using testing::pivot_reply;

// A row as decoded, with bars, and as a script writes it, with commas: numbers may differ behind their sixth digit, as %g shows them.
bool same_line(std::string row, const std::string& expected) {
  std::istringstream left(row);
  std::istringstream right(expected);
  for (std::string a, b; std::getline(left, a, '|');) {
    if (!std::getline(right, b, ',')) return false;
    if (a != b && std::fabs(std::strtod(a.c_str(), nullptr) / std::strtod(b.c_str(), nullptr) - 1) > 1e-5) return false;
  }
  return right.eof() || right.peek() == std::char_traits<char>::eof();
}

TEST(CubeAdapter, AcceptsWhatHoldsNothingButItsCubesBest) {
  EXPECT_EQ(CubeAdapter::accepts("pivot-table", simple().layout()), 100u);
  EXPECT_EQ(CubeAdapter::accepts("x", R"({"qHyperCube":{"qMode":"S"},"a":{"qHyperCube":{"qMode":"K"}}})"), 50u);
  EXPECT_EQ(CubeAdapter::accepts("x", R"({"qHyperCube":{"qMode":"S"}})"), 0u);
  EXPECT_EQ(CubeAdapter::accepts("x", "no json"), 0u);
}

TEST(CubeAdapter, AsksForTheWholeMatrixAndKeepsCombinationsTogether) {
  const Reading tidy(simple());
  EXPECT_EQ(tidy.asked.method, "GetHyperCubePivotData");
  EXPECT_EQ(tidy.asked.params_json, R"(["/qHyperCubeDef"])");
  EXPECT_EQ(tidy.asked.page.width, 2);
  EXPECT_EQ(tidy.asked.step_width, 2);
  EXPECT_EQ(tidy.asked.step_height, 1);
  auto rows = simple();
  rows.order = "0,-1", rows.left = 2, rows.columns = 1, rows.rows = 4;
  const Reading left(rows);
  EXPECT_EQ(left.asked.step_width, 1);
  EXPECT_EQ(left.asked.step_height, 2);
  EXPECT_EQ(Reading(simple(), with(Shape::cells)).asked.step_width, 1);
}

TEST(CubeAdapter, TellsNullMembersNullMeasuresAndDashesApart) {
  Reading reading(simple());
  const auto rows = reading.decode(pivot_reply(node("-", -2, 'U') + "," + node("-", 7), kMeasures,
                                               "[" + cell("1.5") + "," + kNullCell + "],[" + kNullCell + "," + cell("3") + "]"));
  EXPECT_THAT(rows, ElementsAre("null|1.5|null", "-|null|3"));
}

// Members may come in another order than captured, or with others between.
TEST(CubeAdapter, ReadsMembersInAnyOrder) {
  Reading reading(simple());
  const auto left = R"({"qSubNodes":[],"qUp":0,"qType":"N","qElemNo":3,"qNew":{"a":[1]},"qText":"Oslo"})";
  const auto data = R"([{"qType":"U","qLabel":"","qNum":"NaN","qText":"-"},{"qNew":[[]],"qType":"V","qText":"7","qNum":7}])";
  EXPECT_THAT(reading.decode(pivot_reply(left, kMeasures, data)), ElementsAre("Oslo|null|7")) << reading.status.message();
  const auto infinite = R"([{"qText":"inf","qNum":"-Infinity","qType":"V"},{"qText":"1","qNum":1,"qType":"V"}])";
  EXPECT_THAT(reading.decode(pivot_reply(node("a", 0), kMeasures, infinite)), ElementsAre("a|-inf|1"));
}

TEST(CubeAdapter, ReadsMeasuresThatStandInnermostOnTheLeft) {
  auto cube = simple();
  cube.order = "0,-1", cube.left = 2, cube.columns = 1, cube.rows = 4;
  Reading reading(cube);
  const auto left = node("North", 0, 'N', kMeasures) + "," + node("South", 1, 'N', kMeasures);
  EXPECT_THAT(reading.decode(pivot_reply(left, "", "[" + cell("1") + "],[" + cell("2") + "],[" + cell("3") + "],[" + cell("4") + "]")),
              ElementsAre("North|1|2", "South|3|4"));
  // A page that ends in the middle of a combination covers only whole ones.
  EXPECT_THAT(reading.decode(pivot_reply(node("North", 0, 'N', kMeasures) + "," + node("South", 1, 'N', node("Sales", 0, 'P')), "",
                                         "[" + cell("1") + "],[" + cell("2") + "],[" + cell("3") + "]")),
              ElementsAre("North|1|2"));
  EXPECT_EQ(reading.covered, 2);
}

TEST(CubeAdapter, CallsAHeaderThatContradictsTheDataBadData) {
  const auto row = "[" + cell("1") + "," + cell("2") + "]";
  const auto refuse = [&](const std::string& reply) {
    Reading reading(simple());
    EXPECT_THAT(reading.decode(reply), ElementsAre());
    EXPECT_EQ(reading.status.code(), Code::bad_data);
    return reading.status.message();
  };
  EXPECT_THAT(refuse(pivot_reply(node("a", 0), kMeasures, row + "," + row)), HasSubstr("names 1 rows, the data have 2"));
  EXPECT_THAT(refuse(pivot_reply(node("a", 0), node("Sales", 0, 'P'), row)), HasSubstr("names 1 columns, the data have 2"));
  EXPECT_THAT(refuse(pivot_reply(node("a", 0, 'N', node("b", 0)), kMeasures, row)), HasSubstr("levels"));
  EXPECT_THAT(refuse(pivot_reply(node("a", 0), node("Count", 1, 'P') + "," + node("Sales", 0, 'P'), row)), HasSubstr("side by side"));
  EXPECT_THAT(refuse(pivot_reply(node("a", 0), kMeasures, row, 0, 7)), HasSubstr("another area: qTop 7"));
  EXPECT_THAT(refuse(pivot_reply(node("a", 0), kMeasures, "[" + cell("1") + "]")), HasSubstr("rows of 1 cells where 2 were asked for"));
  EXPECT_THAT(refuse(pivot_reply(node("a", 0) + "," + node("b", 1), kMeasures, row + ",[" + cell("1") + "]")),
              HasSubstr("different lengths"));
  EXPECT_THAT(refuse(R"({"qDataPages":[]})"), HasSubstr("no data page"));
  EXPECT_THAT(refuse(R"({"qDataPages":[{"qLeft":[],"qTop":[],"qData":[]}]})"), HasSubstr("no qArea"));
}

TEST(CubeAdapter, MarksTotalsOthersAndCollapsedMembers) {
  Cube cube{"P", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 2, 1, 5, "", "pivot-table"};
  Reading reading(cube, with(Shape::tidy, Totals::keep));
  const auto empty = R"({"qElemNo":-4,"qValue":"NaN","qType":"T","qSubNodes":[]})";
  const auto left = node("North", 0, 'N', node("Oslo", 0) + "," + node("Rest", -3, 'O') + "," + node("Total", -1, 'T')) + "," +
                    node("South", 1, 'N', empty) + "," + node("Total", -1, 'T', empty);
  const auto data = "[" + cell("1") + "],[" + cell("2") + "],[" + cell("3") + "],[" + cell("4") + "],[" + cell("7") + "]";
  const auto top = node("Sales", 0, 'P');
  EXPECT_THAT(reading.decode(pivot_reply(left, top, data)),
              ElementsAre("North|Oslo|1|value|null", "North|Rest|2|others|City", "North|Total|3|total|City", "South|null|4|collapsed|City",
                          "Total|null|7|total|Region, City"));
  // Without being announced such a row asks for the column that marks it; totals are left out.
  Reading dropped(cube);
  EXPECT_THAT(dropped.decode(pivot_reply(left, top, data)), ElementsAre());
  EXPECT_THAT(dropped.status.message(), HasSubstr("kind 'others', which the layout did not announce"));
  ASSERT_TRUE(dropped.widen(pivot_reply(left, top, data)).ok());
  dropped.open();
  EXPECT_THAT(dropped.decode(pivot_reply(left, top, data)),
              ElementsAre("North|Oslo|1|value|null", "North|Rest|2|others|City", "South|null|4|collapsed|City"));
}

// Where labels are no numbers, and so are null: which of these rows is of the year without a value, and which of all years?
TEST(CubeAdapter, SaysWhichDimensionsHaveNoMemberInARow) {
  const auto years = R"("$numeric","$integer")";
  Cube cube{"P", dimension("Jahr", years) + "," + dimension("Monat", years), measure("Summe"), "0,1", 2, 1, 5, "", "pivot-table"};
  const auto months = node("Gesamt", -1, 'T') + "," + node("-", -2, 'U');
  const auto below = R"({"qElemNo":-4,"qValue":"NaN","qType":"E","qSubNodes":[]})";
  const auto left = node("-", -2, 'U', months) + "," + node("Andere", -3, 'O', months) + "," + node("Gesamt", -1, 'T', below);
  std::string data;
  for (const auto* value : {"1", "2", "3", "4", "5"}) data += std::string(data.empty() ? "" : ",") + "[" + cell(value) + "]";
  Reading reading(cube, with(Shape::tidy, Totals::keep));
  EXPECT_THAT(reading.decode(pivot_reply(left, node("Summe", 0, 'P'), data)),
              ElementsAre("null|null|1|total|Monat", "null|null|2|value|null", "null|null|3|total|Jahr (others), Monat",
                          "null|null|4|others|Jahr", "null|null|5|total|Jahr, Monat"))
      << reading.status.message();
  // Of two sides: a total on top says nothing of what is not expanded on the left.
  cube.left = 1, cube.columns = 2, cube.rows = 2;
  Reading sides(cube, with(Shape::tidy, Totals::keep));
  EXPECT_THAT(
      sides.decode(pivot_reply(below + ("," + node("2024", 0, 'N', "", "2024")), node("Gesamt", -1, 'T') + "," + node("1", 0, 'N', "", "1"),
                               "[" + cell("6") + "," + cell("7") + "],[" + cell("8") + "," + cell("9") + "]")),
      ElementsAre("null|null|6|total|Jahr (collapsed), Monat", "null|1|7|collapsed|Jahr", "2024|null|8|total|Monat", "2024|1|9|value|null"))
      << sides.status.message();
}

TEST(CubeAdapter, WidensAColumnWhoseValuesDoNotFit) {
  Reading reading(simple());
  EXPECT_THAT(reading.names(), ElementsAre("Region:utf8", "Sales:float64", "Count:int64"));
  const auto reply = pivot_reply(node("a", 0), kMeasures, "[" + cell("1") + "," + cell("2.5") + "]");
  reading.decode(reply);
  EXPECT_THAT(reading.status.message(), HasSubstr("column 'Count': 2.5 is no exact integer"));
  ASSERT_TRUE(reading.widen(reply).ok());
  reading.open();
  EXPECT_THAT(reading.decode(reply), ElementsAre("a|1|2.5"));
  CubeOptions strict;
  strict.type_conflict = Conflict::fail;
  EXPECT_EQ(Reading(simple(), strict).widen(reply).code(), Code::bad_data);
}

std::string dual(const std::string& text, const std::string& number) {
  return R"({"qText":")" + text + R"(","qNum":)" + number + R"(,"qType":"V"})";
}

// Widens as the host does until the reply fits.
std::vector<std::string> read(Reading& reading, const std::string& reply) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    auto rows = reading.decode(reply);
    if (reading.status.ok() || !reading.widen(reply).ok()) return rows;
    reading.open();
  }
  return {};
}

TEST(CubeAdapter, TakesTheTextWhereItSaysMoreThanTheNumber) {
  auto cube = simple();
  cube.dimensions = dimension("Неделя", R"("$numeric","$integer")");
  cube.measures = measure("Last", "U") + "," + measure("Level", "U");
  const auto top = node("Last", 0, 'P') + "," + node("Level", 1, 'P');
  Reading reading(cube);
  EXPECT_THAT(read(reading, pivot_reply(node("2024/53", 0, 'N', "", "45656") + "," + node("2025/01", 1, 'N', "", "45657"), top,
                                        "[" + dual("2024-12-30", "45656") + "," + dual("Высокий", "3") + "],[" +
                                            dual("2025-01-02", "45659") + "," + dual("Low", "1") + "]")),
              ElementsAre("2024/53|day 20087|Высокий", "2025/01|day 20090|Low"));
}

TEST(CubeAdapter, KeepsNumbersInFullBesideATextInEveryShape) {
  auto cube = simple();
  cube.measures =
      measure("Sales", "F", R"(,"qNumFormat":{"qType":"F","qFmt":"#,##0.0","qDec":".","qThou":","})") + "," + measure("Count", "I");
  const auto data = "[" + dual("1,050.8", "1050.75") + "," + cell("1") + "],[" + dual("n/a", "\"NaN\"") + "," + cell("2") + "]";
  const auto page = pivot_reply(node("a", 0) + "," + node("b", 1), kMeasures, data);
  Reading tidy(cube);
  EXPECT_THAT(read(tidy, page), ElementsAre("a|1050.75|1", "b|n/a|2"));
  Reading cells(cube, with(Shape::cells));
  EXPECT_THAT(read(cells, page), ElementsAre("a|Sales|1050.75", "a|Count|1", "b|Sales|n/a", "b|Count|2"));
  CubeOptions null;
  null.on_mixed = Mixed::null;
  Reading nulls(cube, null);
  EXPECT_THAT(read(nulls, page), ElementsAre("a|1050.75|1", "b|null|2"));
}

TEST(CubeAdapter, ReadsEscapesOfTextsThatAreComparedWithTheirNumbers) {
  auto cube = simple();
  cube.measures = measure("Sales", "R", R"(,"x":0)") + "," + measure("Count", "I");
  Reading reading(cube);
  const auto page = pivot_reply(node("a", 0), kMeasures, "[" + dual("\\u20ac 12.5", "12.5") + "," + cell("1") + "]");
  EXPECT_THAT(reading.decode(page), ElementsAre("a|12.5|1")) << reading.status.message();
}

TEST(CubeAdapter, NamesWideColumnsByWordsThatDoNotChangeAndTellsEqualOnesApart) {
  Cube cube{"P", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 1, 4, 1, "", "pivot-table"};
  const auto top = node("a", 0) + "," + node("a", 1) + "," + node("-", -2, 'U') + "," + node("Rest", -3, 'O');
  cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + top + R"(],"qData":[],"qArea":{}}])";
  Reading reading(cube, with(Shape::wide));
  EXPECT_THAT(reading.names(), ElementsAre("Region:utf8", MatchesRegex("a_[0-9a-f]{8}:float64"), MatchesRegex("a_[0-9a-f]{8}:float64"),
                                           "(null):float64", "(others):float64"));
  EXPECT_THAT(reading.decode(pivot_reply(node("N", 0), top, "[" + cell("1") + "," + cell("2") + "," + cell("3") + "," + kNullCell + "]")),
              ElementsAre("N|1|2|3|null"));
}

TEST(CubeAdapter, RefusesWideWhereTheLayoutDoesNotNameEveryColumn) {
  Cube cube{"P", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 1, 60, 1, "", "pivot-table"};
  cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + node("a", 0) + R"(],"qData":[],"qArea":{}}])";
  const Reading reading(cube, with(Shape::wide));
  EXPECT_EQ(reading.status.code(), Code::unsupported);
  EXPECT_THAT(reading.status.message(), HasSubstr("the cube has 60 columns, and the layout names 1; use shape tidy or cells"));
  cube.columns = 1, cube.rows = 0;
  cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[],"qData":[],"qArea":{}}])";
  const Reading empty(cube, with(Shape::wide));
  EXPECT_EQ(empty.status.code(), Code::unsupported);
  EXPECT_THAT(empty.status.message(), HasSubstr("the pivot has no rows at present: no member of it names a column"));
}

TEST(CubeAdapter, FindsMeasuresBehindHiddenOnes) {
  auto cube = simple();
  cube.measures = measure("Hidden", "R", R"(,"qError":{"qErrorCode":7005})") + "," + cube.measures;
  const auto row = "[" + cell("1") + "," + cell("2") + "]";
  Reading visible(cube);
  EXPECT_THAT(visible.decode(pivot_reply(node("a", 0), kMeasures, row)), ElementsAre("a|1|2"));
  Reading all(cube);
  EXPECT_THAT(all.decode(pivot_reply(node("a", 0), node("Sales", 1, 'P') + "," + node("Count", 2, 'P'), row)), ElementsAre("a|1|2"));
}

// Labels may be expressions, and other texts with each look: the numbers of a header tell which measures are meant.
TEST(CubeAdapter, FindsMeasuresBehindHiddenOnesWhateverTheirLabelsSay) {
  auto cube = simple();
  cube.measures =
      measure("Hidden", "R", R"(,"qError":{"qErrorCode":7005})") + "," + measure("Нетто 06:00:01") + "," + measure("Zahl 06:00:01", "I");
  const auto row = "[" + cell("1") + "," + cell("2") + "]";
  for (const int first : {0, 1}) {
    const auto top = node("Нетто 06:00:02", first, 'P') + "," + node("Zahl 06:00:02", first + 1, 'P');
    Reading reading(cube);
    EXPECT_THAT(reading.decode(pivot_reply(node("a", 0), top, row)), ElementsAre("a|1|2")) << reading.status.message();
  }
  // A part of the measures that may be counted either way, and texts that are no help.
  cube.columns = 1;
  Reading part(cube, with(Shape::cells));
  EXPECT_THAT(part.decode(pivot_reply(node("a", 0), node("Zahl 06:00:02", 1, 'P'), "[" + cell("2") + "]")), ElementsAre());
  EXPECT_THAT(part.status.message(), HasSubstr("names no measure of the layout"));
}

TEST(CubeAdapter, SaysThatOnlyWhatIsExpandedCouldBeRead) {
  EXPECT_THAT(Reading(simple()).note, HasSubstr("as the object is expanded for this user"));
  auto apart = simple();
  apart.dimensions += "," + dimension("City"), apart.order = "-1,0,1", apart.left = 2;
  const Reading reading(apart);
  EXPECT_THAT(reading.note, HasSubstr("delivered in shape cells"));
  EXPECT_THAT(reading.names(), ElementsAre("Region:utf8", "City:utf8", "measure:utf8", "value:float64"));
}

TEST(CubeAdapter, RefusesACubeWithoutAMeasureAndOneWithAnError) {
  auto cube = simple();
  cube.measures = "";
  EXPECT_EQ(Reading(cube).status.code(), Code::unsupported);
  cube = simple();
  cube.more = R"(,"qError":{"qErrorCode":7005},"qCalcCondMsg":"select one region")";
  EXPECT_THAT(Reading(cube).status.message(), HasSubstr("select one region"));
  // A first fetch that was too large is no error of the cube.
  cube.more = R"(,"qError":{"qErrorCode":7009},"qPivotDataPages":[])";
  EXPECT_EQ(Reading(cube).asked.page.height, 2);
}

TEST(CubeAdapter, ReadsStacksByTheirOutermostMembers) {
  Cube cube{"K", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 2, 1, 3, "", "treemap"};
  Reading reading(cube);
  EXPECT_EQ(reading.asked.method, "GetHyperCubeStackData");
  EXPECT_EQ(reading.asked.page.height, 2) << "members of the outermost dimension";
  const auto below = node("N", 0, 'N', node("a", 0, 'N', leaf("1", 0)) + "," + node("-", -2, 'U', leaf("2", 1))) + "," +
                     node("S", 1, 'N', node("c", 2, 'N', leaf("\"NaN\"", 2, 'U')));
  EXPECT_THAT(reading.decode(stack_reply(below, 0, 2)), ElementsAre("N|a|1", "N|null|2", "S|c|null"));
  EXPECT_EQ(reading.covered, 2);
  // A row that is missing in the middle, and rows that end too early.
  const auto gap = node("N", 0, 'N', node("a", 0, 'N', leaf("1", 0)) + "," + node("b", 1, 'N', leaf("2", 2)));
  EXPECT_THAT(reading.decode(stack_reply(gap, 0, 1)), ElementsAre());
  EXPECT_THAT(reading.status.message(), HasSubstr("row 2 follows 0"));
  const auto early = node("N", 0, 'N', node("a", 0, 'N', leaf("1", 0))) + "," + node("S", 1, 'N', node("c", 2, 'N', leaf("3", 1)));
  reading.decode(stack_reply(early, 0, 2));
  EXPECT_THAT(reading.status.message(), HasSubstr("ends behind row 2, but the layout announced 3"));
  reading.decode(stack_reply(node("N", 0), 0, 1));
  EXPECT_THAT(reading.status.message(), HasSubstr("a branch ends after 1 of 2 dimensions"));
  reading.decode(stack_reply(below, 1, 2));
  EXPECT_THAT(reading.status.message(), HasSubstr("another area"));
}

TEST(CubeAdapter, ReadsTreesInWindowsAndCountsTheirLeaves) {
  Cube cube{"T", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 2, 1, 2, "", "sn-grid-chart"};
  const auto value = [](const std::string& number) { return R"({"qText":")" + number + R"(","qValue":)" + number + "}"; };
  const auto reply = R"({"qNodes":[)" +
                     tree_node("", 0, 'R', value("3"),
                               tree_node("N", 0, 'N', value("3"),
                                         tree_node("a", 0, 'N', value("1"), "") + "," + tree_node("-", -2, 'U', value("2"), ""))) +
                     "]}";
  Reading reading(cube);
  EXPECT_EQ(reading.asked.method, "GetHyperCubeTreeData");
  EXPECT_THAT(reading.asked.params_json, HasSubstr(R"("qTreeNodes":[{"qArea":{"qLeft":0,"qTop":0,)"));
  EXPECT_THAT(reading.decode(reply), ElementsAre("N|a|1", "N|null|2"));
  EXPECT_EQ(reading.covered, 2);
  Reading kept(cube, with(Shape::tidy, Totals::keep));
  EXPECT_THAT(kept.decode(reply),
              ElementsAre("null|null|3|total|Region, City", "N|null|3|total|City", "N|a|1|value|null", "N|null|2|value|null"));
  kept.asked.tag = 0;  // a later window: its root was there before
  EXPECT_THAT(kept.decode(reply), ElementsAre("N|a|1|value|null", "N|null|2|value|null"));
}

// A node that offers to show what is below it.
std::string collapsed(const std::string& text, int element, const std::string& below = "") {
  return R"({"qText":")" + text + R"(","qElemNo":)" + std::to_string(element) +
         R"(,"qValue":"NaN","qCanExpand":true,"qType":"N","qUp":0,"qDown":0,"qSubNodes":[)" + below + "]}";
}

// As captured: a level in which nothing is expanded is not in the tree.
TEST(AbsentLevels, AreCollapsedOnTheLeftWithTheMeasuresInnermost) {
  auto cube = simple();
  cube.dimensions += "," + dimension("Город"), cube.order = "0,1,-1", cube.left = 3, cube.columns = 1, cube.rows = 4;
  const auto left = collapsed("A", 0, kMeasures) + "," + collapsed("B", 2, kMeasures);
  const auto data = "[" + cell("1") + "],[" + cell("2") + "],[" + cell("3") + "],[" + cell("4") + "]";
  Reading reading(cube);
  EXPECT_THAT(reading.decode(pivot_reply(left, "", data)), ElementsAre());
  ASSERT_TRUE(reading.widen(pivot_reply(left, "", data)).ok()) << reading.status.message();
  reading.open();
  EXPECT_THAT(reading.decode(pivot_reply(left, "", data)), ElementsAre("A|null|1|2|collapsed|Город", "B|null|3|4|collapsed|Город"));
  Reading cells(cube, with(Shape::cells, Totals::keep));
  EXPECT_THAT(cells.decode(pivot_reply(left, "", data)), ElementsAre("A|null|Sales|1|collapsed|Город", "A|null|Count|2|collapsed|Город",
                                                                     "B|null|Sales|3|collapsed|Город", "B|null|Count|4|collapsed|Город"));
}

TEST(AbsentLevels, AreCollapsedOnTopWithoutAPseudoDimension) {
  Cube cube{
      "P",          dimension("Region") + "," + dimension("City") + "," + dimension("Kvarter"), measure("Sales"), "0,1,2", 1, 3, 2, "",
      "pivot-table"};
  const auto top = node("Totalt", -1, 'T') + "," + collapsed("a", 0) + "," + collapsed("(null)", 1);
  const auto data = "[" + cell("6") + "," + cell("1") + "," + cell("2") + "],[" + kNullCell + "," + kNullCell + "," + cell("3") + "]";
  cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + top + R"(],"qData":[],"qArea":{}}])";
  const auto reply = pivot_reply(node("N", 0) + "," + node("S", 1), top, data);
  EXPECT_THAT(Reading(cube).decode(reply), ElementsAre("N|a|null|1|collapsed|Kvarter", "N|(null)|null|2|collapsed|Kvarter",
                                                       "S|a|null|null|collapsed|Kvarter", "S|(null)|null|3|collapsed|Kvarter"));
  Reading kept(cube, with(Shape::tidy, Totals::keep));
  EXPECT_THAT(kept.decode(reply), ::testing::Contains("N|Totalt|null|6|total|City, Kvarter"));
  Reading wide(cube, with(Shape::wide));
  EXPECT_THAT(wide.names(), ElementsAre("Region:utf8", "a / (all):float64", "((null)) / (all):float64", "row_kind:utf8"));
  EXPECT_THAT(wide.decode(reply), ElementsAre("N|1|2|value", "S|null|3|value"));
}

TEST(AbsentLevels, MayBeAllBelowThePseudoDimension) {
  Cube cube{
      "P",          dimension("Region") + "," + dimension("City"), measure("Sales") + "," + measure("Count", "I"), "0,-1,1", 1, 2, 1, "",
      "pivot-table"};
  const auto measures = collapsed("Sales", 0) + "," + collapsed("Count", 1);
  const auto typed = [](std::string text) {
    for (std::size_t at = 0; (at = text.find(R"("qType":"N")", at)) != std::string::npos; ++at) text[at + 9] = 'P';
    return text;
  };
  Reading reading(cube, with(Shape::tidy, Totals::keep));
  EXPECT_THAT(reading.decode(pivot_reply(node("N", 0), typed(measures), "[" + cell("1") + "," + cell("2") + "]")),
              ElementsAre("N|null|Sales|1|collapsed|City", "N|null|Count|2|collapsed|City"))
      << reading.status.message();
}

TEST(AbsentLevels, AreRefusedWhereNothingCanBeExpandedOrOthersAreThere) {
  auto cube = simple();
  cube.dimensions += "," + dimension("City"), cube.order = "0,1,-1", cube.left = 2;
  const auto data = "[" + cell("1") + "," + cell("2") + "]";
  Reading plain(cube, with(Shape::tidy, Totals::keep));
  EXPECT_THAT(plain.decode(pivot_reply(node("a", 0), kMeasures, data)), ElementsAre());
  EXPECT_THAT(plain.status.message(), HasSubstr("1 levels where the layout has 2, and no member of it can be expanded"));
  Reading mixed(cube, with(Shape::tidy, Totals::keep));
  EXPECT_THAT(mixed.decode(pivot_reply(collapsed("a", 0) + "," + node("b", 1, 'N', node("c", 2)), kMeasures, data + "," + data)),
              ElementsAre());
  EXPECT_EQ(mixed.status.code(), Code::bad_data);
}

TEST(CubeAdapter, LeavesOutMembersATreeGenerates) {
  Cube cube{"T", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 2, 1, 2, "", "sn-grid-chart"};
  const auto value = [](const std::string& number) { return R"({"qText":")" + number + R"(","qValue":)" + number + "}"; };
  const auto empty_text = R"({"qElemNo":7,"qType":"N","qValues":[)" + value("2") + R"(],"qNodes":[]})";
  const auto reply =
      R"({"qNodes":[)" +
      tree_node(
          "", -1, 'R', "",
          tree_node("N", 0, 'N', "", tree_node("a", 0, 'N', value("1"), "") + "," + tree_node("b", 1, 'G', "", "") + "," + empty_text) +
              "," + tree_node("Ö", 1, 'G', "", tree_node("a", 0, 'N', value("9"), "") + "," + tree_node("b", 1, 'G', "", ""))) +
      "]}";
  Reading reading(cube);
  EXPECT_THAT(reading.decode(reply), ElementsAre("N|a|1", "N||2"));
  EXPECT_EQ(reading.covered, 2) << "those are no rows";
}

// The captured tree, against what a script derives from the capture.
TEST(CubeAdapter, ReadsTheCapturedTreeInEveryShape) {
  const std::string name = "nebula.js-examples--treedata_sample.js-5f3ae-9";
  const auto read = [](const std::string& path) {
    std::ifstream in(paths::source("tests/fixtures/" + path), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  };
  const auto layout = Poco::JSON::Parser()
                          .parse(read("captures/" + name + ".json"))
                          .extract<Object::Ptr>()
                          ->getArray("objects")
                          ->getObject(0)
                          ->getObject("getLayout");
  std::ostringstream nodes;
  layout->getObject("qHyperCube")->getArray("qTreeDataPages")->stringify(nodes);
  std::ostringstream layout_text;
  layout->stringify(layout_text);
  for (const auto& [folder, options] : {std::pair{"tidy", with(Shape::tidy, Totals::keep)},
                                        {"values", with(Shape::tidy)},
                                        {"wide", with(Shape::wide, Totals::keep)},
                                        {"cells", with(Shape::cells, Totals::keep)}}) {
    Reading reading(layout_text.str(), options);
    std::vector<std::string> expected;
    std::istringstream lines(read("expected_trees/" + std::string(folder) + "/" + name + "/x/_.csv"));
    for (std::string line; std::getline(lines, line);) expected.push_back(line);
    ASSERT_EQ(expected.size(), 26u);
    expected.erase(expected.begin());
    const auto rows = reading.decode(R"({"qNodes":)" + nodes.str() + "}");
    ASSERT_EQ(rows.size(), expected.size()) << reading.status.message();
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_TRUE(same_line(rows[i], expected[i])) << rows[i] << " " << expected[i];
  }
}

// A tree whose every member has more leaves than a reply holds is cut on its second level too; windows cover all of it.
TEST(CubeAdapter, CutsTreesSoThatNoReplyIsTooLarge) {
  auto dimensions = dimension("Region") + "," + dimension("City");
  Cube cube{"T", dimensions, measure("Sales"), "0,1", 2, 1, 60'000, "", "sn-grid-chart"};
  auto layout = cube.layout();
  layout.replace(layout.rfind(R"("qHypercubeCardinal":2)"), 22, R"("qHypercubeCardinal":30000)");
  CubeAdapter adapter({});
  ASSERT_TRUE(adapter.open({}, layout));
  std::vector<std::uint64_t> tags;
  int windows = 0;
  while (true) {
    const auto request = adapter.next_request();
    ASSERT_TRUE(request);
    if (!*request) break;
    ++windows;
    tags.push_back((**request).tag);
    EXPECT_THAT((**request).params_json, HasSubstr(R"("qArea":{"qLeft":1,)"));
  }
  EXPECT_GT(windows, 4);
  EXPECT_EQ(std::count_if(tags.begin(), tags.end(), [](auto tag) { return (tag & 1) != 0; }), 1) << "the root once";
}

// What a session copy says, read by a parser of its own.
Object::Ptr copy_of(const Cube& cube, const std::string& properties, CubeOptions options = {}) {
  CubeAdapter adapter(std::move(options));
  const auto copy = adapter.prepare({}, cube.layout(), properties);
  if (!copy || !*copy) return nullptr;
  return Poco::JSON::Parser().parse(**copy).extract<Object::Ptr>();
}
std::string list_of(const Object::Ptr& object, const std::string& member) {
  std::ostringstream out;
  object->getArray(member)->stringify(out);
  return out.str();
}

const char* const kProperties =
    R"j({"qInfo":{"qId":"x","qType":"pivot-table"},"qStateName":"Other","title":"t","qHyperCubeDef":{"qStateName":"","qMode":"P",)j"
    R"j("qDimensions":[{"qLibraryId":"d1","qNullSuppression":true,"qShowTotal":true,)j"
    R"j("qOtherTotalSpec":{"qTotalMode":"TOTAL_EXPR","qOtherMode":"OTHER_COUNTED"}},{"qDef":{"qFieldDefs":["City"]}}],)j"
    R"j("qMeasures":[{"qLibraryId":"m1"},{"qDef":{"qDef":"Count(X)","qLabel":"a \"quoted\" label"}}],)j"
    R"j("qInterColumnSortOrder":[1,-1,0],"qNoOfLeftDims":2,"qExpansionState":[{"qExcludeList":true}],"qCalcCondition":{"qCond":{"qv":"=1"}},)j"
    R"j("qInitialDataFetch":[{"qWidth":50,"qHeight":50}],"qSuppressZero":true}})j";

TEST(SessionCopy, KeepsWhatIsComputedAndExpandsAndArrangesIt) {
  Cube cube{"P",          dimension("Region") + "," + dimension("City"), measure("Sales") + "," + measure("Count"), "1,-1,0", 2, 2, 2, "",
            "pivot-table"};
  const auto object = copy_of(cube, kProperties);
  ASSERT_TRUE(object);
  EXPECT_EQ(object->getObject("qInfo")->getValue<std::string>("qType"), "qonduit-cube");
  EXPECT_FALSE(object->getObject("qInfo")->has("qId")) << "a new one each time";
  EXPECT_EQ(object->getValue<std::string>("qStateName"), "Other");
  const auto copy = object->getObject("qHyperCubeDef");
  EXPECT_TRUE(copy->getValue<bool>("qAlwaysFullyExpanded"));
  EXPECT_FALSE(copy->has("qExpansionState"));
  EXPECT_TRUE(copy->getValue<bool>("qSuppressZero"));
  EXPECT_TRUE(copy->has("qCalcCondition"));
  EXPECT_EQ(list_of(copy, "qInterColumnSortOrder"), "[1,0,-1]") << "the measures innermost on top, the dimensions as they were";
  EXPECT_EQ(copy->getValue<int>("qNoOfLeftDims"), 1);
  EXPECT_EQ(list_of(copy, "qInitialDataFetch"), "[]");
  const auto first = copy->getArray("qDimensions")->getObject(0);
  EXPECT_EQ(first->getValue<std::string>("qLibraryId"), "d1");
  EXPECT_TRUE(first->getValue<bool>("qNullSuppression"));
  EXPECT_FALSE(first->getValue<bool>("qShowTotal"));
  EXPECT_EQ(first->getObject("qOtherTotalSpec")->getValue<std::string>("qTotalMode"), "TOTAL_OFF");
  EXPECT_EQ(first->getObject("qOtherTotalSpec")->getValue<std::string>("qOtherMode"), "OTHER_COUNTED") << "Others stay";
  EXPECT_EQ(copy->getArray("qMeasures")->getObject(1)->getObject("qDef")->getValue<std::string>("qLabel"), "a \"quoted\" label");

  EXPECT_EQ(list_of(copy_of(cube, kProperties, with(Shape::wide))->getObject("qHyperCubeDef"), "qInterColumnSortOrder"), "[1,-1,0]")
      << "wide is what the user sees";
  const auto kept =
      copy_of(cube, kProperties, with(Shape::tidy, Totals::keep))->getObject("qHyperCubeDef")->getArray("qDimensions")->getObject(0);
  EXPECT_EQ(kept->getObject("qOtherTotalSpec")->getValue<std::string>("qTotalMode"), "TOTAL_EXPR");
  EXPECT_TRUE(kept->getValue<bool>("qShowTotal"));
}

TEST(SessionCopy, ReadsStacksAndTreesAsPivotsOfTheSameDimensions) {
  Cube cube{"K", dimension("Region") + "," + dimension("City"), measure("Sales") + "," + measure("Count"), "1,0", 2, 1, 3, "", "treemap"};
  const auto copy = copy_of(cube, kProperties)->getObject("qHyperCubeDef");
  EXPECT_EQ(copy->getValue<std::string>("qMode"), "P");
  EXPECT_EQ(list_of(copy, "qInterColumnSortOrder"), "[1,0,-1]");
  EXPECT_EQ(copy->getValue<int>("qNoOfLeftDims"), 2);
  cube.mode = "T";
  const auto kept =
      copy_of(cube, kProperties, with(Shape::tidy, Totals::keep))->getObject("qHyperCubeDef")->getArray("qDimensions")->getObject(1);
  EXPECT_EQ(kept->getObject("qOtherTotalSpec")->getValue<std::string>("qTotalMode"), "TOTAL_EXPR") << "inner nodes have values";
}

TEST(SessionCopy, TakesTheStateTheEngineEvaluated) {
  auto cube = simple();
  cube.more = R"(,"qStateName":"FromTheSheet")";
  EXPECT_EQ(copy_of(cube, kProperties)->getObject("qHyperCubeDef")->getValue<std::string>("qStateName"), "FromTheSheet");
}

TEST(SessionCopy, IsNotMadeOfPropertiesWithoutTheCube) {
  EXPECT_FALSE(copy_of(simple(), "{}"));
  EXPECT_FALSE(copy_of(simple(), R"({"qHyperCubeDef":{}})"));
  CubeAdapter adapter({});
  EXPECT_EQ(adapter.prepare({}, simple().layout(), "no json").error().code(), Code::bad_data);
}

TEST(SessionCopy, IsReadWithoutANote) {
  CubeAdapter adapter({});
  ASSERT_TRUE(adapter.prepare({}, simple().layout(), kProperties));
  auto copy = simple();
  copy.type = "qonduit-cube";
  EXPECT_EQ(adapter.open({}, copy.layout())->note, "");
  EXPECT_THAT(adapter.open({}, simple().layout())->note, HasSubstr("as the object is expanded"));
}

}  // namespace
}  // namespace qonduit::cube

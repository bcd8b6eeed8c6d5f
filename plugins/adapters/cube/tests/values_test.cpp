// What the cells, members and labels of pivots, stacks and trees are: empty texts, nulls, Others and totals, and members that are called
// like these. Without any engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <qonduit/own_name.hpp>

#include <string>
#include <utility>
#include <vector>

#include "captured_answer.hpp"
#include "reading.hpp"

namespace qonduit::cube {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using testing::pivot_reply;

TEST(EmptyTexts, AreMembersInEveryShape) {
  const auto left = untitled(5) + "," + node("-", -2, 'U') + "," + node("a", 0);
  const auto data = "[" + cell("1") + "," + cell("2") + "],[" + cell("3") + "," + cell("4") + "],[" + cell("5") + "," + cell("6") + "]";
  auto cube = simple();
  cube.rows = 3;
  Reading tidy(cube);
  EXPECT_THAT(tidy.decode(pivot_reply(left, kMeasures, data)), ElementsAre("|1|2", "null|3|4", "a|5|6")) << tidy.status.message();
  Reading cells(cube, with(Shape::cells));
  EXPECT_THAT(cells.decode(pivot_reply(left, kMeasures, data)), ::testing::Contains("|Sales|1"));

  Cube on_top{"P", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 1, 2, 1, "", "pivot-table"};
  const auto top = untitled(3) + "," + node("Sales", 4);
  on_top.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + top + R"(],"qData":[],"qArea":{}}])";
  Reading wide(on_top, with(Shape::wide));
  EXPECT_THAT(wide.names(), ElementsAre("Region:utf8", "(empty):float64", "Sales:float64"));
  EXPECT_THAT(wide.decode(pivot_reply(untitled(1), top, "[" + cell("7") + "," + cell("8") + "]")), ElementsAre("|7|8"));
}

TEST(EmptyTexts, AreNoNumbers) {
  auto cube = simple();
  cube.dimensions = dimension("År", R"("$numeric","$integer")");
  Reading reading(cube);
  const auto reply = pivot_reply(node("2024", 0, 'N', "", "2024") + "," + untitled(5), kMeasures,
                                 "[" + cell("1") + "," + cell("2") + "],[" + cell("3") + "," + cell("4") + "]");
  EXPECT_THAT(reading.decode(reply), ElementsAre());
  ASSERT_TRUE(reading.widen(reply).ok()) << reading.status.message();
  reading.open();
  EXPECT_THAT(reading.decode(reply), ElementsAre("2024|1|2", "|3|4"));
}

// A data point has no element: its measure gave the empty text, unless it is marked null or the engine shows the dash of a null.
TEST(EmptyTexts, AreDataPointsInEveryShape) {
  const auto text_measures = measure("Vorschlag", "U") + "," + measure("Sales");
  const std::string empty = R"({"qNum":"NaN","qType":"V"})";
  const std::string bare = R"({"qType":"V"})";
  const std::string null = R"({"qNum":"NaN","qType":"U"})";
  const std::string word = R"({"qText":"ja","qNum":"NaN","qType":"V"})";
  Cube cube{"P", dimension("Region"), text_measures, "0,-1", 1, 2, 5, "", "pivot-table"};
  const auto left = node("a", 0) + "," + node("b", 1) + "," + node("c", 2) + "," + node("d", 3) + "," + node("е", 4);
  const auto data = "[" + word + "," + cell("1") + "],[" + empty + "," + cell("2") + "],[" + bare + "," + cell("3") + "],[" + null + "," +
                    kNullCell + "],[" + R"({"qType":"E"})" + "," + R"({"qType":"E"})" + "]";
  const auto top = node("Vorschlag", 0, 'P') + "," + node("Sales", 1, 'P');
  Reading tidy(cube);
  EXPECT_THAT(tidy.read(pivot_reply(left, top, data)), ElementsAre("a|ja|1", "b||2", "c||3", "d|null|null", "е|null|null"));
  Reading cells(cube, with(Shape::cells));
  EXPECT_THAT(cells.read(pivot_reply(left, top, data)),
              ElementsAre("a|Vorschlag|ja", "a|Sales|1", "b|Vorschlag|", "b|Sales|2", "c|Vorschlag|", "c|Sales|3", "d|Vorschlag|null",
                          "d|Sales|null", "е|Vorschlag|null", "е|Sales|null"));
  cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + top + R"(],"qData":[],"qArea":{}}])";
  Reading wide(cube, with(Shape::wide));
  EXPECT_THAT(wide.read(pivot_reply(left, top, data)), ElementsAre("a|ja|1", "b||2", "c||3", "d|null|null", "е|null|null"));
}

// Beside numbers an empty text is a text like any other: on-mixed says what becomes of the column.
TEST(EmptyTexts, AreTextsAmongTheNumbersOfAMeasure) {
  Cube cube{"P", dimension("Область"), measure("Цена"), "0", 1, 1, 3, "", "pivot-table"};
  const auto left = node("Север", 0) + "," + node("Юг", 1) + "," + node("Запад", 2);
  const auto data = "[" + cell("1.5") + "],[" + R"({"qNum":"NaN","qType":"V"})" + "],[" + kNullCell + "]";
  Reading text(cube);
  EXPECT_THAT(text.read(pivot_reply(left, "", data)), ElementsAre("Север|1.5", "Юг|", "Запад|null"));
  EXPECT_THAT(text.names(), ElementsAre("Область:utf8", "Цена:utf8"));
  CubeOptions options;
  options.on_mixed = Mixed::null;
  Reading null(cube, options);
  EXPECT_THAT(null.read(pivot_reply(left, "", data)), ElementsAre("Север|1.5", "Юг|null", "Запад|null"));
  options.on_mixed = Mixed::fail;
  Reading fail(cube, options);
  EXPECT_THAT(fail.read(pivot_reply(left, "", data)), ElementsAre());
  EXPECT_THAT(fail.status.message(), HasSubstr("column 'Цена' holds texts beside numbers"));
}

TEST(EmptyTexts, AreMembersAndValuesOfStacks) {
  Cube cube{"K", dimension("Region") + "," + dimension("City"), measure("Note", "U"), "0,1", 2, 1, 5, "", "treemap"};
  const auto value = [](const std::string& members) { return "{" + members + R"(,"qSubNodes":[]})"; };
  const auto below = untitled(0, node("a", 0, 'N', value(R"("qElemNo":0,"qValue":"NaN","qType":"V","qRow":0)")) + "," +
                                     untitled(1, value(R"("qText":"x","qElemNo":0,"qValue":"NaN","qType":"V","qRow":1)")) + "," +
                                     node("-", -2, 'U', value(R"("qElemNo":0,"qType":"V","qRow":2)"))) +
                     "," +
                     node("Sør", 1, 'N',
                          node("c", 2, 'N', value(R"("qText":"-","qElemNo":0,"qValue":"NaN","qType":"U","qRow":3)")) + "," +
                              node("d", 3, 'N', value(R"("qElemNo":-4,"qValue":"NaN","qType":"E","qRow":4)")));
  const std::vector<std::string> rows = {"|a|", "||x", "|null|", "Sør|c|null", "Sør|d|null"};
  Reading tidy(cube);
  EXPECT_EQ(tidy.read(stack_reply(below, 0, 2)), rows) << tidy.status.message();
  Reading wide(cube, with(Shape::wide));
  EXPECT_EQ(wide.read(stack_reply(below, 0, 2)), rows);
  Reading cells(cube, with(Shape::cells));
  EXPECT_THAT(cells.read(stack_reply(below, 0, 2)),
              ElementsAre("|a|Note|", "||Note|x", "|null|Note|", "Sør|c|Note|null", "Sør|d|Note|null"));
}

TEST(EmptyTexts, AreMembersAndValuesOfTrees) {
  Cube cube{"T",
            dimension("Region") + "," + dimension("City"),
            measure("備考", "U") + "," + measure("Sales"),
            "0,1",
            2,
            1,
            3,
            "",
            "sn-grid-chart"};
  const auto values = [](const std::string& note, const std::string& number) {
    return note + R"(,{"qText":")" + number + R"(","qValue":)" + number + "}";
  };
  const auto unnamed = [](int element, const std::string& held, const std::string& below) {
    return R"({"qElemNo":)" + std::to_string(element) + R"(,"qType":"N","qValues":[)" + held + R"(],"qNodes":[)" + below + "]}";
  };
  const auto reply =
      R"({"qNodes":[)" +
      tree_node("", -1, 'R', "",
                unnamed(0, "", tree_node("a", 0, 'N', values(R"({"qValue":"NaN"})", "1"), "") + "," + unnamed(1, values("{}", "2"), "")) +
                    "," + tree_node("東京", 1, 'N', "", tree_node("-", -2, 'U', values(R"({"qText":"-","qValue":"NaN"})", "3"), ""))) +
      "]}";
  const std::vector<std::string> rows = {"|a||1", "|||2", "東京|null|null|3"};
  Reading tidy(cube);
  EXPECT_EQ(tidy.read(reply), rows) << tidy.status.message();
  Reading wide(cube, with(Shape::wide));
  EXPECT_EQ(wide.read(reply), rows);
  Reading cells(cube, with(Shape::cells));
  EXPECT_THAT(cells.read(reply), ElementsAre("|a|備考|", "|a|Sales|1", "||備考|", "||Sales|2", "東京|null|備考|null", "東京|null|Sales|3"));
}

// Captured stacks have totals that are called nothing at all: row_kind says what the row is.
TEST(EmptyTexts, AreNoLabelsOfOthersAndTotals) {
  auto cube = simple();
  cube.rows = 4;
  const auto without = [](int element, char type, const std::string& below = "") {
    return R"({"qElemNo":)" + std::to_string(element) + R"(,"qValue":"NaN","qType":")" + type + R"(","qUp":0,"qDown":0,"qSubNodes":[)" +
           below + "]}";
  };
  const auto left = without(-3, 'O') + "," + without(-1, 'T') + "," + without(-2, 'U') + "," + node("Ö", 4);
  const auto row = "[" + cell("1") + "," + cell("2") + "]";
  Reading pivot(cube, with(Shape::tidy, Totals::keep));
  EXPECT_THAT(pivot.read(pivot_reply(left, kMeasures, row + "," + row + "," + row + "," + row)),
              ElementsAre("null|1|2|others", "null|1|2|total", "null|1|2|value", "Ö|1|2|value"));
  cube.dimensions = dimension("År", R"("$numeric","$integer")");
  Reading numbers(cube, with(Shape::tidy, Totals::keep));
  EXPECT_THAT(numbers.read(pivot_reply(without(-3, 'O') + "," + node("2024", 1, 'N', "", "2024"), kMeasures, row + "," + row)),
              ElementsAre("null|1|2|others", "2024|1|2|value"))
      << "a label is no number";
  Cube stack{"K", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 2, 1, 2, "", "treemap"};
  Reading stacked(stack, with(Shape::tidy, Totals::keep));
  EXPECT_THAT(stacked.read(stack_reply(
                  without(-3, 'O', node("a", 0, 'N', leaf("1", 0))) + "," + node("S", 1, 'N', without(-1, 'T', leaf("2", 1))), 0, 2)),
              ElementsAre("null|a|1|others|Region", "S|null|2|total|City"));
}

// Members called like null, Others, a total, a collapsed member, or like the words row_kind has: each is itself in every delivery.
const std::vector<std::string> kLikeOthers = {"-",     "(null)", "Others",    "Övriga",  "Total", "Итого",
                                              "total", "others", "collapsed", "(empty)", "その他"};

TEST(Words, OfMembersAreNotThoseOfRowsInTidyAndCells) {
  auto cube = simple();
  std::string left = node("-", -2, 'U') + "," + node("Others", -3, 'O') + "," + node("Итого", -1, 'T');
  std::string data = "[" + cell("1") + "," + cell("2") + "]";
  data += "," + data + "," + data;
  std::vector<std::string> tidy = {"null|1|2|value", "Others|1|2|others", "Итого|1|2|total"};
  for (std::size_t i = 0; i < kLikeOthers.size(); ++i) {
    left += "," + node(kLikeOthers[i], static_cast<int>(i));
    data += ",[" + cell("1") + "," + cell("2") + "]";
    tidy.push_back(kLikeOthers[i] + "|1|2|value");
  }
  cube.rows = static_cast<int>(tidy.size());
  std::vector<std::string> cells;
  for (const auto& row : tidy) {
    const auto member = row.substr(0, row.find('|'));
    const auto kind = row.substr(row.rfind('|'));
    cells.push_back(member + "|Sales|1" + kind), cells.push_back(member + "|Count|2" + kind);
  }
  const auto reply = pivot_reply(left, kMeasures, data);
  EXPECT_EQ(Reading(cube, with(Shape::tidy, Totals::keep)).read(reply), tidy);
  EXPECT_EQ(Reading(cube, with(Shape::cells, Totals::keep)).read(reply), cells);
  // Where nothing announces Others, their row brings the column row_kind; totals are left out, members called so are not.
  tidy.erase(tidy.begin() + 2);
  EXPECT_EQ(Reading(cube).read(reply), tidy);
}

TEST(Words, OfMembersAreNotThoseOfRowsInWide) {
  Cube cube{"P", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 1, 1, 0, "", "pivot-table"};
  const auto top = node("(total)", 4);
  cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + top + R"(],"qData":[],"qArea":{}}])";
  std::string left = node("-", -2, 'U') + "," + node("Övriga", -3, 'O') + "," + node("Total", -1, 'T');
  std::string data = "[" + cell("1") + "],[" + cell("1") + "],[" + cell("1") + "]";
  std::vector<std::string> rows = {"null|1|value", "Övriga|1|others", "Total|1|total"};
  for (std::size_t i = 0; i < kLikeOthers.size(); ++i) {
    left += "," + node(kLikeOthers[i], static_cast<int>(i));
    data += ",[" + cell("1") + "]";
    rows.push_back(kLikeOthers[i] + "|1|value");
  }
  cube.rows = static_cast<int>(rows.size());
  Reading wide(cube, with(Shape::wide, Totals::keep));
  EXPECT_EQ(wide.read(pivot_reply(left, top, data)), rows);
  EXPECT_THAT(wide.names(), ElementsAre("Region:utf8", "((total)):float64", "row_kind:utf8"));
}

TEST(Words, OfMembersAreNotThoseOfRowsInStacksAndTrees) {
  Cube stack{"K", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 2, 1, 0, "", "treemap"};
  std::string members =
      node("-", -2, 'U', leaf("1", 0)) + "," + node("Övriga", -3, 'O', leaf("1", 1)) + "," + node("Итого", -1, 'T', leaf("1", 2));
  int row = 3;
  std::vector<std::string> rows = {"その他|null|1|value|null", "その他|Övriga|1|others|City", "その他|Итого|1|total|City"};
  for (std::size_t i = 0; i < kLikeOthers.size(); ++i) {
    members += "," + node(kLikeOthers[i], static_cast<int>(i), 'N', leaf("1", row++));
    rows.push_back("その他|" + kLikeOthers[i] + "|1|value|null");
  }
  stack.rows = row;
  for (const auto shape : {Shape::tidy, Shape::wide})
    EXPECT_EQ(Reading(stack, with(shape, Totals::keep)).read(stack_reply(node("その他", 0, 'N', members), 0, 1)), rows);

  Cube tree{"T", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 2, 1, row, "", "sn-grid-chart"};
  const auto held = R"({"qText":"1","qValue":1})";
  std::string leaves = tree_node("-", -2, 'U', held, "") + "," + tree_node("Övriga", -3, 'O', held, "");
  rows.erase(rows.begin() + 2);
  for (std::size_t i = 0; i < kLikeOthers.size(); ++i) leaves += "," + tree_node(kLikeOthers[i], static_cast<int>(i), 'N', held, "");
  const auto reply = R"({"qNodes":[)" + tree_node("", -1, 'R', "", tree_node("その他", 0, 'N', "", leaves)) + "]}";
  for (const auto shape : {Shape::tidy, Shape::wide}) EXPECT_EQ(Reading(tree, with(shape, Totals::keep)).read(reply), rows);
}

// Whatever a member is called, its column is never that of the null, of Others, of a total: in this delivery and in each other one.
TEST(WideNames, OfMembersAreNeverOurWords) {
  Cube cube{"P", dimension("Region") + "," + dimension("City"), measure("Sales"), "0,1", 1, 0, 1, "", "pivot-table"};
  const std::vector<std::pair<std::string, const char*>> members = {{node("-", -2, 'U'), "(null)"},
                                                                    {node("(null)", 0), "((null))"},
                                                                    {node("((null))", 1), "(((null)))"},
                                                                    {node("Övriga", -3, 'O'), "(others)"},
                                                                    {node("(others)", 2), "((others))"},
                                                                    {node("Others", 3), "Others"},
                                                                    {node("Övriga", 4), "Övriga"},
                                                                    {node("Summe", -1, 'T'), "(total)"},
                                                                    {node("(total)", 5), "((total))"},
                                                                    {node("Total", 6), "Total"},
                                                                    {node("(all)", 7), "((all))"},
                                                                    {node("(empty)", 8), "((empty))"},
                                                                    {untitled(9), "(empty)"},
                                                                    {node("(нет)", 10), "(нет)"},
                                                                    {node("(null", 11), "(null"},
                                                                    {node("()", 12), "()"},
                                                                    {node("(NULL)", 13), "(NULL)"}};
  for (const bool turned : {false, true}) {
    std::string top;
    std::vector<std::string> names = {"Region:utf8"};
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto& [member, name] = members[turned ? members.size() - 1 - i : i];
      top += (i == 0 ? "" : ",") + member;
      names.push_back(std::string(name) + ":float64");
    }
    names.emplace_back("row_kind:utf8");
    cube.columns = static_cast<int>(members.size());
    cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + top + R"(],"qData":[],"qArea":{}}])";
    EXPECT_EQ(Reading(cube, with(Shape::wide, Totals::keep)).names(), names);
  }
}

// The columns of a pivot with a dimension on the left, dimensions and measures on top.
class WideTop {
 public:
  WideTop(int dimensions, std::string measures, int columns) : columns_(columns) {
    cube_ = {"P", dimension("Region"), std::move(measures), "0", 1, 0, 1, "", "pivot-table"};
    for (int i = 1; i <= dimensions; ++i)
      cube_.dimensions += "," + dimension("D" + std::to_string(i)), cube_.order += "," + std::to_string(i);
    cube_.order += ",-1";
  }
  [[nodiscard]] std::vector<std::string> names(const std::string& top) const {
    auto cube = cube_;
    cube.columns = columns_;
    cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + top + R"(],"qData":[],"qArea":{}}])";
    Reading reading(cube, with(Shape::wide));
    EXPECT_TRUE(reading.status.ok()) << reading.status.message();
    std::vector<std::string> names;
    for (std::size_t i = 1; i < reading.schema.fields.size(); ++i) names.push_back(reading.schema.fields[i].name);
    return names;
  }

 private:
  Cube cube_;
  int columns_;
};
const char* const kMarked = "_[0-9a-f]{8}";

// "a / b" with "c" and "a" with "b / c" read alike: neither is ever the other's column, whichever of them is there, and wherever.
TEST(WideNames, OfMembersThatHoldTheSeparatorStayThoseOfTheirMembers) {
  const auto left = node("Käse", 0, 'N', node("Weich / Frisch", 1));
  const auto right = node("Käse / Weich", 2, 'N', node("Frisch", 3));
  const auto plain = node("Obst", 4, 'N', node("Äpfel", 5));
  const auto both = WideTop(2, measure("Sales"), 3).names(left + "," + plain + "," + right);
  EXPECT_THAT(both, ElementsAre(MatchesRegex(std::string("Käse / Weich / Frisch") + kMarked), "Obst / Äpfel",
                                MatchesRegex(std::string("Käse / Weich / Frisch") + kMarked)));
  EXPECT_NE(both[0], both[2]);
  EXPECT_THAT(WideTop(2, measure("Sales"), 3).names(right + "," + left + "," + plain), ElementsAre(both[2], both[0], both[1])) << "moved";
  EXPECT_THAT(WideTop(2, measure("Sales"), 1).names(right), ElementsAre(both[2])) << "alone";
  // Parts that make a separator together.
  const auto over = WideTop(2, measure("Sales"), 2).names(node("a", 0, 'N', node("/ b", 1)) + "," + node("a /", 2, 'N', node("b", 3)));
  EXPECT_NE(over[0], over[1]);
  EXPECT_THAT(over, ElementsAre(MatchesRegex(std::string("a / / b") + kMarked), MatchesRegex(std::string("a / / b") + kMarked)));
  // A single level has nothing to be mixed up with.
  EXPECT_THAT(WideTop(1, measure("Sales"), 2).names(node("24 / 7", 0) + "," + node("Ночь", 1)), ElementsAre("24 / 7", "Ночь"));
}

TEST(WideNames, OfMeasuresThatHoldTheSeparatorStayTheirs) {
  const auto measures = node("Цена", 0, 'P') + "," + node("Нетто / Цена", 1, 'P');
  const auto top = node("Чай / Нетто", 0, 'N', measures) + "," + node("Чай", 1, 'N', measures);
  const auto names = WideTop(1, measure("Цена") + "," + measure("Нетто / Цена"), 4).names(top);
  EXPECT_THAT(names, ElementsAre(MatchesRegex(std::string("Чай / Нетто / Цена") + kMarked),
                                 MatchesRegex(std::string("Чай / Нетто / Нетто / Цена") + kMarked), "Чай / Цена",
                                 MatchesRegex(std::string("Чай / Нетто / Цена") + kMarked)));
  EXPECT_NE(names[0], names[3]);
  const auto hidden = measure("Цена") + "," + measure("Нетто / Цена", "R", R"(,"qError":{"qErrorCode":7005})");
  const auto one = WideTop(1, hidden + "," + measure("Счёт"), 4)
                       .names(node("Чай / Нетто", 0, 'N', node("Цена", 0, 'P') + "," + node("Счёт", 1, 'P')) + "," +
                              node("Чай", 1, 'N', node("Цена", 0, 'P') + "," + node("Счёт", 1, 'P')));
  EXPECT_EQ(one[0], names[0]) << "the other one is hidden";
  EXPECT_EQ(one[2], names[2]);
}

// A switch shows one measure today and another tomorrow: their values are never in one column.
TEST(WideNames, SayTheMeasureWhereverTheObjectHasSeveral) {
  const std::string hidden = R"(,"qError":{"qErrorCode":7005})";
  const auto top = node("Αθήνα", 0) + "," + node("Πάτρα", 1);
  EXPECT_THAT(WideTop(1, measure("Τζίρος") + "," + measure("Τεμάχια", "R", hidden), 2).names(top),
              ElementsAre("Αθήνα / Τζίρος", "Πάτρα / Τζίρος"));
  EXPECT_THAT(WideTop(1, measure("Τζίρος", "R", hidden) + "," + measure("Τεμάχια"), 2).names(top),
              ElementsAre("Αθήνα / Τεμάχια", "Πάτρα / Τεμάχια"));
  const auto both = node("Τζίρος", 0, 'P') + "," + node("Τεμάχια", 1, 'P');
  EXPECT_THAT(WideTop(1, measure("Τζίρος") + "," + measure("Τεμάχια"), 2).names(node("Αθήνα", 0, 'N', both)),
              ElementsAre("Αθήνα / Τζίρος", "Αθήνα / Τεμάχια"));
  EXPECT_THAT(WideTop(1, measure("Τζίρος"), 2).names(top), ElementsAre("Αθήνα", "Πάτρα")) << "its only measure";
}

// A dimension that is hidden may head rows again tomorrow.
TEST(WideNames, OfMembersAreNotThoseOfDimensionsThatAreHidden) {
  Cube cube{"P",
            dimension("Region") + "," + dimension("D1") + R"(,{"qFallbackTitle":"Łódź","qError":{"qErrorCode":7005}})",
            measure("Sales"),
            "0,1,-1",
            1,
            2,
            1,
            "",
            "pivot-table"};
  cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + node("Łódź", 0) + "," + node("Gdynia", 1) + R"(],"qData":[],"qArea":{}}])";
  const Reading reading(cube, with(Shape::wide));
  ASSERT_TRUE(reading.status.ok()) << reading.status.message();
  EXPECT_THAT(reading.schema.fields[1].name, MatchesRegex(std::string("Łódź") + kMarked));
  EXPECT_EQ(reading.schema.fields[2].name, "Gdynia");
}

// One text for several numbers, months of two years say: each has its own mark, wherever it stands.
TEST(WideNames, OfMembersOfOneTextAreToldApartByTheirNumbers) {
  const auto member = [](const std::string& serial, int element) { return node("янв", element, 'N', "", serial); };
  const auto names =
      WideTop(1, measure("Sales"), 3).names(member("44927", 0) + "," + node("фев", 1, 'N', "", "44958") + "," + member("45292", 2));
  EXPECT_THAT(names, ElementsAre(MatchesRegex(std::string("янв") + kMarked), "фев", MatchesRegex(std::string("янв") + kMarked)));
  EXPECT_NE(names[0], names[2]);
  EXPECT_THAT(WideTop(1, measure("Sales"), 3).names(member("45292", 7) + "," + member("44927", 8) + "," + node("фев", 9, 'N', "", "44958")),
              ElementsAre(names[2], names[0], names[1]))
      << "moved, and reloaded under other element numbers";
}

TEST(WideNames, OfMembersAreNeverThoseOfOtherColumns) {
  const auto top = node("Region", 0) + "," + node("row_kind", 1) + "," + node("Region_2", 2);
  const auto names = WideTop(1, measure("Sales"), 3).names(top);
  EXPECT_THAT(names,
              ElementsAre(MatchesRegex(std::string("Region") + kMarked), MatchesRegex(std::string("row_kind") + kMarked), "Region_2"));
  EXPECT_THAT(WideTop(1, measure("Sales"), 2).names(node("Region_2", 2) + "," + node("Region", 0)), ElementsAre("Region_2", names[0]));
  auto cube = simple();
  cube.dimensions = dimension("value") + "," + dimension("measure") + "," + dimension("row_kind");
  cube.order = "0,1,2,-1", cube.left = 3;
  EXPECT_THAT(Reading(cube, with(Shape::cells, Totals::keep)).names(),
              ElementsAre("value:utf8", "measure:utf8", "row_kind:utf8", "measure_2:utf8", "value_2:float64", "row_kind_2:utf8",
                          "row_kind_of:utf8"))
      << "nothing tells these dimensions";
  cube.dimensions = R"({"qFallbackTitle":"value","cId":"aB3x","qNumFormat":{"qType":"U"}},)" +
                    std::string(R"({"qFallbackTitle":"measure","cId":"zz","qNumFormat":{"qType":"U"}},)") +
                    R"({"qFallbackTitle":"row_kind","cId":"q1","qNumFormat":{"qType":"U"}})";
  EXPECT_THAT(Reading(cube, with(Shape::cells, Totals::keep)).names(),
              ElementsAre("value_aB3x:utf8", "measure_zz:utf8", "row_kind_q1:utf8", "measure:utf8", "value:float64", "row_kind:utf8",
                          "row_kind_of:utf8"));
  EXPECT_THAT(Reading(cube, with(Shape::tidy)).names(),
              ElementsAre("value:utf8", "measure:utf8", "row_kind_q1:utf8", "Sales:float64", "Count:int64"))
      << "tidy has no columns measure and value";
}

// A rule for such a dimension must be refused: its members are names.
TEST(WideNames, SayWhichDimensionsTheyAreMadeOf) {
  auto cube = simple();
  cube.dimensions = dimension("Straße") + "," + dimension("Клиент");
  cube.order = "0,1,-1", cube.left = 1, cube.columns = 2, cube.measures = measure("Sales");
  cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + node("Анна", 0) + "," + node("Олег", 1) + R"(],"qData":[],"qArea":{}}])";
  const Reading wide(cube, with(Shape::wide));
  ASSERT_TRUE(wide.status.ok()) << wide.status.message();
  EXPECT_TRUE(names_columns(wide.schema, "Клиент"));
  EXPECT_FALSE(names_columns(wide.schema, "Straße"));
  EXPECT_FALSE(names_columns(Reading(cube, with(Shape::tidy)).schema, "Клиент"));
}

// Alone, a member has its text for a name, and is known by what it has where others have that text.
TEST(WideNames, AreToldTheirOwnOnesToo) {
  auto cube = simple();
  cube.dimensions = dimension("Region") + "," + dimension("Μήνας");
  cube.order = "0,1,-1", cube.left = 1, cube.measures = measure("Sales"), cube.columns = 2;
  const auto own_names = [&cube](const std::string& top) {
    cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[)" + top + R"(],"qData":[],"qArea":{}}])";
    const Reading reading(cube, with(Shape::wide));
    std::vector<std::string> names;
    for (std::size_t i = 1; i < reading.schema.fields.size(); ++i) names.emplace_back(own_name(reading.schema.fields[i]));
    return names;
  };
  const auto first = node("Ιαν", 0, 'N', "", "44927"), second = node("Ιαν", 1, 'N', "", "45292");
  const auto both = own_names(first + "," + second);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_NE(both[0], both[1]);
  EXPECT_EQ(own_names(second + "," + node("Φεβ", 2, 'N', "", "45323"))[0], both[1]);
}

TEST(WideNames, OfAColumnWithSeveralMeasuresIsNotOneMeasures) {
  auto cube = simple();
  cube.order = "0,-1", cube.left = 2, cube.columns = 1, cube.rows = 2;
  cube.more = R"(,"qPivotDataPages":[{"qLeft":[],"qTop":[],"qData":[],"qArea":{}}])";
  EXPECT_THAT(Reading(cube, with(Shape::wide)).names(), ElementsAre("Region:utf8", "measure:utf8", "value:float64"));
}

}  // namespace
}  // namespace qonduit::cube

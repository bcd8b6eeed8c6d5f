// Column orders that name too little, too much or what is not there: values arrive under their own titles, or nothing does.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/adapters/straight/straight_adapter.hpp"
#include "plugins/adapters/straight/tests/reading.hpp"

namespace qonduit::straight {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Reading = ReadingOf<StraightAdapter>;
using Rows = std::vector<std::vector<std::string>>;

// "T=v1,v2 U=..." of what arrives by title, however the columns stand; where a page says another order, what the next attempt reads.
Rows columns_of(Reading& reading, const std::string& page) {
  auto rows = reading.decode(page);
  if (!reading.status.ok() && reading.widen(page).ok()) {
    reading.open();
    rows = reading.decode(page);
  }
  Rows columns;
  if (!reading.status.ok()) return columns;
  for (std::size_t c = 0; c < reading.names().size(); ++c) {
    columns.push_back({reading.names()[c]});
    for (const auto& row : rows) columns.back().push_back(row[c]);
  }
  std::sort(columns.begin(), columns.end());
  return columns;
}

std::string ranged(const std::string& title, const std::string& min, const std::string& max, const std::string& more = "") {
  return R"({"qFallbackTitle":")" + title + R"(","qNumFormat":{"qType":"U"},"qMin":)" + min + ",\"qMax\":" + max + more + "}";
}
std::string number(const std::string& value) { return number_cell(value, value); }
std::string ordered(const std::string& order, const char* member = "qColumnOrder") { return R"(,")" + std::string(member) + "\":" + order; }

TEST(ColumnOrder, IsToldByTheRangesOfMeasures) {
  const auto measures = ranged("Netto", "100", "101") + "," + ranged("Brutto", "200", "201") + "," + ranged("Steuer", "300", "301");
  const auto page = reply({{number("300"), number("100"), number("200")}, {number("301"), number("101"), number("201")}});
  const Rows right = {{"Brutto", "200", "201"}, {"Netto", "100", "101"}, {"Steuer", "300", "301"}};
  // Named first, in the definition's order, in no order that could be expected: the ranges allow one only.
  for (const auto* order : {"[2,0]", "[0]", "[1]", "[1,1,2]", "[-1,2,0]", "[2,0,9]", "[7,8,9,10]", R"(["2",0])", "[2.5,0]"}) {
    Reading reading({"", measures, 3, 2, ordered(order)});
    EXPECT_EQ(columns_of(reading, page), right) << order << ": " << reading.status.message();
  }
}

TEST(ColumnOrder, IsToldByRolesAndTypesOfColumns) {
  const auto text = dimension("Ort", R"("$text")");
  const auto letter = dimension("Код", R"("$ascii","$text")");
  const auto year = dimension("År", R"("$numeric","$integer")");
  const auto page = reply({{number_cell("2024", "2024", 3), text_cell("Zürich", 4), number("7"), text_cell("AB", 5)},
                           {number_cell("2025", "2025", 4), text_cell("Malmö", 6), number("9"), text_cell("CD", 7)}});
  const Rows right = {{"År", "2024", "2025"}, {"Ort", "Zürich", "Malmö"}, {"Код", "AB", "CD"}, {"Сумма", "7", "9"}};
  Rows sorted = right;
  std::sort(sorted.begin(), sorted.end());
  for (const auto* order : {"[0]", "[2,0]", "[3]", "[2,0,0]", "[2,0,3,44]"}) {
    Reading reading({text + "," + letter + "," + year, ranged("Сумма", "1", "10"), 4, 2, ordered(order)});
    EXPECT_EQ(columns_of(reading, page), sorted) << order << ": " << reading.status.message();
  }
}

// One row, one value: the state and the element tell a dimension from a measure.
TEST(ColumnOrder, IsToldByTheStateOfASingleCell) {
  for (const auto* order : {"[1]", "[1,0,7]", "[1,-3]", "[0,0]"}) {
    Reading reading({dimension("D", R"("$numeric")"), ranged("M", "5", "5"), 2, 1, ordered(order)});
    const auto page = reply({{number("5"), R"({"qText":"5","qNum":5,"qElemNumber":0,"qState":"A"})"}});
    EXPECT_EQ(columns_of(reading, page), (Rows{{"D", "5"}, {"M", "5"}})) << order << ": " << reading.status.message();
    EXPECT_EQ(reading.names(), (std::vector<std::string>{"M", "D"}));
  }
}

TEST(ColumnOrder, IsNeverGuessed) {
  const auto page = reply({{number("5"), number("6")}, {number("7"), number("8")}});
  for (const auto* order : {"[1]", "[1,1]", "[1,0,2]", "[1,-1]"}) {
    Reading reading({"", ranged("A", "1", "100") + "," + ranged("B", "2", "90"), 2, 9, ordered(order)});
    EXPECT_TRUE(columns_of(reading, page).empty()) << order;
    EXPECT_EQ(reading.status.code(), Code::bad_data);
    EXPECT_THAT(reading.status.message(), HasSubstr("has qColumnOrder " + std::string(order) + " for 2 columns"));
    EXPECT_THAT(reading.status.message(), HasSubstr("do not tell which column is which"));
    EXPECT_EQ(reading.widen(page).code(), Code::bad_data);
  }
  // Cells that no order allows.
  Reading none({"", ranged("A", "1", "2") + "," + ranged("B", "3", "4"), 2, 2, ordered("[1]")});
  EXPECT_TRUE(columns_of(none, page).empty());
  EXPECT_EQ(none.status.code(), Code::bad_data);
}

TEST(ColumnOrder, IsToldByTheSmallestAndLargestValueWhereThePageHoldsAllRows) {
  const auto page = reply({{number("5"), number("6")}, {number("70"), number("8")}});
  Reading whole({"", ranged("A", "5", "70") + "," + ranged("B", "0", "80"), 2, 2, ordered("[1]")});
  EXPECT_TRUE(columns_of(whole, page).empty()) << "B has neither its smallest nor its largest value";
  Reading exact({"", ranged("A", "5", "70") + "," + ranged("B", "5", "80"), 2, 2, ordered("[1]")});
  EXPECT_EQ(columns_of(exact, reply({{number("80"), number("5")}, {number("5"), number("70")}})),
            (Rows{{"A", "5", "70"}, {"B", "80", "5"}}));
}

TEST(ColumnOrder, OfOneMeaningNeedsNoProof) {
  const auto three = dimension("A", R"("$text")") + "," + dimension("B", R"("$text")") + "," + dimension("C", R"("$text")");
  for (const auto* order : {"[0]", "[0,1]", "[]", "[0,1,2]", "[0,1,2,9]"}) {
    Reading reading({three, "", 3, 1, ordered(order)});
    EXPECT_EQ(columns_of(reading, reply({{text_cell("x"), text_cell("y"), text_cell("z")}})), (Rows{{"A", "x"}, {"B", "y"}, {"C", "z"}}))
        << order;
  }
}

TEST(ColumnOrder, NamesTheColumnsOfAMatrixThatHasFewer) {
  Reading reading({dimension("A", R"("$text")"), ranged("B", "1", "9") + "," + ranged("C", "1", "9"), 2, 1, ordered("[2,0]")});
  EXPECT_THAT(reading.names(), ElementsAre("C", "A"));
  EXPECT_EQ(reading.note, "left out, since the object's column order does not name them: 'B'");
  EXPECT_THAT(reading.decode(reply({{number("4"), text_cell("x")}})), ElementsAre(ElementsAre("4", "x")));
}

// The order lists a hidden column, which the matrix has not; one that lists the visible ones only is complete as well.
TEST(ColumnOrder, GoesWithoutHiddenColumns) {
  const auto measures =
      ranged("Hidden", "0", "0", R"(,"qError":{"qErrorCode":7005})") + "," + ranged("M", "1", "9") + "," + ranged("N", "1", "9");
  for (const auto* order : {"[3,1,0,2]", "[3,0,2]", "[1,3,0,2]"}) {
    Reading reading({dimension("A", R"("$text")"), measures, 3, 1, ordered(order)});
    EXPECT_THAT(reading.names(), ElementsAre("N", "A", "M")) << order;
    EXPECT_THAT(reading.decode(reply({{number("1"), text_cell("x"), number("2")}})), ElementsAre(ElementsAre("1", "x", "2")));
  }
}

// Classic tables keep an order of their own: it is told from the cells, like any other, whether the matrix follows it.
TEST(ColumnOrder, OfAClassicTableIsHeldAgainstTheCells) {
  const Cube cube{dimension("A", R"("$text")"), ranged("B", "1", "9"), 2, 1, ordered("[1,0]", "columnOrder")};
  Reading definition(cube);
  EXPECT_EQ(columns_of(definition, reply({{text_cell("x"), number("4")}})), (Rows{{"A", "x"}, {"B", "4"}}));
  Reading table(cube);
  EXPECT_EQ(columns_of(table, reply({{number("4"), text_cell("x")}})), (Rows{{"A", "x"}, {"B", "4"}}));
  // The engine's own order decides where there is one.
  EXPECT_THAT(
      Reading({dimension("A", R"("$text")"), ranged("B", "1", "9"), 2, 1, ordered("[0,1]") + ordered("[1,0]", "columnOrder")}).names(),
      ElementsAre("A", "B"));
}

TEST(ColumnOrder, IsTakenFromThePageInTheLayout) {
  const auto first = R"(,"qDataPages":[{"qMatrix":[[)" + number("4") + "," + text_cell("x", 2) +
                     R"(]],"qArea":{"qLeft":0,"qTop":0,"qWidth":2,"qHeight":1}}])";
  Reading reading({dimension("A", R"("$text")"), ranged("B", "1", "9"), 2, 5, ordered("[0,5]") + first});
  EXPECT_THAT(reading.names(), ElementsAre("B", "A"));
}

TEST(ColumnOrder, IsCheckedOnEveryPage) {
  Reading reading({dimension("A", R"("$text")"), ranged("B", "1", "9"), 2, 5, ordered("[1]")});
  EXPECT_THAT(reading.decode(reply({{number("4"), text_cell("x")}})), ElementsAre(ElementsAre("4", "x")));
  EXPECT_THAT(reading.decode(reply({{text_cell("y"), number("4")}}, 0, 1), Page{0, 1, 2, 1}), IsEmpty());
  EXPECT_THAT(reading.status.message(), HasSubstr("cells from row 2 on contradict"));
  EXPECT_THAT(reading.decode(reply({{number("4")}}, 0, 2), Page{0, 2, 1, 1}), IsEmpty());
  EXPECT_THAT(reading.status.message(), HasSubstr("a row is wider than a page"));
}

TEST(ColumnOrder, IsWrittenIntoASessionCopyWhereItIsOpen) {
  StraightAdapter adapter{StraightOptions()};
  const Cube cube{dimension("A", R"("$text")"), ranged("B", "1", "9") + "," + ranged("C", "1", "9"), 3, 1,
                  ordered("[2,0]") + R"(,"qStateName":"S")"};
  const auto properties =
      R"x({"qHyperCubeDef":{"qColumnOrder":[2,0],"columnOrder":[2,1,0],"qDimensions":[{"qLibraryId":"d"}],"qMeasures":[{"qDef":{"qDef":"Sum(B)"}}],)x"
      R"x("qInitialDataFetch":[{"qWidth":9}],"qSuppressZero":true}})x";
  const auto copy = adapter.prepare(qonduit::Run(), cube.layout(), properties);
  ASSERT_TRUE(copy && *copy);
  const auto object = Poco::JSON::Parser().parse(**copy).extract<Poco::JSON::Object::Ptr>();
  const auto definition = object->getObject("qHyperCubeDef");
  std::ostringstream order;
  definition->getArray("qColumnOrder")->stringify(order);
  EXPECT_EQ(order.str(), "[0,1,2]");
  EXPECT_FALSE(definition->has("columnOrder"));
  EXPECT_EQ(definition->getArray("qInitialDataFetch")->size(), 0u);
  EXPECT_EQ(definition->getValue<std::string>("qStateName"), "S");
  EXPECT_TRUE(definition->getValue<bool>("qSuppressZero"));
  // The copy is read in the order it was given.
  auto layout = Cube{cube.dimensions, cube.measures, 3, 1, ordered("[0,1,2]")}.layout();
  layout.replace(layout.find(R"("qType":"table")"), 15, R"("qType":"qonduit-cube")");
  const auto opened = adapter.open(qonduit::Run(), layout);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->schema.fields[0].name, "A");
  EXPECT_EQ(opened->schema.fields[1].find("qlik.expression"), "Sum(B)");
  // An order that is known needs none, and properties without the cube give none.
  const Cube known{cube.dimensions, cube.measures, 3, 1, ordered("[2,0,1]")};
  EXPECT_FALSE(*adapter.prepare(qonduit::Run(), known.layout(), properties));
  EXPECT_FALSE(*adapter.prepare(qonduit::Run(), cube.layout(), "{}"));
}

}  // namespace
}  // namespace qonduit::straight

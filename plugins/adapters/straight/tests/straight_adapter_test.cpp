// The adapter on captured layouts and on cells that captures do not have, without any engine.
#include "plugins/adapters/straight/straight_adapter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qonduit/hidden_titles.hpp>
#include <qonduit/own_name.hpp>
#include <qonduit/text.hpp>

#include <fstream>
#include <sstream>

#include "plugins/adapters/straight/tests/reading.hpp"

namespace qonduit::straight {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Reading = ReadingOf<StraightAdapter>;

TEST(StraightAdapter, NamesEveryStraightCubeOfAnObject) {
  const auto names = StraightAdapter::datasets(
      "sn-x", R"({"qHyperCube":{"qMode":"S"},"qUndoExclude":{"box":{"qHyperCube":{"qMode":"S"}},"outliers":{"qHyperCube":{"qMode":"K"}}},
               "gaLayers":[{"qHyperCube":{"qMode":"S"}},{"qHyperCube":{"qMode":"S"}}]})");
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, ElementsAre("", "x.box", "x.layer0", "x.layer1"));
}

TEST(DatasetNames, SayTheVisualizationAndThePlaceUnlessTheCubeIsAtTheTop) {
  EXPECT_EQ(hypercube::dataset_name("barchart", "/qHyperCube"), "");
  EXPECT_EQ(hypercube::dataset_name("listbox", "/qListObject"), "");
  EXPECT_EQ(hypercube::dataset_name("boxplot", "/qUndoExclude/outliers/qHyperCube"), "boxplot.outliers");
  EXPECT_EQ(hypercube::dataset_name("sn-map", "/gaLayers/0/qHyperCube"), "map.layer0");
  EXPECT_EQ(hypercube::dataset_name("map", "/qUndoExclude/gaLayers/1/qHyperCube"), "map.layer1");
  EXPECT_EQ(hypercube::dataset_name("distributionplot", "/qUndoExclude/qHyperCube"), "distributionplot");
  EXPECT_EQ(hypercube::dataset_name("an-extension", "/panels/3/qHyperCube"), "an-extension.panels.3");
}

TEST(DatasetNames, TellDefinitionsFromWhatTheUserSees) {
  EXPECT_EQ(hypercube::dataset_name("boxplot", "/boxplotDef/qHyperCube"), "boxplot.definition");
  EXPECT_EQ(hypercube::dataset_name("histogram", "/qHyperCube"), "histogram.definition");
  EXPECT_EQ(hypercube::dataset_name("distributionplot", "/qHyperCube"), "distributionplot.definition");
}

TEST(DatasetNames, AreUniqueInALayoutAcrossModesAndLists) {
  const auto places =
      hypercube::find_cubes("map", R"({"qHyperCube":{"qMode":"S"},"qListObject":{},"gaLayers":[{"qHyperCube":{"qMode":"S"}}],
                 "qUndoExclude":{"gaLayers":[{"qHyperCube":{"qMode":"K"}}]}})");
  ASSERT_TRUE(places);
  std::vector<std::string> names;
  for (const auto& place : *places) names.push_back(place.mode + ":" + place.dataset);
  EXPECT_THAT(names, ElementsAre("S:", ":list", "S:map.layer0", "K:map.layer0_2"));
}

// An extension may keep a cube aside, in its layout as well: it is not shown.
TEST(DatasetNames, AreNotGivenToWhatAnObjectKeepsAside) {
  const auto places =
      hypercube::find_cubes("x", R"({"qHyperCube":{"qMode":"S"},"qLayoutExclude":{"qHyperCube":{"qMode":"S"},"a":{"qListObject":{}}}})");
  ASSERT_TRUE(places);
  EXPECT_EQ(places->size(), 1u);
}

TEST(StraightAdapter, AsksForTheWholeCubeByItsDefinitionPath) {
  const Reading reading({dimension("A", R"("$text")"), measure("B", "I"), 2, 77, ""});
  EXPECT_EQ(reading.asked.method, "GetHyperCubeData");
  EXPECT_EQ(reading.asked.params_json, R"(["/qHyperCubeDef"])");
  EXPECT_EQ(reading.asked.page.width, 2);
  EXPECT_EQ(reading.asked.page.height, 77);
}

// The host looks whether it is true.
TEST(StraightAdapter, AsksForNoRowsOfAnEmptyCube) {
  const Reading reading({dimension("A", R"("$text")"), "", 1, 0, ""});
  EXPECT_EQ(reading.asked.method, "GetHyperCubeData");
  EXPECT_EQ(reading.asked.page.width, 1);
  EXPECT_EQ(reading.asked.page.height, 0);
}

TEST(StraightAdapter, InfersTypesFromFormatsTagsAndKnownValues) {
  const Cube cube{dimension("Text", R"("$ascii","$text")") + "," + dimension("Number", R"("$numeric")") + "," +
                      dimension("Whole", R"("$numeric","$integer")") + "," + dimension("Day", R"("$numeric","$date","$timestamp")") + "," +
                      dimension("Moment", R"("$numeric","$timestamp")") + "," + dimension("Formatted day", R"("$numeric")", "D") + "," +
                      dimension("Clock", R"("$numeric")", "T"),
                  measure("Count", "I") + "," + measure("Rounded", "I", R"("qMin":0.5,"qMax":7)") + "," + measure("Real", "R") + "," +
                      measure("Money", "M") + "," + measure("Last", "TS") + "," + measure("Length", "IV"),
                  13, 1, ""};
  const Reading reading(cube);
  ASSERT_TRUE(reading.status.ok()) << reading.status.message();
  EXPECT_THAT(reading.types(), ElementsAre("utf8", "float64", "int64", "date32", "timestamp", "date32", "duration", "int64", "float64",
                                           "float64", "float64", "timestamp", "duration"));
  EXPECT_EQ(reading.schema.fields[10].find("qlik.logical"), "money");
}

TEST(StraightAdapter, TellsNullsDashesAndEmptyTextsApart) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 4, ""});
  const auto rows = reading.decode(reply({{kNullDimension, number_cell("1", "1")},
                                          {text_cell("-", 3), kNullMeasure},
                                          {text_cell("", 4), number_cell("0", "0")},
                                          {text_cell("x", 5), R"({"qText":"-","qNum":"NaN","qElemNumber":0,"qState":"L"})"}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("null", "1"), ElementsAre("-", "null"), ElementsAre("", "0"), ElementsAre("x", "null")));
}

TEST(StraightAdapter, TakesNumbersFromNumbersNeverFromTexts) {
  const std::string money = R"({"qFallbackTitle":"M","qNumFormat":{"qType":"M","qFmt":"#.##0,00 kr","qDec":",","qThou":"."}})";
  Reading reading({dimension("A", R"("$text")"), money, 2, 1, ""});
  EXPECT_THAT(reading.decode(reply({{text_cell("x"), number_cell("1.234,56 kr", "1234.56")}})), ElementsAre(ElementsAre("x", "1234.56")));
}

TEST(StraightAdapter, TurnsSerialsIntoDatesAndTimes) {
  Reading reading({dimension("D", R"("$date")", "D") + "," + dimension("TS", R"("$timestamp")", "TS") + "," + dimension("T", "", "T"),
                   measure("IV", "IV"), 4, 1, ""});
  // 45292 is 2024-01-01, 19723 days after 1970-01-01; 2.5 is noon of 1900-01-01; an interval may pass a day.
  const auto rows = reading.decode(reply({{number_cell("2024-01-01", "45292"), number_cell("1900-01-01 12:00:00", "2.5"),
                                           number_cell("09:00:00", "0.375"), number_cell("36:00:00", "1.5")}}));
  EXPECT_THAT(rows,
              ElementsAre(ElementsAre("day 19723", std::to_string((2 - 25569) * 86'400'000LL + 43'200'000LL), "32400000", "129600000")));
}

TEST(StraightAdapter, ReadsInfinities) {
  Reading reading({"", measure("M", "R"), 1, 2, ""});
  const auto rows = reading.decode(reply({{number_cell("inf", R"("Infinity")")}, {number_cell("-inf", R"("-Infinity")")}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("inf"), ElementsAre("-inf")));
}

TEST(StraightAdapter, SaysWhichValueContradictsItsColumn) {
  Reading reading({dimension("A", R"("$text")"), measure("Count", "I"), 2, 2, ""});
  reading.decode(reply({{text_cell("x"), number_cell("1", "1")}, {text_cell("y"), number_cell("1.5", "1.5")}}));
  EXPECT_EQ(reading.status.code(), Code::bad_data);
  EXPECT_THAT(reading.status.message(), HasSubstr("column 'Count', row 2"));
  EXPECT_THAT(reading.status.message(), HasSubstr("1.5"));
}

TEST(StraightAdapter, WidensAContradictedColumnAndDeliversThen) {
  Reading reading({dimension("A", R"("$text")"), measure("Count", "I"), 2, 1, ""});
  const auto fraction = reply({{text_cell("x"), number_cell("1.5", "1.5")}});
  ASSERT_TRUE(reading.widen(fraction).ok());
  reading.open();
  EXPECT_THAT(reading.types(), ElementsAre("utf8", "float64"));
  EXPECT_THAT(reading.decode(fraction), ElementsAre(ElementsAre("x", "1.5")));
  const auto text = reply({{text_cell("x"), text_cell("many")}});
  ASSERT_TRUE(reading.widen(text).ok());
  reading.open();
  EXPECT_THAT(reading.types(), ElementsAre("utf8", "utf8"));
  EXPECT_THAT(reading.decode(text), ElementsAre(ElementsAre("x", "many")));
}

TEST(StraightAdapter, FailsInsteadOfWideningWhenToldTo) {
  StraightOptions options;
  options.type_conflict = Conflict::fail;
  Reading reading({"", measure("Count", "I"), 1, 1, ""}, options);
  EXPECT_EQ(reading.widen(reply({{number_cell("1.5", "1.5")}})).code(), Code::bad_data);
}

TEST(StraightAdapter, DeliversDualsAsNumberTextOrBoth) {
  const Cube cube{dimension("Month", R"("$numeric","$integer")", "I"), "", 1, 1, ""};
  const auto page = reply({{number_cell("Jan", "1")}});
  StraightOptions options;
  options.dual = Dual::both;
  Reading both(cube, options);
  EXPECT_THAT(both.names(), ElementsAre("Month", "Month_text"));
  EXPECT_THAT(both.decode(page), ElementsAre(ElementsAre("1", "Jan")));
  options.dual = Dual::number;
  options.dual_of["Month"] = Dual::text;
  EXPECT_THAT(Reading(cube, options).decode(page), ElementsAre(ElementsAre("Jan")));
  options.dual_of.clear();
  EXPECT_THAT(Reading(cube, options).decode(page), ElementsAre(ElementsAre("1")));
}

TEST(StraightAdapter, SaysWhatToSetWhereATextMeetsDualNumber) {
  StraightOptions options;
  options.dual_of["Код"] = Dual::number;
  Reading reading({dimension("Код", R"("$numeric")"), "", 1, 1, ""}, options);
  const auto status = reading.widen(reply({{text_cell("n/a")}}));
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("column 'Код', row 1: 'n/a' is no number, but the column is delivered as real"),
                                      HasSubstr("dual.Код = auto, text or both takes it")));
}

TEST(StraightAdapter, TakesANumberWithATextOfItsOwnForAText) {
  Reading reading({dimension("Month", R"("$numeric","$integer")"), "", 1, 1, ""});
  const auto page = reply({{number_cell("Jan", "1")}});
  EXPECT_TRUE(reading.decode(page).empty());
  EXPECT_EQ(reading.status.code(), Code::bad_data);
  ASSERT_TRUE(reading.widen(page).ok());
  reading.open();
  EXPECT_THAT(reading.decode(page), ElementsAre(ElementsAre("Jan")));
}

TEST(StraightAdapter, MarksOthersInAColumnOfTheirOwn) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 2, R"(,"qHasOtherValues":true)"});
  EXPECT_THAT(reading.names(), ElementsAre("A", "M", "row_kind"));
  const auto rows = reading.decode(reply({{text_cell("x"), number_cell("1", "1")}, {text_cell("Others", -3), number_cell("2", "2")}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("x", "1", "value"), ElementsAre("Others", "2", "others")));
}

TEST(StraightAdapter, LeavesOthersOutWhenToldToAndStillCountsThem) {
  StraightOptions options;
  options.special_rows = SpecialRows::drop;
  Reading reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 3, R"(,"qHasOtherValues":true)"}, options);
  const auto rows = reading.decode(reply(
      {{text_cell("Others", -3), number_cell("2", "2")}, {text_cell("x"), kNullMeasure}, {text_cell("Total", -1), number_cell("3", "3")}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("x", "null")));
  EXPECT_EQ(reading.rows, 3);
}

TEST(StraightAdapter, NeverMixesInATotalNobodyAnnounced) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 1, ""});
  const auto page = reply({{text_cell("Total", -1), number_cell("3", "3")}});
  EXPECT_TRUE(reading.decode(page).empty());
  EXPECT_THAT(reading.status.message(), HasSubstr("'total'"));
  ASSERT_TRUE(reading.widen(page).ok());
  reading.open();
  EXPECT_THAT(reading.decode(page), ElementsAre(ElementsAre("Total", "3", "total")));
}

TEST(StraightAdapter, LeavesOutColumnsWhoseShowConditionFailed) {
  Reading reading(
      {dimension("A", R"("$text")"), R"({"qFallbackTitle":"Hidden","qError":{"qErrorCode":7005}},)" + measure("M", "R"), 2, 1, ""});
  ASSERT_TRUE(reading.status.ok()) << reading.status.message();
  EXPECT_THAT(reading.names(), ElementsAre("A", "M"));
}

TEST(StraightAdapter, FollowsTheColumnOrderTheUserSees) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R") + "," + measure("N", "R"), 3, 1, R"(,"qColumnOrder":[2,0,1])"});
  EXPECT_THAT(reading.names(), ElementsAre("N", "A", "M"));
  EXPECT_THAT(reading.decode(reply({{number_cell("1", "1"), text_cell("x"), number_cell("2", "2")}})),
              ElementsAre(ElementsAre("1", "x", "2")));
}

TEST(StraightAdapter, GivesEmptyAndRepeatedTitlesStableNames) {
  const Reading reading(
      {dimension("", R"("$text")") + "," + dimension("A", R"("$text")"), measure("A", "R") + "," + measure("A_2", "R"), 4, 1, ""});
  EXPECT_THAT(reading.names(), ElementsAre("column_1", "A_" + qonduit::short_hash("A").substr(0, 8), "A", "A_2"))
      << "nothing is known of the measure that it would keep";
}

std::string known_by(std::string column, const std::string& members) {
  column.insert(1, members + ",");
  return column;
}

// An engine leaves an empty title out: the column is known by what it is, wherever it stands.
TEST(StraightAdapter, NamesColumnsWithoutATitleByWhatTheyAre) {
  const auto untitled = [](const std::string& members) { return "{" + members + R"(,"qNumFormat":{"qType":"U"}})"; };
  const auto by_id = untitled(R"("cId":"Kx7")");
  const auto by_field = untitled(R"("qGroupFieldDefs":["Größe"])");
  const auto by_library = untitled(R"("qLibraryId":"мера")");
  const auto size = "column_" + qonduit::short_hash("Größe").substr(0, 8);
  const auto library = "column_" + qonduit::short_hash("мера").substr(0, 8);
  EXPECT_THAT(Reading({by_id + "," + by_field, by_library, 3, 1, ""}).names(), ElementsAre("column_Kx7", size, library));
  EXPECT_THAT(Reading({by_field + "," + by_id, by_library, 3, 1, R"(,"qColumnOrder":[2,1,0])"}).names(),
              ElementsAre(library, "column_Kx7", size));
  EXPECT_THAT(Reading({by_field, by_library, 2, 1, ""}).names(), ElementsAre(size, library)) << "one is gone";
}

TEST(StraightAdapter, GivesColumnsOfOneTitleNamesThatStayWhenTheyMoveOrAreHidden) {
  const auto first = known_by(measure("Продажи", "R"), R"("cId":"fpJcd")"), second = known_by(measure("Продажи", "R"), R"("cId":"JGjxR")");
  const auto from_library = known_by(measure("Продажи", "R"), R"("qLibraryId":"5b68675d-30a0")");
  const auto mark = "Продажи_" + qonduit::short_hash("5b68675d-30a0").substr(0, 8);
  EXPECT_THAT(Reading({"", first + "," + second + "," + from_library, 3, 1, ""}).names(),
              ElementsAre("Продажи_fpJcd", "Продажи_JGjxR", mark));
  EXPECT_THAT(Reading({"", from_library + "," + second + "," + first, 3, 1, ""}).names(),
              ElementsAre(mark, "Продажи_JGjxR", "Продажи_fpJcd"));
  const auto hidden = known_by(measure("Продажи", "R"), R"("cId":"fpJcd","qError":{"qErrorCode":7005})");
  EXPECT_THAT(Reading({"", hidden + "," + second, 1, 1, ""}).names(), ElementsAre("Продажи_JGjxR"));
  EXPECT_THAT(Reading({"", second, 1, 1, ""}).names(), ElementsAre("Продажи"));
}

// Rules and targets know a column by its own name, also while it needs none.
TEST(StraightAdapter, TellsTheOwnNameOfEachColumn) {
  const auto one = known_by(measure("매출", "R"), R"("cId":"aB1")"), other = known_by(measure("매출", "R"), R"("cId":"cD2")");
  const Reading both({dimension("도시", R"("$text")"), one + "," + other, 3, 1, ""});
  EXPECT_EQ(own_name(both.schema.fields[0]), "도시_" + qonduit::short_hash("도시").substr(0, 8));
  EXPECT_EQ(own_name(both.schema.fields[1]), "매출_aB1");
  const Reading alone({"", other, 1, 1, ""});
  EXPECT_THAT(alone.names(), ElementsAre("매출"));
  EXPECT_EQ(own_name(alone.schema.fields[0]), "매출_cD2");
  EXPECT_EQ(Reading({"", measure("매출", "R"), 1, 1, ""}).schema.fields[0].find("qlik.own_name"), "") << "nothing is known of it";
}

// A title may be what another column is called where its own title is shared.
TEST(StraightAdapter, TellsATitleThatIsAnotherColumnsOwnNameFromIt) {
  const auto one = known_by(measure("Preis", "R"), R"("cId":"aB1")"), other = known_by(measure("Preis", "R"), R"("cId":"cD2")"),
             like = known_by(measure("Preis_aB1", "R"), R"("cId":"eF3")");
  EXPECT_THAT(Reading({"", one + "," + other + "," + like, 3, 1, ""}).names(), ElementsAre("Preis_aB1", "Preis_cD2", "Preis_aB1_eF3"));
  EXPECT_THAT(Reading({"", like + "," + other + "," + one, 3, 1, ""}).names(), ElementsAre("Preis_aB1_eF3", "Preis_cD2", "Preis_aB1"));
  EXPECT_THAT(Reading({"", like + "," + one, 2, 1, ""}).names(), ElementsAre("Preis_aB1_eF3", "Preis"));
}

// Columns that share a title are told apart in rules, too.
TEST(StraightAdapter, DeliversTheDualsOfTheColumnWhoseOwnNameARuleSays) {
  const auto code = [](const std::string& id) { return known_by(dimension("Код", R"("$text")"), R"("cId":")" + id + "\""); };
  const auto page = reply({{number_cell("007", "7"), number_cell("009", "9")}});
  StraightOptions options;
  options.dual_of["Код_b2"] = Dual::number;
  const Cube two{code("a1") + "," + code("b2"), "", 2, 1, ""};
  EXPECT_THAT(Reading(two, options).decode(page), ElementsAre(ElementsAre("007", "9")));
  options.dual_of["Код"] = Dual::text;
  EXPECT_THAT(Reading(two, options).decode(page), ElementsAre(ElementsAre("007", "9"))) << "the own name says more than the title";
  EXPECT_THAT(Reading({code("b2"), "", 1, 1, ""}, options).decode(reply({{number_cell("009", "9")}})), ElementsAre(ElementsAre("9")))
      << "alone";
}

// What stands beside a column never has the name of another one, wherever that stands and whether it is shown.
TEST(StraightAdapter, NamesTextsOfDualsApartFromColumnsOfThatTitle) {
  const auto month = known_by(dimension("Μήνας", R"("$numeric")", "I"), R"("cId":"a1")");
  const auto like = known_by(dimension("Μήνας_text", R"("$text")"), R"("cId":"b2")");
  const auto hidden = known_by(dimension("Μήνας_text", R"("$text")"), R"("cId":"b2","qError":{"qErrorCode":7005})");
  StraightOptions options;
  options.dual_of["Μήνας"] = Dual::both;
  EXPECT_THAT(Reading({month, "", 1, 1, ""}, options).names(), ElementsAre("Μήνας", "Μήνας_text"));
  EXPECT_THAT(Reading({month + "," + like, "", 2, 1, ""}, options).names(), ElementsAre("Μήνας", "Μήνας_a1_text", "Μήνας_text"));
  EXPECT_THAT(Reading({like + "," + month, "", 2, 1, ""}, options).names(), ElementsAre("Μήνας_text", "Μήνας", "Μήνας_a1_text"));
  const Reading one({month + "," + hidden, "", 1, 1, ""}, options);
  EXPECT_THAT(one.names(), ElementsAre("Μήνας", "Μήνας_a1_text"));
  EXPECT_EQ(own_name(Reading({month, "", 1, 1, ""}, options).schema.fields[1]), "Μήνας_a1_text") << "a target knows it by that";
}

TEST(StraightAdapter, NamesAttributesApartFromColumnsOfThatTitle) {
  const auto city = known_by(dimension("Город", R"("$text")"), R"("cId":"a1","qAttrExprInfo":[{"id":"lat","qNumFormat":{"qType":"R"}}])");
  const auto like = known_by(measure("Город.lat", "R"), R"("cId":"b2")");
  StraightOptions options;
  options.attributes = Attributes::columns;
  EXPECT_THAT(Reading({city, measure("N", "R"), 2, 1, ""}, options).names(), ElementsAre("Город", "Город.lat", "N"));
  EXPECT_THAT(Reading({city, like, 2, 1, ""}, options).names(), ElementsAre("Город", "Город_a1.lat", "Город.lat"));
  EXPECT_THAT(Reading({city, like, 2, 1, R"(,"qColumnOrder":[1,0])"}, options).names(), ElementsAre("Город.lat", "Город", "Город_a1.lat"));
}

// A sink makes one name of these titles, perhaps: it has to know what may come back.
TEST(StraightAdapter, TellsTheTitlesOfColumnsThatAreNotShown) {
  const auto hidden = [](const std::string& title) { return known_by(measure(title, "R"), R"("qError":{"qErrorCode":7005})"); };
  const auto reading = Reading(
      {dimension("Łódź", R"("$text")"), hidden("Net-Sales") + "," + hidden("Выручка, всего") + "," + measure("Net Sales", "R"), 2, 1, ""});
  ASSERT_TRUE(reading.status.ok()) << reading.status.message();
  EXPECT_THAT(hidden_titles(reading.schema), ElementsAre("Net-Sales", "Выручка, всего"));
  EXPECT_THAT(hidden_titles(Reading({"", measure("Net Sales", "R"), 1, 1, ""}).schema), ElementsAre());
}

TEST(StraightAdapter, ReportsTheEnginesErrorOnTheCube) {
  const Reading reading({dimension("A", R"("$text")"), "", 1, 1, R"(,"qError":{"qErrorCode":7005},"qCalcCondMsg":"Select one region")"});
  EXPECT_EQ(reading.status.code(), Code::bad_data);
  EXPECT_THAT(reading.status.message(), HasSubstr("Select one region"));
}

// The pages the layout was to hold were too large; those that are asked for are not.
TEST(StraightAdapter, ReadsACubeWhoseFirstFetchWasTooLarge) {
  Reading reading({dimension("A", R"("$text")"), "", 1, 1, R"(,"qError":{"qErrorCode":7009},"qDataPages":[])"});
  EXPECT_THAT(reading.decode(reply({{text_cell("x")}})), ElementsAre(ElementsAre("x"))) << reading.status.message();
}

TEST(StraightAdapter, RefusesALayoutThatContradictsItself) {
  const Reading reading({dimension("A", R"("$text")"), "", 2, 1, ""});
  EXPECT_THAT(reading.status.message(), HasSubstr("2 columns (qSize.qcx) but describes 1"));
}

TEST(StraightAdapter, DecodesAPieceOfTheColumns) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R") + "," + measure("N", "R"), 3, 9, ""});
  reading.schema.fields.erase(reading.schema.fields.begin());
  EXPECT_THAT(reading.decode(reply({{number_cell("1", "1"), number_cell("2", "2")}}, 1, 4), Page{1, 4, 2, 1}),
              ElementsAre(ElementsAre("1", "2")));
}

TEST(StraightAdapter, RefusesPagesThatAreNotWhatWasAsked) {
  Reading reading({dimension("A", R"("$text")"), "", 1, 1, ""});
  for (const auto& page :
       {reply({{text_cell("x")}}, 0, 5), reply({{text_cell("x"), text_cell("y")}}), reply({{text_cell("x")}, {text_cell("y")}}),
        std::string(R"({"qDataPages":[]})"), std::string("{}"), std::string("[]"), std::string(R"({"qDataPages":[{"qMatrix":[[{}]]}]})"),
        std::string(R"({"qDataPages":[{"qMatrix":[[{"qText":"x","qNum":1,"qEl)")}) {
    EXPECT_TRUE(reading.decode(page).empty());
    EXPECT_EQ(reading.status.code(), Code::bad_data) << page;
  }
}

TEST(StraightAdapter, ToleratesMembersInAnotherOrderAndNullMembers) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 1, ""});
  const std::string cell = R"({"qState":"O","qElemNumber":7,"qIsNull":null,"qNum":"NaN","qAttrExps":null,"qText":"x"})";
  const std::string number = R"({"qAttrExps":{"qValues":[{"qText":"y","qNum":9}]},"qNum":4.25,"qText":"4"})";
  EXPECT_THAT(reading.decode(reply({{cell, number}})), ElementsAre(ElementsAre("x", "4.25")));
}

TEST(StraightAdapter, TakesAnEmptyPageBehindTheEndForNoRows) {
  Reading reading({dimension("A", R"("$text")"), "", 1, 5, ""});
  EXPECT_THAT(reading.decode(reply({}, 0, 0)), IsEmpty());
  EXPECT_TRUE(reading.status.ok());
  EXPECT_EQ(reading.rows, 0);
}

TEST(StraightAdapter, CarriesTheExpressionsOfMeasuresFromTheProperties) {
  StraightAdapter adapter{StraightOptions()};
  const Cube cube{dimension("A", R"("$text")"), measure("M", "R"), 2, 1, ""};
  ASSERT_TRUE(adapter.prepare({}, cube.layout(), R"x({"qHyperCubeDef":{"qMeasures":[{"qDef":{"qDef":"Sum(Sales)"}}]}})x"));
  const auto opened = adapter.open(qonduit::Run(), cube.layout());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->schema.fields[1].find("qlik.expression"), "Sum(Sales)");
}

TEST(StraightAdapter, KeepsEveryDigitOfADouble) {
  Reading reading({"", measure("M", "R"), 1, 1, ""});
  const auto json = reply({{number_cell("0.1", "0.10000000000000002")}}) + std::string(QONDUIT_REPLY_PADDING, ' ');
  StraightAdapter adapter{StraightOptions()};
  const Cube cube{"", measure("M", "R"), 1, 1, ""};
  ASSERT_TRUE(adapter.open(qonduit::Run(), cube.layout()));
  auto decoded = adapter.decode(*adapter.next_request().value(), std::string_view(json).substr(0, json.size() - QONDUIT_REPLY_PADDING));
  ASSERT_TRUE(decoded);
  const arrow::ArrayHandle array(new ArrowArray(decoded->array));
  EXPECT_EQ(BatchView(reading.schema, *array).column(0).float64(0), 0.10000000000000002);
}

}  // namespace
}  // namespace qonduit::straight

// Lists written by hand, without any engine: types, states, frequencies, and what is refused.
#include "plugins/adapters/list/list_adapter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/adapters/straight/tests/reading.hpp"

namespace qonduit::list {
namespace {

using straight::reply;
using straight::StraightOptions;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Reading = straight::ReadingOf<ListAdapter>;

std::string layout(const std::string& dimension, const std::string& more = {}, int columns = 1, int rows = 3) {
  return R"({"qInfo":{"qId":"x","qType":"listbox"},"visualization":"listbox","qListObject":{"qSize":{"qcx":)" + std::to_string(columns) +
         R"(,"qcy":)" + std::to_string(rows) + R"(},"qDimensionInfo":)" + dimension + more + R"(,"qDataPages":[]}})";
}

const std::string kRegion = straight::dimension("Region", R"("$ascii","$text")");

std::string cell(const std::string& text, const std::string& state, const std::string& more = {}, int element = 0) {
  return R"({"qText":")" + text + R"(","qNum":"NaN","qElemNumber":)" + std::to_string(element) + R"(,"qState":")" + state + "\"" + more +
         "}";
}

TEST(ListAdapter, AcceptsWhateverHoldsAList) {
  EXPECT_EQ(ListAdapter::accepts("listbox", layout(kRegion)), 100u);
  EXPECT_EQ(ListAdapter::accepts("qlik-date-picker", layout(kRegion)), 60u);
  EXPECT_EQ(ListAdapter::accepts("filterpane", R"({"qChildList":{"qItems":[]}})"), 0u);
  EXPECT_EQ(ListAdapter::accepts("table", R"({"qHyperCube":{"qMode":"S"}})"), 0u);
  EXPECT_EQ(ListAdapter::accepts("listbox", "no json"), 0u);
}

TEST(ListAdapter, NamesEveryListOfAnObject) {
  const auto names = ListAdapter::datasets("two-lists", R"({"qListObject":{},"panel":{"qListObject":{}},"qHyperCube":{"qMode":"S"}})");
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, ElementsAre("", "two-lists.panel"));
}

TEST(ListAdapter, AsksForTheWholeListByItsDefinitionPath) {
  const Reading reading(layout(kRegion, "", 1, 12'345));
  EXPECT_EQ(reading.asked.method, "GetListObjectData");
  EXPECT_EQ(reading.asked.params_json, R"(["/qListObjectDef"])");
  EXPECT_EQ(reading.asked.page.width, 1);
  EXPECT_EQ(reading.asked.page.height, 12'345);
}

TEST(ListAdapter, SaysEveryStateInWords) {
  Reading reading(layout(kRegion, "", 1, 8));
  EXPECT_THAT(reading.names(), ElementsAre("Region", "state"));
  const auto rows = reading.decode(reply({{cell("a", "S")},
                                          {cell("b", "O")},
                                          {cell("c", "A")},
                                          {cell("d", "X")},
                                          {cell("e", "L")},
                                          {cell("f", "XS")},
                                          {cell("g", "XL")},
                                          {cell("h", "D")}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("a", "selected"), ElementsAre("b", "possible"), ElementsAre("c", "alternative"),
                                ElementsAre("d", "excluded"), ElementsAre("e", "locked"), ElementsAre("f", "selected-excluded"),
                                ElementsAre("g", "locked-excluded"), ElementsAre("h", "deselected")));
}

TEST(ListAdapter, DeliversTheEmptyTextOfAValueWithoutAText) {
  Reading reading(layout(straight::dimension("Straße", R"("$text")")));
  EXPECT_THAT(reading.decode(
                  reply({{cell("Allee", "O")}, {R"({"qNum":"NaN","qElemNumber":1,"qState":"S"})"}, {R"({"qElemNumber":2,"qState":"X"})"}})),
              ElementsAre(ElementsAre("Allee", "possible"), ElementsAre("", "selected"), ElementsAre("", "excluded")))
      << reading.status.message();
}

TEST(ListAdapter, RefusesAStateNobodyKnows) {
  Reading reading(layout(kRegion));
  EXPECT_TRUE(reading.decode(reply({{cell("a", "Q")}})).empty());
  EXPECT_THAT(reading.status.message(), HasSubstr("'Q' is unknown"));
}

TEST(ListAdapter, TypesValuesAsDimensionsAreTypedElsewhere) {
  const auto month = layout(straight::dimension("Month", R"("$numeric","$integer")"));
  const auto page = reply({{R"({"qText":"Jan","qNum":1,"qElemNumber":2,"qState":"O"})"}});
  Reading automatic(month);
  EXPECT_THAT(automatic.types(), ElementsAre("int64", "utf8"));
  EXPECT_TRUE(automatic.decode(page).empty()) << "a month's name says more than its number";
  ASSERT_TRUE(automatic.widen(page).ok());
  automatic.open();
  EXPECT_THAT(automatic.decode(page), ElementsAre(ElementsAre("Jan", "possible")));
  StraightOptions options;
  options.dual = straight::Dual::both;
  Reading both(month, options);
  EXPECT_THAT(both.names(), ElementsAre("Month", "Month_text", "state"));
  EXPECT_THAT(both.decode(page), ElementsAre(ElementsAre("1", "Jan", "possible")));
}

TEST(ListAdapter, DeliversFrequenciesAsNumbersByTheirMode) {
  const auto frequency = [](const char* text) { return R"(,"qFrequency":")" + std::string(text) + "\""; };
  const auto properties = [](const char* mode) { return R"({"qListObjectDef":{"qFrequencyMode":")" + std::string(mode) + "\"}}"; };
  Reading counted(layout(kRegion), {}, properties("V"));
  EXPECT_THAT(counted.types(), ElementsAre("utf8", "utf8", "int64"));
  EXPECT_THAT(counted.decode(reply({{cell("a", "O", frequency("52"))}, {cell("b", "X")}, {cell("c", "X", frequency("-"))}})),
              ElementsAre(ElementsAre("a", "possible", "52"), ElementsAre("b", "excluded", "null"), ElementsAre("c", "excluded", "null")));
  Reading percent(layout(kRegion), {}, properties("P"));
  EXPECT_EQ(percent.schema.fields[2].find("qlik.logical"), "percent");
  EXPECT_THAT(percent.decode(reply({{cell("a", "O", frequency("100.0%"))}, {cell("b", "O", frequency("12,5%"))}})),
              ElementsAre(ElementsAre("a", "possible", "100"), ElementsAre("b", "possible", "12.5")));
  Reading relative(layout(kRegion), {}, properties("R"));
  EXPECT_THAT(relative.decode(reply({{cell("a", "O", frequency("0.125"))}})), ElementsAre(ElementsAre("a", "possible", "0.125")));
}

TEST(ListAdapter, LearnsFromTheLayoutOrTheCellsThatAListCountsWhereThePropertiesCannotBeRead) {
  EXPECT_THAT(Reading(layout(kRegion, R"(,"frequencyEnabled":true)")).names(), ElementsAre("Region", "state", "frequency"));
  Reading unannounced(layout(kRegion));
  const auto page = reply({{cell("a", "O", R"(,"qFrequency":"7")")}});
  EXPECT_TRUE(unannounced.decode(page).empty());
  EXPECT_THAT(unannounced.status.message(), HasSubstr("frequency '7'"));
  ASSERT_TRUE(unannounced.widen(page).ok());
  unannounced.open();
  EXPECT_THAT(unannounced.decode(page), ElementsAre(ElementsAre("a", "possible", "7")));
}

TEST(ListAdapter, WidensAFrequencyThatIsNoWholeNumber) {
  Reading reading(layout(kRegion, R"(,"frequencyEnabled":true)"));
  const auto page = reply({{cell("a", "O", R"(,"qFrequency":"7.5%")")}});
  EXPECT_TRUE(reading.decode(page).empty());
  ASSERT_TRUE(reading.widen(page).ok());
  reading.open();
  EXPECT_THAT(reading.decode(page), ElementsAre(ElementsAre("a", "possible", "7.5")));
}

TEST(ListAdapter, DeliversFrequenciesWithGroupedDigitsAsTheirTexts) {
  for (const std::string text : {"1,234", "1.234", "1 234", "12,345,678"}) {
    Reading reading(layout(kRegion, R"(,"frequencyEnabled":true)"));
    const auto page = reply({{cell("a", "O", R"(,"qFrequency":")" + text + "\"")}});
    EXPECT_TRUE(reading.decode(page).empty()) << text;
    ASSERT_TRUE(reading.widen(page).ok());
    reading.open();
    EXPECT_THAT(reading.decode(page), ElementsAre(ElementsAre("a", "possible", text)));
  }
  const auto properties = R"({"qListObjectDef":{"qFrequencyMode":"R"}})";
  Reading relative(layout(kRegion), {}, properties);
  EXPECT_THAT(relative.decode(reply({{cell("a", "O", R"(,"qFrequency":"0,125")")}, {cell("b", "O", R"(,"qFrequency":"1")")}})),
              ElementsAre(ElementsAre("a", "possible", "0.125"), ElementsAre("b", "possible", "1")));
}

TEST(ListAdapter, DeliversElementNumbersWhenToldTo) {
  StraightOptions options;
  options.element_numbers = true;
  Reading reading(layout(kRegion), options);
  EXPECT_THAT(reading.names(), ElementsAre("Region", "state", "element"));
  EXPECT_THAT(reading.decode(reply({{cell("a", "O", "", 17)}})), ElementsAre(ElementsAre("a", "possible", "17")));
}

TEST(ListAdapter, DeliversTheExpressionsBesideTheValues) {
  Reading reading(layout(kRegion, R"x(,"qExpressions":[{"qExpr":"Sum(Sales)"}])x", 2, 1));
  EXPECT_THAT(reading.names(), ElementsAre("Region", "state", "Sum(Sales)"));
  EXPECT_THAT(reading.decode(reply({{cell("a", "O"), R"({"qText":"5","qNum":5,"qElemNumber":0,"qState":"L"})"}})),
              ElementsAre(ElementsAre("a", "possible", "5")));
}

TEST(ListAdapter, KeepsDashesAndEmptyTextsThatAreValues) {
  Reading reading(layout(kRegion));
  EXPECT_THAT(reading.decode(reply({{cell("-", "O", "", 3)}, {cell("", "O", "", 4)}})),
              ElementsAre(ElementsAre("-", "possible"), ElementsAre("", "possible")));
}

TEST(ListAdapter, ReportsTheEnginesErrorOnTheField) {
  const Reading reading(layout(R"({"qFallbackTitle":"Gone","qError":{"qErrorCode":7001}})"));
  EXPECT_EQ(reading.status.code(), Code::bad_data);
  EXPECT_THAT(reading.status.message(), HasSubstr("'Gone': the engine reports error 7001"));
}

}  // namespace
}  // namespace qonduit::list

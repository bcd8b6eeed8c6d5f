// Attribute expressions and dimensions as columns, and what must never be taken for data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <qonduit/text.hpp>

#include "plugins/adapters/straight/straight_adapter.hpp"
#include "plugins/adapters/straight/tests/reading.hpp"

namespace qonduit::straight {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Reading = ReadingOf<StraightAdapter>;

StraightOptions with_attributes() {
  StraightOptions options;
  options.attributes = Attributes::columns;
  return options;
}

std::string attribute(const std::string& id, const std::string& range = R"("qMin":"NaN","qMax":"NaN")", const std::string& format = "U") {
  return R"({"id":")" + id + R"(","qFallbackTitle":"=f",)" + range + R"(,"qNumFormat":{"qType":")" + format + R"("}})";
}

// A dimension "City" with these attributes, and a measure "Sales".
Cube with(const std::string& expressions, const std::string& dimensions) {
  return {R"({"qFallbackTitle":"City","qTags":["$text"],"qNumFormat":{"qType":"U"},"qAttrExprInfo":[)" + expressions +
              R"(],"qAttrDimInfo":[)" + dimensions + "]}",
          measure("Sales", "R"), 2, 2, ""};
}

std::string city(const std::string& expressions, const std::string& dimensions = {}) {
  return R"({"qText":"Oslo","qNum":"NaN","qElemNumber":1,"qState":"O","qAttrExps":{"qValues":[)" + expressions +
         R"(]},"qAttrDims":{"qValues":[)" + dimensions + "]}}";
}

TEST(Attributes, AreLeftOutUnlessAskedFor) {
  Reading reading(with(attribute("color"), attribute("group")));
  EXPECT_THAT(reading.names(), ElementsAre("City", "Sales"));
  EXPECT_THAT(reading.decode(reply({{city(R"({"qText":"red","qNum":"NaN"})", R"({"qText":"x","qElemNo":1})"), number_cell("1", "1")}})),
              ElementsAre(ElementsAre("Oslo", "1")));
}

TEST(Attributes, StandBehindTheirColumnAndAreTypedByFormatAndRange) {
  Reading reading(with(attribute("color") + "," + attribute("latitude", R"("qMin":1.5,"qMax":60)") + "," +
                           attribute("day", R"("qMin":45292,"qMax":45292)", "D") + "," + attribute("count", R"("qMin":1,"qMax":9)", "I"),
                       attribute("group")),
                  with_attributes());
  EXPECT_THAT(reading.names(), ElementsAre("City", "City.color", "City.latitude", "City.day", "City.count", "City.group", "Sales"));
  EXPECT_THAT(reading.types(), ElementsAre("utf8", "utf8", "float64", "date32", "int64", "utf8", "float64"));
  EXPECT_EQ(reading.schema.fields[1].find("qlik.role"), "attribute");
  EXPECT_EQ(reading.schema.fields[1].find("qlik.title"), "City");
  const auto rows = reading.decode(reply({{city(R"({"qText":"#ff0000","qNum":"NaN"},{"qText":"59,9","qNum":59.9},)"
                                                R"({"qText":"1.1.2024","qNum":45292},{"qText":"7","qNum":7})",
                                                R"({"qText":"North","qElemNo":4})"),
                                           number_cell("1", "1")}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("Oslo", "#ff0000", "59.9", "day 19723", "7", "North", "1"))) << reading.status.message();
}

TEST(Attributes, AreNullWhereTheCellHasNone) {
  Reading reading(with(attribute("color") + "," + attribute("latitude", R"("qMin":1,"qMax":2)"), attribute("group")), with_attributes());
  const auto rows =
      reading.decode(reply({{kNullDimension, number_cell("1", "1")},
                            {city(R"({"qText":"-","qNum":"NaN"},{"qText":"","qNum":"NaN"})", R"({"qElemNo":-2})"), kNullMeasure}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("null", "null", "null", "null", "1"), ElementsAre("Oslo", "null", "null", "null", "null")));
}

TEST(Attributes, WidenWithoutTheColumnTheyBelongTo) {
  Reading reading(with(attribute("latitude", R"("qMin":57.7,"qMax":57.7)"), ""), with_attributes());
  const auto page = reply({{city(R"({"qText":"55.6761° N","qNum":"NaN"})"), number_cell("1", "1")}});
  EXPECT_TRUE(reading.decode(page).empty());
  EXPECT_THAT(reading.status.message(), HasSubstr("column 'City.latitude', row 1: '55.6761° N' is no number"));
  ASSERT_TRUE(reading.widen(page).ok());
  reading.open();
  EXPECT_THAT(reading.note, HasSubstr("column 'City.latitude' is delivered as text: some of its values are neither numbers nor dates"));
  EXPECT_THAT(reading.types(), ElementsAre("utf8", "utf8", "float64"));
  EXPECT_THAT(reading.decode(page), ElementsAre(ElementsAre("Oslo", "55.6761° N", "1")));
}

TEST(Attributes, KeepAColoursTextNotTheNumberBehindIt) {
  Reading reading(with(attribute("color", R"("qMin":1,"qMax":4294967295)"), ""), with_attributes());
  const auto page = reply({{city(R"x({"qText":"ARGB(255,0,0,1)","qNum":4278190081})x"), number_cell("1", "1")}});
  EXPECT_TRUE(reading.decode(page).empty());
  ASSERT_TRUE(reading.widen(page).ok());
  reading.open();
  EXPECT_THAT(reading.decode(page), ElementsAre(ElementsAre("Oslo", "ARGB(255,0,0,1)", "1")));
}

TEST(Attributes, AreRefusedWhenTheCellHoldsMoreOrFewerThanTheLayoutDescribes) {
  Reading reading(with(attribute("a") + "," + attribute("b"), ""), with_attributes());
  const std::string one = R"({"qText":"x","qNum":"NaN"})";
  EXPECT_TRUE(reading.decode(reply({{city(one), number_cell("1", "1")}})).empty());
  EXPECT_THAT(reading.status.message(), HasSubstr("column 'City': qAttrExps holds another number of values"));
  EXPECT_TRUE(reading.decode(reply({{city(one + "," + one + "," + one), number_cell("1", "1")}})).empty());
  EXPECT_THAT(reading.status.message(), HasSubstr("another number of values"));
}

TEST(Attributes, GetNamesOfTheirOwnWithoutIdsAndWhenRepeated) {
  const std::string nameless = R"({"qNumFormat":{"qType":"U"}})";
  Reading reading(with(attribute("tooltip") + "," + attribute("icon") + "," + nameless, ""), with_attributes());
  EXPECT_THAT(reading.names(), ElementsAre("City", "City.tooltip", "City.icon", "City.attribute_3", "Sales"));
  // One id for two of them: each is known by its expression, wherever it stands.
  const auto of = [](const std::string& expression) { return R"({"id":"tooltip","qFallbackTitle":")" + expression + R"("})"; };
  const auto one = of("=Şehir"), other = of("=Ülke");
  const auto names = Reading(with(one + "," + other, ""), with_attributes()).names();
  ASSERT_EQ(names.size(), 4U);
  EXPECT_NE(names[1], names[2]);
  EXPECT_THAT(names[1], ::testing::EndsWith("_" + qonduit::short_hash("=Şehir").substr(0, 8)));
  EXPECT_THAT(Reading(with(other + "," + one, ""), with_attributes()).names(), ElementsAre("City", names[2], names[1], "Sales"));
}

TEST(Attributes, GoWithSpecialRowsThatAreDropped) {
  auto options = with_attributes();
  options.special_rows = SpecialRows::drop;
  Reading reading(with(attribute("color"), ""), options);
  const auto rows = reading.decode(
      reply({{text_cell("Others", -3), number_cell("9", "9")}, {city(R"({"qText":"red","qNum":"NaN"})"), number_cell("1", "1")}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("Oslo", "red", "1")));
}

TEST(Traps, AHiddenColumnShiftsNeitherValuesNorAttributes) {
  const Cube cube{R"({"qFallbackTitle":"Hidden","qError":{"qErrorCode":7005},"qAttrExprInfo":[)" + attribute("gone") + "]}," +
                      dimension("A", R"("$text")"),
                  R"({"qFallbackTitle":"M","qNumFormat":{"qType":"R"},"qMin":0,"qMax":1,"qAttrExprInfo":[)" + attribute("color") + "]}," +
                      measure("N", "R"),
                  3, 1, ""};
  Reading reading(cube, with_attributes());
  EXPECT_THAT(reading.names(), ElementsAre("A", "M", "M.color", "N"));
  const std::string coloured =
      R"({"qText":"1","qNum":1,"qElemNumber":0,"qState":"L","qAttrExps":{"qValues":[{"qText":"red","qNum":"NaN"}]}})";
  EXPECT_THAT(reading.decode(reply({{text_cell("x"), coloured, number_cell("2", "2")}})), ElementsAre(ElementsAre("x", "1", "red", "2")));
}

TEST(Traps, MoreThanFortyMeasuresArriveAll) {
  constexpr int kMeasures = 60;
  Cube cube{dimension("A", R"("$text")"), "", kMeasures + 1, 1, ""};
  std::vector<std::string> cells{text_cell("x")};
  std::vector<std::string> expected{"x"};
  for (int i = 0; i < kMeasures; ++i) {
    cube.measures += (i == 0 ? "" : ",") + measure("M" + std::to_string(i), "R");
    cells.push_back(number_cell("", std::to_string(i)));
    expected.push_back(std::to_string(i));
  }
  Reading reading(cube);
  EXPECT_EQ(reading.asked.page.width, kMeasures + 1);
  EXPECT_THAT(reading.decode(reply({cells})), ElementsAre(expected));
}

// As captured in sn-scatter-plot--scatter_render_binned_1: a count, then areas as four numbers where a text is due.
TEST(Traps, BinnedRowsAreNeverTakenForData) {
  const std::string count = R"({"qNum":5976,"qElemNumber":0,"qState":"L"})";
  const std::string area =
      R"({"qText":[30542408.723437,228734.979688,31027222.34,145671.243125],"qNum":1,"qElemNumber":8183,"qState":"L"})";
  for (const auto& title : {R"("$text")", R"("$numeric","$integer")"}) {
    Reading reading({dimension("Product", title), measure("M", "R"), 2, 2, ""});
    EXPECT_TRUE(reading.decode(reply({{count}, {area}})).empty());
    EXPECT_EQ(reading.status.code(), Code::bad_data) << title;
    EXPECT_TRUE(reading.decode(reply({{area, number_cell("1", "1")}})).empty());
    EXPECT_EQ(reading.status.code(), Code::bad_data) << title;
  }
}

}  // namespace
}  // namespace qonduit::straight

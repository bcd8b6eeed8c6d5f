// The adapter on captured layouts and on cells that captures do not have, without any engine.
#include "plugins/adapters/table/table_adapter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "plugins/adapters/table/page_decoder.hpp"

namespace qonduit::table {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A layout with one straight cube, and pages of it.
struct Cube {
  std::string dimensions;  // qDimensionInfo's items
  std::string measures;
  int columns = 1;
  int rows = 1;
  std::string more;  // further members of the cube, with a comma in front

  [[nodiscard]] std::string layout() const {
    return R"({"qInfo":{"qId":"x","qType":"table"},"qHyperCube":{"qSize":{"qcx":)" + std::to_string(columns) + R"(,"qcy":)" +
           std::to_string(rows) + R"(},"qDimensionInfo":[)" + dimensions + R"(],"qMeasureInfo":[)" + measures + R"(],"qMode":"S")" + more +
           "}}";
  }
};

std::string dimension(const std::string& title, const std::string& tags, const std::string& format = "U") {
  return R"({"qFallbackTitle":")" + title + R"(","qTags":[)" + tags + R"(],"qDimensionType":"D","qNumFormat":{"qType":")" + format +
         R"("},"qGroupFieldDefs":[")" + title + R"("],"qGroupPos":0,"qMin":"NaN","qMax":"NaN"})";
}
std::string measure(const std::string& title, const std::string& format, const std::string& range = R"("qMin":0,"qMax":100)") {
  return R"({"qFallbackTitle":")" + title + R"(","qNumFormat":{"qType":")" + format + R"("},)" + range + "}";
}
std::string text_cell(const std::string& text, int element = 0) {
  return R"({"qText":")" + text + R"(","qNum":"NaN","qElemNumber":)" + std::to_string(element) + R"(,"qState":"O"})";
}
std::string number_cell(const std::string& text, const std::string& number, int element = 0) {
  return R"({"qText":")" + text + R"(","qNum":)" + number + R"(,"qElemNumber":)" + std::to_string(element) + R"(,"qState":"L"})";
}
const std::string kNullDimension = R"({"qText":"-","qNum":"NaN","qElemNumber":-2,"qState":"L","qIsNull":true})";
const std::string kNullMeasure = R"({"qText":"-","qNum":"NaN","qElemNumber":0,"qState":"L","qIsNull":true})";

// {{a, b}, {c, d}} → a reply; padded as the host pads.
std::string reply(const std::vector<std::vector<std::string>>& rows, int left = 0, int top = 0) {
  std::string matrix;
  for (const auto& row : rows) {
    matrix += matrix.empty() ? "[" : ",[";
    for (std::size_t i = 0; i < row.size(); ++i) matrix += (i == 0 ? "" : ",") + row[i];
    matrix += "]";
  }
  return R"({"qDataPages":[{"qMatrix":[)" + matrix + R"(],"qTails":[],"qArea":{"qLeft":)" + std::to_string(left) + R"(,"qTop":)" +
         std::to_string(top) + R"(,"qWidth":)" + std::to_string(rows.empty() ? 0 : rows[0].size()) + R"(,"qHeight":)" +
         std::to_string(rows.size()) + "}}]}";
}

class Reading {
 public:
  explicit Reading(const Cube& cube, TableOptions options = {}) : adapter_(std::move(options)), layout_(cube.layout()) { open(); }

  void open() {
    Run run;
    auto opened = adapter_.open(run, layout_);
    status = opened.status();
    if (opened) schema = opened->schema;
    auto request = adapter_.next_request();
    if (request && *request) asked = **request;
  }

  // The batch as texts; "null" for a null.
  std::vector<std::vector<std::string>> decode(const std::string& json, std::optional<Page> page = std::nullopt) {
    std::string padded = json + std::string(QONDUIT_REPLY_PADDING, ' ');
    Request request = asked;
    if (page) request.page = *page;
    auto decoded = adapter_.decode(request, std::string_view(padded).substr(0, json.size()));
    status = decoded.status();
    if (!decoded) return {};
    rows = decoded->rows;
    const arrow::ArrayHandle array(new ArrowArray(decoded->array));
    const BatchView view(schema, *array);
    std::vector<std::vector<std::string>> out;
    for (std::int64_t r = 0; r < view.rows(); ++r) {
      out.emplace_back();
      for (std::size_t c = 0; c < view.columns(); ++c) out.back().push_back(shown(view.column(c), r));
    }
    return out;
  }

  Status widen(const std::string& json) {
    std::string padded = json + std::string(QONDUIT_REPLY_PADDING, ' ');
    return adapter_.widen(asked, std::string_view(padded).substr(0, json.size()));
  }

  [[nodiscard]] std::vector<std::string> types() const {
    std::vector<std::string> out;
    for (const auto& field : schema.fields) out.emplace_back(to_string(field.type));
    return out;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& field : schema.fields) out.push_back(field.name);
    return out;
  }

  Status status;
  Schema schema;
  Request asked;
  std::int64_t rows = -1;

 private:
  static std::string shown(const ColumnView& column, std::int64_t row) {
    if (column.is_null(row)) return "null";
    switch (column.type()) {
      case Type::float64: {
        std::ostringstream text;
        text << column.float64(row);
        return text.str();
      }
      case Type::date32: return "day " + std::to_string(column.date32(row));
      case Type::utf8: return std::string(column.text(row));
      default: return std::to_string(column.int64(row));
    }
  }

  TableAdapter adapter_;
  std::string layout_;
};

TEST(TableAdapter, AcceptsTablesBestAndOtherStraightCubesToo) {
  const Cube cube{dimension("A", R"("$text")"), "", 1, 1, ""};
  EXPECT_EQ(TableAdapter::accepts("sn-table", cube.layout()), 100u);
  EXPECT_EQ(TableAdapter::accepts("barchart", cube.layout()), 50u);
  EXPECT_EQ(TableAdapter::accepts("table", R"({"qHyperCube":{"qMode":"P"}})"), 0u);
  EXPECT_EQ(TableAdapter::accepts("table", "no json"), 0u);
}

TEST(TableAdapter, NamesEveryStraightCubeOfAnObject) {
  const auto names = TableAdapter::datasets(
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

TEST(TableAdapter, AsksForTheWholeCubeByItsDefinitionPath) {
  const Reading reading({dimension("A", R"("$text")"), measure("B", "I"), 2, 77, ""});
  EXPECT_EQ(reading.asked.method, "GetHyperCubeData");
  EXPECT_EQ(reading.asked.params_json, R"(["/qHyperCubeDef"])");
  EXPECT_EQ(reading.asked.page.width, 2);
  EXPECT_EQ(reading.asked.page.height, 77);
}

TEST(TableAdapter, AsksNothingOfAnEmptyCube) {
  const Reading reading({dimension("A", R"("$text")"), "", 1, 0, ""});
  EXPECT_TRUE(reading.asked.method.empty());
}

TEST(TableAdapter, InfersTypesFromFormatsTagsAndKnownValues) {
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

TEST(TableAdapter, TellsNullsDashesAndEmptyTextsApart) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 4, ""});
  const auto rows = reading.decode(reply({{kNullDimension, number_cell("1", "1")},
                                          {text_cell("-", 3), kNullMeasure},
                                          {text_cell("", 4), number_cell("0", "0")},
                                          {text_cell("x", 5), R"({"qText":"-","qNum":"NaN","qElemNumber":0,"qState":"L"})"}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("null", "1"), ElementsAre("-", "null"), ElementsAre("", "0"), ElementsAre("x", "null")));
}

TEST(TableAdapter, TakesNumbersFromNumbersNeverFromTexts) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "M"), 2, 1, ""});
  EXPECT_THAT(reading.decode(reply({{text_cell("x"), number_cell("1.234,56 kr", "1234.56")}})), ElementsAre(ElementsAre("x", "1234.56")));
}

TEST(TableAdapter, TurnsSerialsIntoDatesAndTimes) {
  Reading reading({dimension("D", R"("$date")", "D") + "," + dimension("TS", R"("$timestamp")", "TS") + "," + dimension("T", "", "T"),
                   measure("IV", "IV"), 4, 1, ""});
  // 45292 is 2024-01-01, 19723 days after 1970-01-01; 2.5 is noon of 1900-01-01; an interval may pass a day.
  const auto rows =
      reading.decode(reply({{number_cell("", "45292"), number_cell("", "2.5"), number_cell("", "0.375"), number_cell("", "1.5")}}));
  EXPECT_THAT(rows,
              ElementsAre(ElementsAre("day 19723", std::to_string((2 - 25569) * 86'400'000LL + 43'200'000LL), "32400000", "129600000")));
}

TEST(TableAdapter, ReadsInfinitiesAndNaN) {
  Reading reading({"", measure("M", "R"), 1, 3, ""});
  const auto rows = reading.decode(
      reply({{number_cell("inf", R"("Infinity")")}, {number_cell("-inf", R"("-Infinity")")}, {number_cell("NaN", R"("NaN")")}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("inf"), ElementsAre("-inf"), ElementsAre("nan")));
}

TEST(TableAdapter, SaysWhichValueContradictsItsColumn) {
  Reading reading({dimension("A", R"("$text")"), measure("Count", "I"), 2, 2, ""});
  reading.decode(reply({{text_cell("x"), number_cell("1", "1")}, {text_cell("y"), number_cell("1.5", "1.5")}}));
  EXPECT_EQ(reading.status.code(), Code::bad_data);
  EXPECT_THAT(reading.status.message(), HasSubstr("column 'Count', row 1"));
  EXPECT_THAT(reading.status.message(), HasSubstr("1.5"));
}

TEST(TableAdapter, WidensAContradictedColumnAndDeliversThen) {
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

TEST(TableAdapter, FailsInsteadOfWideningWhenToldTo) {
  TableOptions options;
  options.type_conflict = Conflict::fail;
  Reading reading({"", measure("Count", "I"), 1, 1, ""}, options);
  EXPECT_EQ(reading.widen(reply({{number_cell("1.5", "1.5")}})).code(), Code::bad_data);
}

TEST(TableAdapter, DeliversDualsAsNumberTextOrBoth) {
  const Cube cube{dimension("Month", R"("$numeric","$integer")", "I"), "", 1, 1, ""};
  const auto page = reply({{number_cell("Jan", "1")}});
  TableOptions options;
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

TEST(TableAdapter, TakesANumberWithATextOfItsOwnForAText) {
  Reading reading({dimension("Month", R"("$numeric","$integer")"), "", 1, 1, ""});
  const auto page = reply({{number_cell("Jan", "1")}});
  EXPECT_TRUE(reading.decode(page).empty());
  EXPECT_EQ(reading.status.code(), Code::bad_data);
  ASSERT_TRUE(reading.widen(page).ok());
  reading.open();
  EXPECT_THAT(reading.decode(page), ElementsAre(ElementsAre("Jan")));
}

TEST(TableAdapter, MarksOthersInAColumnOfTheirOwn) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 2, R"(,"qHasOtherValues":true)"});
  EXPECT_THAT(reading.names(), ElementsAre("A", "M", "row_kind"));
  const auto rows = reading.decode(reply({{text_cell("x"), number_cell("1", "1")}, {text_cell("Others", -3), number_cell("2", "2")}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("x", "1", "value"), ElementsAre("Others", "2", "others")));
}

TEST(TableAdapter, LeavesOthersOutWhenToldToAndStillCountsThem) {
  TableOptions options;
  options.special_rows = SpecialRows::drop;
  Reading reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 3, R"(,"qHasOtherValues":true)"}, options);
  const auto rows = reading.decode(reply(
      {{text_cell("Others", -3), number_cell("2", "2")}, {text_cell("x"), kNullMeasure}, {text_cell("Total", -1), number_cell("3", "3")}}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("x", "null")));
  EXPECT_EQ(reading.rows, 3);
}

TEST(TableAdapter, NeverMixesInATotalNobodyAnnounced) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 1, ""});
  const auto page = reply({{text_cell("Total", -1), number_cell("3", "3")}});
  EXPECT_TRUE(reading.decode(page).empty());
  EXPECT_THAT(reading.status.message(), HasSubstr("'total'"));
  ASSERT_TRUE(reading.widen(page).ok());
  reading.open();
  EXPECT_THAT(reading.decode(page), ElementsAre(ElementsAre("Total", "3", "total")));
}

TEST(TableAdapter, LeavesOutColumnsWhoseShowConditionFailed) {
  Reading reading(
      {dimension("A", R"("$text")"), R"({"qFallbackTitle":"Hidden","qError":{"qErrorCode":7005}},)" + measure("M", "R"), 2, 1, ""});
  ASSERT_TRUE(reading.status.ok()) << reading.status.message();
  EXPECT_THAT(reading.names(), ElementsAre("A", "M"));
}

TEST(TableAdapter, FollowsTheColumnOrderTheUserSees) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R") + "," + measure("N", "R"), 3, 1, R"(,"qColumnOrder":[2,0,1])"});
  EXPECT_THAT(reading.names(), ElementsAre("N", "A", "M"));
  EXPECT_THAT(reading.decode(reply({{number_cell("1", "1"), text_cell("x"), number_cell("2", "2")}})),
              ElementsAre(ElementsAre("1", "x", "2")));
}

TEST(TableAdapter, IgnoresAColumnOrderThatDoesNotNameEveryColumn) {
  EXPECT_THAT(Reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 1, R"(,"qColumnOrder":[1])"}).names(), ElementsAre("A", "M"));
  EXPECT_THAT(Reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 1, R"(,"qColumnOrder":[1,1])"}).names(), ElementsAre("A", "M"));
}

TEST(TableAdapter, GivesEmptyAndRepeatedTitlesStableNames) {
  const Reading reading(
      {dimension("", R"("$text")") + "," + dimension("A", R"("$text")"), measure("A", "R") + "," + measure("A_2", "R"), 4, 1, ""});
  EXPECT_THAT(reading.names(), ElementsAre("column_1", "A", "A_2", "A_2_2"));
}

TEST(TableAdapter, ReportsTheEnginesErrorOnTheCube) {
  const Reading reading({dimension("A", R"("$text")"), "", 1, 1, R"(,"qError":{"qErrorCode":7005},"qCalcCondMsg":"Select one region")"});
  EXPECT_EQ(reading.status.code(), Code::bad_data);
  EXPECT_THAT(reading.status.message(), HasSubstr("Select one region"));
}

TEST(TableAdapter, RefusesALayoutThatContradictsItself) {
  const Reading reading({dimension("A", R"("$text")"), "", 2, 1, ""});
  EXPECT_THAT(reading.status.message(), HasSubstr("2 columns (qSize.qcx) but describes 1"));
}

TEST(TableAdapter, DecodesAPieceOfTheColumns) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R") + "," + measure("N", "R"), 3, 9, ""});
  reading.schema.fields.erase(reading.schema.fields.begin());
  EXPECT_THAT(reading.decode(reply({{number_cell("1", "1"), number_cell("2", "2")}}, 1, 4), Page{1, 4, 2, 1}),
              ElementsAre(ElementsAre("1", "2")));
}

TEST(TableAdapter, RefusesPagesThatAreNotWhatWasAsked) {
  Reading reading({dimension("A", R"("$text")"), "", 1, 1, ""});
  for (const auto& page :
       {reply({{text_cell("x")}}, 0, 5), reply({{text_cell("x"), text_cell("y")}}), reply({{text_cell("x")}, {text_cell("y")}}),
        std::string(R"({"qDataPages":[]})"), std::string("{}"), std::string("[]"), std::string(R"({"qDataPages":[{"qMatrix":[[{}]]}]})"),
        std::string(R"({"qDataPages":[{"qMatrix":[[{"qText":"x","qNum":1,"qEl)")}) {
    EXPECT_TRUE(reading.decode(page).empty());
    EXPECT_EQ(reading.status.code(), Code::bad_data) << page;
  }
}

TEST(TableAdapter, ToleratesMembersInAnotherOrderAndNullMembers) {
  Reading reading({dimension("A", R"("$text")"), measure("M", "R"), 2, 1, ""});
  const std::string cell = R"({"qState":"O","qElemNumber":7,"qIsNull":null,"qNum":"NaN","qAttrExps":null,"qText":"x"})";
  const std::string number = R"({"qAttrExps":{"qValues":[{"qText":"y","qNum":9}]},"qNum":4.25,"qText":"4"})";
  EXPECT_THAT(reading.decode(reply({{cell, number}})), ElementsAre(ElementsAre("x", "4.25")));
}

TEST(TableAdapter, TakesAnEmptyPageBehindTheEndForNoRows) {
  Reading reading({dimension("A", R"("$text")"), "", 1, 5, ""});
  EXPECT_THAT(reading.decode(reply({}, 0, 0)), IsEmpty());
  EXPECT_TRUE(reading.status.ok());
  EXPECT_EQ(reading.rows, 0);
}

TEST(TableAdapter, CarriesTheExpressionsOfMeasuresFromTheProperties) {
  TableAdapter adapter{TableOptions()};
  ASSERT_TRUE(adapter.prepare(R"x({"qHyperCubeDef":{"qMeasures":[{"qDef":{"qDef":"Sum(Sales)"}}]}})x"));
  const Cube cube{dimension("A", R"("$text")"), measure("M", "R"), 2, 1, ""};
  const auto opened = adapter.open(qonduit::Run(), cube.layout());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->schema.fields[1].find("qlik.expression"), "Sum(Sales)");
}

TEST(TableAdapter, KeepsEveryDigitOfADouble) {
  Reading reading({"", measure("M", "R"), 1, 1, ""});
  const auto json = reply({{number_cell("0.1", "0.10000000000000002")}}) + std::string(QONDUIT_REPLY_PADDING, ' ');
  TableAdapter adapter{TableOptions()};
  const Cube cube{"", measure("M", "R"), 1, 1, ""};
  ASSERT_TRUE(adapter.open(qonduit::Run(), cube.layout()));
  auto decoded = adapter.decode(*adapter.next_request().value(), std::string_view(json).substr(0, json.size() - QONDUIT_REPLY_PADDING));
  ASSERT_TRUE(decoded);
  const arrow::ArrayHandle array(new ArrowArray(decoded->array));
  EXPECT_EQ(BatchView(reading.schema, *array).column(0).float64(0), 0.10000000000000002);
}

}  // namespace
}  // namespace qonduit::table

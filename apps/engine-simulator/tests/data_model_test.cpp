#include "model/data_model.hpp"

#include <Poco/Exception.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "apps/app.hpp"
#include "apps/data_app.hpp"
#include "apps/demo.hpp"
#include "cube/cube.hpp"
#include "model/csv.hpp"

namespace qonduit::simulator {
namespace {

TEST(Csv, ReadsQuotesLineBreaksAndEmptyFields) {
  CsvReader reader(
      "\xef\xbb\xbf"
      "a,\"b,\"\"x\"\"\",\r\n\"1\n2\",,3");
  std::vector<std::string_view> row;
  ASSERT_TRUE(reader.next(row));
  EXPECT_EQ(row, (std::vector<std::string_view>{"a", "b,\"x\"", ""}));
  ASSERT_TRUE(reader.next(row));
  EXPECT_EQ(row, (std::vector<std::string_view>{"1\n2", "", "3"}));
  EXPECT_FALSE(reader.next(row));
}

TEST(DataModel, HasOneValueForOneNumberHoweverItIsWritten) {
  DataModel model{Locale{}};
  model.load("T",
             "Number,Moment\n1,2024-05-17\n1.0,2024-5-17\n1e0,2024-05-17 00:00:00\n-0,09:30:00\n0,9:30:00\n.5,2024-05-17T09:30:00\n"
             "123456789012345678,2024-05-17 9:30:00.0\n",
             {{"Number", FieldType::real}, {"Moment", FieldType::timestamp}});
  EXPECT_EQ(model.tables()[0].columns[0], (std::vector<Element>{0, 0, 0, 1, 1, 2, 3}));
  EXPECT_EQ(model.tables()[0].columns[1], (std::vector<Element>{0, 0, 0, 1, 1, 2, 2}));
  std::vector<std::string> texts;
  for (const auto& symbol : model.fields()[0].symbols) texts.push_back(symbol.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"1", "0", "0.5", "1.2345678901235e+17"}));
  EXPECT_EQ(model.fields()[0].symbols[3].number, 123456789012345678.0);
}

TEST(DataModel, ReadsNegativeIntervals) {
  DataModel model{Locale{}};
  model.load("T", "I\n-01:30:00\n-00:15:00\n36:00:00\n-49:00:00\n", {{"I", FieldType::interval}});
  std::vector<double> hours;
  for (const auto& symbol : model.fields()[0].symbols) hours.push_back(std::round(symbol.number * 24 * 1000) / 1000);
  EXPECT_EQ(hours, (std::vector<double>{-1.5, -0.25, 36, -49}));
}

TEST(DataModel, SaysWhichCellIsNoNumberAndWhichNoMoment) {
  for (const std::string cell : {"1.2.3", "12a", "-", "1,000", " 1"})
    EXPECT_THROW(DataModel{Locale{}}.load("T", "N\n\"" + cell + "\"\n", {{"N", FieldType::real}}), Poco::DataFormatException) << cell;
  for (const std::string cell : {"2024-05", "17 May", "9"})
    EXPECT_THROW(DataModel{Locale{}}.load("T", "N\n" + cell + "\n", {{"N", FieldType::date}}), Poco::DataFormatException) << cell;
}

TEST(DataModel, RefusesAColumnThatIsNamedTwice) {
  EXPECT_THROW(DataModel{Locale{}}.load("T", "N\n1\n", {{"N", FieldType::real}, {"N", FieldType::real}}), Poco::DataFormatException);
}

// More rows than are read by one thread.
TEST(DataModel, ReadsLargeTablesColumnByColumn) {
  std::string csv = "Number,Text\n";
  for (int i = 0; i < 20'000; ++i)
    csv += std::to_string(i % 7000) + "," + (i % 3 == 0 ? "" : "\"t \"\"" + std::to_string(i % 5) + "\"") + "\n";
  DataModel model{Locale{}};
  model.load("T", csv, {{"Number", FieldType::integer}, {"Text", FieldType::text}});
  ASSERT_EQ(model.tables()[0].rows, 20'000u);
  EXPECT_EQ(model.fields()[0].symbols.size(), 7000u);
  EXPECT_EQ(model.fields()[1].symbols.size(), 5u);
  EXPECT_FALSE(model.fields()[0].has_null);
  EXPECT_TRUE(model.fields()[1].has_null);
  for (std::size_t i = 0; i < 20'000; ++i) {
    EXPECT_EQ(model.symbol(0, model.tables()[0].columns[0][i]).number, static_cast<double>(i % 7000));
    const auto text = model.tables()[0].columns[1][i];
    EXPECT_EQ(text == kNullElement ? "" : model.symbol(1, text).text, i % 3 == 0 ? "" : "t \"" + std::to_string(i % 5));
  }
  csv += "x,\n";
  EXPECT_THROW(DataModel{Locale{}}.load("T", csv, {{"Number", FieldType::integer}, {"Text", FieldType::text}}), Poco::DataFormatException);
}

// Orders with their regions; region C has no order, order 4 has no region, order 5 a region that the table does not know.
class Association : public testing::Test {
 protected:
  Association() {
    auto model = std::make_shared<DataModel>(Locale{});
    model->load("Orders", "Order,Region,Amount,Rate\n1,A,10,0.5\n2,A,5,\n3,B,7,0.25\n4,,1,\n5,X,100,\n",
                {{"Order", FieldType::integer}, {"Region", FieldType::text}, {"Amount", FieldType::money}, {"Rate", FieldType::real}});
    model->load("Regions", "Region,Land,Budget\nA,North,1000\nB,North,500\nC,South,50\n",
                {{"Region", FieldType::text}, {"Land", FieldType::text}, {"Budget", FieldType::money}});
    model->link();
    scope_ = std::make_unique<Scope>(std::move(model), std::make_shared<Library>());
  }

  // Rows as texts: "A|15|…".
  std::vector<std::string> rows(const std::string& definition) {
    auto evaluated = evaluate_cube(*scope_, as_object(parse_json(definition)));
    cube_ = evaluated.layout;
    std::vector<std::string> made;
    for (std::uint64_t row = 0; row < evaluated.matrix->rows(); ++row) {
      std::string cells = "[";
      evaluated.matrix->append_cells(cells, row, 0, evaluated.matrix->columns());
      const auto parsed = as_array(parse_json(cells + "]"));
      std::string line;
      for (const auto& cell : *parsed) line += (line.empty() ? "" : "|") + text_member(as_object(cell), "qText");
      made.push_back(line);
    }
    return made;
  }

  static std::string dimension(const std::string& field, const std::string& more = "") {
    return R"({"qDef":{"qFieldDefs":[")" + field + R"("],"qSortCriterias":[{"qSortByNumeric":1,"qSortByAscii":1}]})" + more + "}";
  }

  static std::string measure(const std::string& expression, const std::string& more = "") {
    return R"({"qDef":{"qDef":")" + expression + "\"}" + more + "}";
  }

  static std::string cube(const std::vector<std::string>& dimensions, const std::vector<std::string>& measures,
                          const std::string& more = "") {
    const auto joined = [](const std::vector<std::string>& parts) {
      std::string made;
      for (const auto& part : parts) made += (made.empty() ? "" : ",") + part;
      return made;
    };
    return "{\"qDimensions\":[" + joined(dimensions) + "],\"qMeasures\":[" + joined(measures) + "]" + more + "}";
  }

  std::unique_ptr<Scope> scope_;
  CubeLayout cube_;
};

using Lines = std::vector<std::string>;

TEST_F(Association, SumsOverTheRowsOfTheMeasuresTable) {
  EXPECT_EQ(rows(cube({dimension("Region")}, {measure("Sum(Amount)"), measure("Sum(Budget)"), measure("Count(Order)")})),
            (Lines{"A|$15.00|$1,000.00|2", "B|$7.00|$500.00|1", "C|$0.00|$50.00|0", "X|$100.00|$0.00|1", "-|$1.00|$0.00|1"}))
      << "a budget is counted once however many orders a region has";
}

TEST_F(Association, ReachesFieldsOfLinkedTables) {
  EXPECT_EQ(rows(cube({dimension("Land")}, {measure("Sum(Amount)/Sum(Budget)"), measure("Avg(Rate)")})),
            (Lines{"North|0.014666666666667|0.375", "South|0|-", "-|-|-"}));
}

TEST_F(Association, TotalsOverAllDataWhateverTheDimensions) {
  (void)rows(cube({dimension("Land")}, {measure("Sum(Amount)"), measure("Sum(Budget)")}));
  EXPECT_EQ(text_member(as_object(cube_.grand_total->get(0)), "qText"), "$123.00");
  EXPECT_EQ(text_member(as_object(cube_.grand_total->get(1)), "qText"), "$1,550.00");
}

TEST_F(Association, SuppressesNullsAndZeros) {
  EXPECT_EQ(rows(cube({dimension("Region", R"(,"qNullSuppression":true)")}, {measure("Sum(Amount)")}, R"(,"qSuppressZero":true)")),
            (Lines{"A|$15.00", "B|$7.00", "X|$100.00"}));
}

TEST_F(Association, SortsByTheColumnsInTheirOrderWithNullsLast) {
  EXPECT_EQ(rows(cube({dimension("Region")}, {measure("Sum(Amount)", R"(,"qSortBy":{"qSortByNumeric":-1})")},
                      R"(,"qInterColumnSortOrder":[1,0])")),
            (Lines{"X|$100.00", "A|$15.00", "B|$7.00", "-|$1.00", "C|$0.00"}));
  EXPECT_EQ(cube_.sort_order, (std::vector<std::int64_t>{1, 0}));
  EXPECT_EQ(rows(cube({dimension("Region")}, {measure("Sum(Amount)")})).back(), "-|$1.00");
}

TEST_F(Association, GathersTheRestInOthers) {
  const std::string others = R"(,"qOtherTotalSpec":{"qOtherMode":"OTHER_COUNTED","qOtherCounted":{"qv":"2"}},"qOtherLabel":{"qv":"Rest"})";
  EXPECT_EQ(rows(cube({dimension("Region", others)}, {measure("Sum(Amount)")})), (Lines{"A|$15.00", "X|$100.00", "-|$1.00", "Rest|$7.00"}));
  EXPECT_TRUE(cube_.has_others);
}

TEST_F(Association, OrdersColumnsAndHidesThoseWhoseConditionFails) {
  EXPECT_EQ(rows(cube({dimension("Region")},
                      {measure("Sum(Amount)", R"j(,"qCalcCondition":{"qCond":{"qv":"Sum(Amount)<0"}})j"), measure("Max(Amount)")},
                      R"(,"qColumnOrder":[2,0,1])"))[0],
            "$10.00|A");
  EXPECT_EQ(cube_.measures[0].error, 7005);
  EXPECT_EQ(cube_.sort_order, (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(cube_.grand_total->size(), 1U) << "visible measures only";
}

TEST_F(Association, AnswersAFailedCubeConditionWith7005) {
  (void)rows(cube({dimension("Region")}, {}, R"(,"qCalcCondition":{"qCond":{"qv":"0"},"qMsg":{"qv":"Select something"}})"));
  EXPECT_EQ(cube_.error, 7005);
  EXPECT_EQ(cube_.calc_condition_message, "Select something");
}

TEST_F(Association, GivesNullsForFieldsThatDoNotExist) {
  EXPECT_EQ(rows(cube({}, {measure("Sum(Amuont)"), measure("Only(Nope)")})), (Lines{"0|-"}));
}

TEST_F(Association, KeepsTextsThroughOnly) {
  EXPECT_EQ(rows(cube({dimension("Order")}, {measure("Only(Region)")})), (Lines{"1|A", "2|A", "3|B", "4|-", "5|X"}));
}

TEST(DemoApp, LoadsAndFillsItsSheets) {
  const auto folder = std::filesystem::temp_directory_path() / ("qonduit-demo-" + std::to_string(::getpid()));
  make_demo(folder.string());
  const auto app = load_data_app(folder.string());
  Scope scope(app->model("CORP\\anybody"), app->library());
  int sheets = 0;
  for (const auto& stored : app->objects()) {
    if (stored.type == "sheet") ++sheets;
    EXPECT_NO_THROW((void)app->evaluate(stored, scope, {})) << stored.id;
  }
  EXPECT_EQ(sheets, 3);
  const auto orders = app->evaluate(*app->find("table-orders"), scope, {});
  EXPECT_EQ(orders->cubes.at("/qHyperCubeDef").matrix->rows(), 50'000U);
  std::filesystem::remove_all(folder);
}

TEST(DataModel, TagsMomentsOnlyWhereNoneIsBefore1980) {
  DataModel model{Locale{}};
  model.load("T", "Born,Hired,Seen\n1979-12-31,1980-01-01,1970-05-01 10:00:00\n1990-12-24,2001-02-03,2024-01-01 00:00:00\n",
             {{"Born", FieldType::date}, {"Hired", FieldType::date}, {"Seen", FieldType::timestamp}});
  model.link();
  EXPECT_EQ(tags_of(model.field(0)), (std::vector<std::string>{"$numeric", "$integer"}));
  EXPECT_EQ(tags_of(model.field(1)), (std::vector<std::string>{"$numeric", "$integer", "$timestamp", "$date"}));
  EXPECT_EQ(tags_of(model.field(2)), (std::vector<std::string>{"$numeric"}));
  EXPECT_EQ(dimension_format(model.field(0)).type, "U");
  EXPECT_EQ(dimension_format(model.field(1)).type, "D");
}

}  // namespace
}  // namespace qonduit::simulator

// The commands that look into a living app, as a user calls them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Explore : public ::testing::Test {
 protected:
  Outcome run(std::vector<std::string> arguments) { return host_.run(std::move(arguments)); }
  Array::Ptr json(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const auto outcome = host_.run(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return Poco::JSON::Parser().parse(outcome.out).extract<Array::Ptr>();
  }
  static std::vector<std::string> column(const Array::Ptr& rows, const std::string& name) {
    std::vector<std::string> values;
    for (unsigned i = 0; i < rows->size(); ++i) values.push_back(rows->getObject(i)->get(name).toString());
    return values;
  }

  Host host_{demo_engine().url()};
};

TEST_F(Explore, ListsAppsSheetsAndObjects) {
  EXPECT_THAT(column(json({"apps"}), "id"), ElementsAre("consumer-sales"));
  const auto sheets = json({"sheets", "Consumer Sales"});
  EXPECT_THAT(column(sheets, "title"), ElementsAre("Overview", "Orders", "Customers & Products"));
  EXPECT_THAT(column(sheets, "objects"), ElementsAre("4", "1", "4"));
  EXPECT_THAT(column(json({"objects", "consumer-sales", "Over*"}), "id"),
              ElementsAre("kpi-totals", "bar-regions", "table-top-products", "text-about"));
}

TEST_F(Explore, DescribesTheColumnsOfAnObject) {
  const auto outcome = run({"describe", "Consumer Sales", "Orders", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto object = Poco::JSON::Parser().parse(outcome.out).extract<Object::Ptr>();
  EXPECT_EQ(object->getValue<std::string>("id"), "table-orders");
  const auto dataset = object->getArray("datasets")->getObject(0);
  EXPECT_EQ(dataset->getValue<int>("rows"), 50'000);
  const auto columns = dataset->getArray("columns");
  EXPECT_THAT(column(columns, "name"),
              ElementsAre("OrderID", "Order Date", "Shipped At", "Customer", "Product", "Channel", "Quantity", "Amount", "Discount"));
  EXPECT_EQ(columns->getObject(1)->getValue<std::string>("type"), "date");
  EXPECT_EQ(columns->getObject(7)->getValue<std::string>("qlik.expression"), "Sum(Amount)");
  EXPECT_THAT(run({"describe", "Consumer Sales", "Orders"}).out, HasSubstr("50,000 rows, 450,000 cells, 46 pages"));
}

TEST_F(Explore, PreviewsOnlyTheFirstRows) {
  const auto datasets = json({"preview", "Consumer Sales", "Orders", "--rows", "3"});
  ASSERT_EQ(datasets->size(), 1u);
  EXPECT_EQ(datasets->getObject(0)->getValue<int>("of_rows"), 50'000);
  const auto rows = datasets->getObject(0)->getArray("rows");
  ASSERT_EQ(rows->size(), 3u);
  EXPECT_THAT(column(rows, "OrderID"), ElementsAre("100000", "100001", "100002"));
  EXPECT_TRUE(rows->getObject(0)->isNull("Shipped At")) << "a null is not a text";
  EXPECT_THAT(run({"preview", "Consumer Sales", "Orders", "--rows", "3"}).out, HasSubstr("3 of 50,000 rows"));
  EXPECT_THAT(run({"preview", "Consumer Sales", "About"}).out, HasSubstr("holds no data"));
}

TEST_F(Explore, ComputesExpressionsAndNamesAMisspeltField) {
  const auto values = json({"eval", "Consumer Sales", "Count(OrderID)", "Sum(Quantity)/Sum(Quantity)"});
  EXPECT_THAT(column(values, "number"), ElementsAre("50000", "1"));
  const auto wrong = run({"eval", "Consumer Sales", "Sum(Amuont)"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("the app has no field 'Amuont' (did you mean 'Amount'?)"));
}

TEST_F(Explore, ComputesTheOtherExpressionsWhereOneIsWrong) {
  for (const std::string wrong : {"Sum(Amuont)", "", "  ", "=", "Sum(Количество)", "Sum("}) {
    const std::vector<std::string> arguments = {"eval", "Consumer Sales", "Count(OrderID)", wrong, "Count(distinct Region)*0+7"};
    const auto shown = run(arguments);
    EXPECT_EQ(shown.exit_code, 1) << wrong;
    EXPECT_THAT(shown.out, AllOf(HasSubstr("50000"), HasSubstr("7"))) << wrong;
    EXPECT_THAT(shown.err, HasSubstr("expression '" + wrong + "'"));
    auto with_json = arguments;
    with_json.emplace_back("--json");
    const auto told = run(with_json);
    EXPECT_EQ(told.exit_code, 1) << wrong;
    const auto rows = Poco::JSON::Parser().parse(told.out).extract<Poco::JSON::Array::Ptr>();
    ASSERT_EQ(rows->size(), 3u) << told.out;
    EXPECT_EQ(rows->getObject(0)->getValue<int>("number"), 50'000);
    EXPECT_TRUE(rows->getObject(0)->isNull("error"));
    EXPECT_TRUE(rows->getObject(1)->isNull("text") && rows->getObject(1)->isNull("number"));
    EXPECT_THAT(rows->getObject(1)->getValue<std::string>("error"), HasSubstr("expression '"));
    EXPECT_EQ(rows->getObject(2)->getValue<int>("number"), 7);
  }
  EXPECT_THAT(run({"eval", "Consumer Sales", ""}).err, HasSubstr("it is empty, there is nothing to compute"));
}

TEST_F(Explore, ListsFieldsOnceAndTablesWithTheirKeys) {
  const auto fields = json({"fields", "Consumer Sales"});
  const auto names = column(fields, "field");
  EXPECT_EQ(std::count(names.begin(), names.end(), "CustomerID"), 1);
  EXPECT_THAT(column(fields, "tables"), ::testing::Contains("Sales, Customers"));
  const auto tables = json({"model", "Consumer Sales"});
  EXPECT_THAT(column(tables, "table"), ElementsAre("Sales", "Customers", "Products", "Regions"));
  EXPECT_THAT(column(tables, "keys"), ElementsAre("CustomerID, ProductID", "CustomerID, Region", "ProductID", "Region"));
}

TEST_F(Explore, SuggestsNamesAndAnswersWithTheDocumentedCodes) {
  const auto app = run({"sheets", "Consumer Sale"});
  EXPECT_EQ(app.exit_code, 1) << "the engine let us in";
  EXPECT_THAT(app.err, HasSubstr("did you mean 'Consumer Sales'"));
  const auto object = run({"preview", "Consumer Sales", "Odrers"});
  EXPECT_EQ(object.exit_code, 1);
  EXPECT_THAT(object.err, HasSubstr("did you mean 'Orders'"));
  const auto sheet = run({"objects", "Consumer Sales", "Overwiev"});
  EXPECT_EQ(sheet.exit_code, 1);
  EXPECT_THAT(sheet.err, HasSubstr("did you mean 'Overview'"));
  EXPECT_THAT(run({"objects", "Consumer Sales", "sheet-ordres"}).err, HasSubstr("did you mean 'sheet-orders'"));
  EXPECT_THAT(run({"describe", "consumer-salse", "Orders"}).err, HasSubstr("did you mean 'consumer-sales'"));
  EXPECT_THAT(run({"describe", "Consumer Sales", "table-ordesr"}).err, HasSubstr("did you mean 'table-orders'"));
  host_.set("connection.warehouse.url", demo_engine().url()).set("connection.warehouse.user", "UserDirectory=TEST; UserId=reader");
  host_.set("connection.warehouse.certificates", certificates().string());
  const auto connection = run({"apps", "--connection", "warehose"});
  EXPECT_EQ(connection.exit_code, 3);
  EXPECT_THAT(connection.err, HasSubstr("did you mean 'warehouse'"));
  const auto either = run({"apps"});
  EXPECT_EQ(either.exit_code, 3) << "which of the two";
  EXPECT_THAT(either.err, HasSubstr("several connections (c, warehouse); choose one with --connection"));
  for (const auto* command : {"run", "explain"}) {
    const auto pipeline = run({command, "q"});
    EXPECT_EQ(pipeline.exit_code, 3);
    EXPECT_THAT(pipeline.err, HasSubstr("there is no pipeline 'q' (there are: p)"));
  }
}

TEST_F(Explore, DescribesWhatMasterMeasuresCompute) {
  const auto outcome = run({"describe", "Consumer Sales", "bar-regions", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto columns =
      Poco::JSON::Parser().parse(outcome.out).extract<Object::Ptr>()->getArray("datasets")->getObject(0)->getArray("columns");
  // As app.json defines the master items dim-region and mea-sales.
  EXPECT_THAT(column(columns, "qlik.expression"), ElementsAre("Region", "Sum(Amount)"));
  EXPECT_THAT(column(columns, "qlik.library"), ElementsAre("dim-region", "mea-sales"));
  EXPECT_EQ(columns->getObject(1)->getValue<std::string>("qlik.format"), "$#,##0.00;-$#,##0.00");
}

TEST_F(Explore, DescribesWhatIsNotAsItSeems) {
  const auto hidden = run({"describe", "Consumer Sales", "Segments"});
  EXPECT_THAT(hidden.out, HasSubstr("note     column 'Hidden' is hidden: its show condition does not hold"));
  EXPECT_THAT(run({"describe", "Consumer Sales", "Top 10 products"}).out, HasSubstr("warning  a dimension is limited"));
}

TEST_F(Explore, CutsTablesToTheTerminal) {
  const std::map<std::string, std::string> narrow = {{"COLUMNS", "60"}};
  const auto outcome = integration::run(host_.command({"preview", "Consumer Sales", "Orders", "--rows", "2"}), narrow);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("more columns do not fit: "));
  EXPECT_THAT(outcome.out, HasSubstr("Discount")) << "named all the same";
}

TEST_F(Explore, PrintsValidJsonOfEveryCommand) {
  const std::vector<std::vector<std::string>> commands = {
      {"apps"},
      {"sheets", "Consumer Sales"},
      {"objects", "Consumer Sales"},
      {"describe", "Consumer Sales", "Customers"},
      {"describe", "Consumer Sales", "About"},
      {"preview", "Consumer Sales", "Customers"},
      {"preview", "Consumer Sales", "About"},
      {"eval", "Consumer Sales", "Sum(Amount)", "'a\"b'"},
      {"fields", "Consumer Sales"},
      {"model", "Consumer Sales"},
      {"explain"},
      {"check"},
      {"check", "--probe"},
      {"config"},
      {"plugins"},
      {"plugins", "describe", "csv"},
  };
  for (auto command : commands) {
    command.emplace_back("--json");
    const auto outcome = run(command);
    EXPECT_EQ(outcome.exit_code, 0) << command[0] << ": " << outcome.err;
    EXPECT_NO_THROW(Poco::JSON::Parser().parse(outcome.out)) << command[0] << ": " << outcome.out;
  }
}

TEST(ExploreGallery, ReadsObjectsOfSeveralDatasetsAndSaysWhatCannotBeRead) {
  Host host(gallery_engine().url());
  const auto preview = host.run({"preview", "gallery", "Histogram", "--json"});
  ASSERT_EQ(preview.exit_code, 0) << preview.err;
  const auto datasets = Poco::JSON::Parser().parse(preview.out).extract<Array::Ptr>();
  ASSERT_EQ(datasets->size(), 2u);
  EXPECT_GT(datasets->getObject(0)->getArray("rows")->size(), 0u);

  const auto condition = host.run({"describe", "gallery", "Never calculated", "--json"});
  EXPECT_EQ(condition.exit_code, 1);
  EXPECT_THAT(condition.err, HasSubstr("Too many orders"));
  const auto object = Poco::JSON::Parser().parse(condition.out).extract<Object::Ptr>();
  EXPECT_THAT(object->getArray("warnings")->getElement<std::string>(0), HasSubstr("the calculation condition is not met"));
  EXPECT_THAT(object->getArray("datasets")->getObject(0)->getValue<std::string>("error"), HasSubstr("7005"));
}

}  // namespace
}  // namespace qonduit::integration

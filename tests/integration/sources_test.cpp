// What a pipeline names besides objects of sheets, end to end against the simulated engine: every value is computed here from the files
// the engine loaded. Traps go by the names users gave them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

using Line = std::map<std::string, std::string>;

// A CSV file as lines by column.
std::vector<Line> lines_of(const std::filesystem::path& file) {
  const auto rows = read_csv(file);
  std::vector<Line> lines;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    Line line;
    for (std::size_t c = 0; c < rows[0].size(); ++c) line[rows[0][c].text] = rows[i][c].text;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> column_of(const std::vector<Line>& lines, const std::string& name) {
  std::vector<std::string> values;
  for (const auto& line : lines) values.push_back(line.at(name));
  return values;
}

const std::vector<Line>& sales() {
  static const auto lines = lines_of(demo_app() / "sales.csv");
  return lines;
}
// A lookup from a dimension table: key column to another.
std::map<std::string, std::string> lookup(const std::string& file, const std::string& key, const std::string& value) {
  std::map<std::string, std::string> found;
  for (const auto& line : lines_of(demo_app() / file)) found[line.at(key)] = line.at(value);
  return found;
}

// Amount by product, largest first.
std::vector<std::pair<double, std::string>> ranked_products() {
  const auto names = lookup("products.csv", "ProductID", "Product");
  std::map<std::string, double> sums;
  for (const auto& line : sales()) {
    const auto name = names.find(line.at("ProductID"));
    if (name != names.end()) sums[name->second] += std::stod(line.at("Amount"));
  }
  std::vector<std::pair<double, std::string>> ranked;
  for (const auto& [name, sum] : sums) ranked.emplace_back(sum, name);
  std::sort(ranked.rbegin(), ranked.rend());
  return ranked;
}

// "18:21:12" as a part of a day.
double days_of(const std::string& text) {
  const auto minutes = text.find(':');
  return (std::stod(text) * 3600 + std::stod(text.substr(minutes + 1)) * 60 + std::stod(text.substr(minutes + 4))) / 86400;
}

TEST(Sources, WantACubeFromConfig) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "")
      .set("pipeline.p.cube.by-region.dimensions", "Region, =Year([Order Date]) as Year")
      .set("pipeline.p.cube.by-region.measures",
           "Sum(Amount) as Revenue format money '$#,##0.00', If(Sum(Quantity) > 0, Sum(Quantity), 0) as [Units, sold]");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;

  const auto regions = lookup("customers.csv", "CustomerID", "Region");
  std::map<std::pair<std::string, std::string>, std::pair<double, double>> expected;
  for (const auto& line : sales()) {
    auto& sums = expected[{regions.at(line.at("CustomerID")), line.at("Order Date").substr(0, 4)}];
    sums.first += std::stod(line.at("Amount"));
    sums.second += std::stod(line.at("Quantity"));
  }
  const auto delivered = lines_of(host.out() / "Consumer Sales/_/by-region.csv");
  std::size_t compared = 0;
  for (const auto& line : delivered) {
    const auto found = expected.find({line.at("Region"), line.at("Year")});
    if (found == expected.end()) continue;  // a region nobody bought from
    EXPECT_NEAR(std::stod(line.at("Revenue")), found->second.first, 0.01);
    EXPECT_EQ(std::stod(line.at("Units, sold")), found->second.second);
    ++compared;
  }
  EXPECT_EQ(compared, expected.size());
}

TEST(Sources, Top10ByRevenueReturnsTheTenLargestAndNotTheFirstTenAlphabetically) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "")
      .set("pipeline.p.cube.best.dimensions", "Product")
      .set("pipeline.p.cube.best.measures", "Sum(Amount) as Revenue")
      .set("pipeline.p.cube.best.sort", "Revenue desc")
      .set("pipeline.p.cube.best.limit", "10")
      .set("pipeline.p.cube.best.suppress", "null")  // orders without a product sum to more than any product
      .set("pipeline.p.cube.ranked.dimensions", "Product")
      .set("pipeline.p.cube.ranked.measures", "Sum(Amount) as Revenue")
      .set("pipeline.p.cube.ranked.top", "10")
      .set("pipeline.p.cube.ranked.suppress", "null");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  const auto ranked = ranked_products();
  std::vector<std::string> best;
  for (std::size_t i = 0; i < 10; ++i) best.push_back(ranked[i].second);

  const auto delivered = lines_of(host.out() / "Consumer Sales/_/best.csv");
  EXPECT_EQ(column_of(delivered, "Product"), best);
  EXPECT_NEAR(std::stod(delivered[0].at("Revenue")), ranked[0].first, 0.01);
  // The engine's own ranking keeps the same ten, in the order of the dimension.
  std::sort(best.begin(), best.end());
  auto kept = column_of(lines_of(host.out() / "Consumer Sales/_/ranked.csv"), "Product");
  std::sort(kept.begin(), kept.end());
  EXPECT_EQ(kept, best);
}

TEST(Sources, LimitAnExportToNRecords) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "")
      .set("pipeline.p.cube.some.dimensions", "OrderID")
      .set("pipeline.p.cube.some.measures", "Sum(Amount) as Amount")
      .set("pipeline.p.cube.some.sort", "OrderID by number desc")
      .set("pipeline.p.cube.some.limit", "12345")
      .set("pipeline.p.cube.all.dimensions", "Region")
      .set("pipeline.p.cube.all.limit", "1000000");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  const auto delivered = column_of(lines_of(host.out() / "Consumer Sales/_/some.csv"), "OrderID");
  std::vector<long> ids;
  for (const auto& line : sales()) ids.push_back(std::stol(line.at("OrderID")));
  std::sort(ids.rbegin(), ids.rend());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  ASSERT_EQ(delivered.size(), 12345u);
  for (std::size_t i = 0; i < delivered.size(); ++i) ASSERT_EQ(std::stol(delivered[i]), ids[i]) << "row " << i;
  EXPECT_EQ(lines_of(host.out() / "Consumer Sales/_/all.csv").size(), lines_of(demo_app() / "regions.csv").size())
      << "a limit beyond the end cuts nothing";
}

TEST(Sources, AnUnknownFieldIsNotAColumnOfZeros) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "sheet:*/*")
      .set("pipeline.p.cube.c.dimensions", "Regoin, =Year([Order Dat]) as Year")
      .set("pipeline.p.cube.c.measures", "Sum(Amuont)")
      .set("pipeline.p.expression.Total", "Sum(Amont)");
  const auto outcome = host.run();
  EXPECT_EQ(outcome.exit_code, 1);
  for (const auto* part :
       {"pipeline.p.cube.c.dimensions", "'Regoin' (did you mean 'Region'?)", "'Order Dat' (did you mean 'Order Date'?)",
        "pipeline.p.cube.c.measures", "'Amuont' (did you mean 'Amount'?)", "pipeline.p.expression.Total", "qonduit.properties:"}) {
    EXPECT_THAT(outcome.out, HasSubstr(part));
  }
  EXPECT_THAT(host.files(), IsEmpty()) << "what is right was not delivered either";
  const auto probed = host.run({"check", "--probe"});
  EXPECT_EQ(probed.exit_code, 1);
  EXPECT_THAT(probed.out, HasSubstr("did you mean 'Amount'"));
}

TEST(Sources, AMasterItemGivenByNameAsMeasureYieldsItsValues) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "")
      .set("pipeline.p.cube.masters.dimensions", "master:Sales Region")
      .set("pipeline.p.cube.masters.measures", "master:Sales, master:mea-orders, Sum(Quantity) as Quantity")
      .set("pipeline.p.cube.masters.sort", "Sales desc");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  const auto regions = lookup("customers.csv", "CustomerID", "Region");
  std::map<std::string, double> sums;
  std::map<std::string, std::set<std::string>> orders;
  for (const auto& line : sales()) {
    sums[regions.at(line.at("CustomerID"))] += std::stod(line.at("Amount"));
    orders[regions.at(line.at("CustomerID"))].insert(line.at("OrderID"));
  }
  const auto delivered = lines_of(host.out() / "Consumer Sales/_/masters.csv");
  double last = 1e300;
  std::size_t compared = 0;
  for (const auto& line : delivered) {
    const auto& region = line.at("Sales Region");
    if (!sums.contains(region)) continue;
    EXPECT_NEAR(std::stod(line.at("Sales")), sums[region], 0.01) << region;
    EXPECT_EQ(std::stoul(line.at("Orders")), orders[region].size()) << region;
    EXPECT_LE(std::stod(line.at("Sales")), last) << "not in the order of sales";
    last = std::stod(line.at("Sales"));
    ++compared;
  }
  EXPECT_EQ(compared, sums.size());

  const auto misspelt = host.set("pipeline.p.cube.masters.measures", "master:Slaes").set("pipeline.p.cube.masters.sort", "").run();
  EXPECT_EQ(misspelt.exit_code, 1);
  EXPECT_THAT(misspelt.out, HasSubstr("did you mean 'Sales'"));
}

TEST(Sources, ACubeIsLimitedToASetAndComputedInAState) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "");
  host.set("pipeline.p.cube.north.dimensions", "City")
      .set("pipeline.p.cube.north.measures", "Sum(Amount) as Amount")
      .set("pipeline.p.cube.north.set", "{<Region={'North'}>}")
      .set("pipeline.p.cube.north.suppress", "null")
      .set("pipeline.p.cube.north.state", "Other");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  std::map<std::string, double> amounts;
  for (const auto& line : lines_of(host.out() / "Gallery/_/north.csv")) amounts[line.at("City")] = std::stod(line.at("Amount"));
  EXPECT_EQ(amounts, (std::map<std::string, double>{{"Göteborg", 210}, {"Oslo", 160.5}}));

  const auto misspelt = host.set("pipeline.p.cube.north.state", "Othr").set("pipeline.p.cube.north.set", "{<Regoin={'North'}>}").run();
  EXPECT_EQ(misspelt.exit_code, 1);
  EXPECT_THAT(misspelt.out, AllOf(HasSubstr("did you mean 'Other'"), HasSubstr("did you mean 'Region'")));
}

TEST(Sources, TablesLoadedByScriptAreNotMissingInDiscovery) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "").set("pipeline.p.table", "*").set("pipeline.p.model", "tables, fields, keys");
  host.set("sink.f.timestamp-format", "%Y-%m-%d %H:%M:%S");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  std::map<std::string, std::string> rows;
  for (const auto& line : lines_of(host.out() / "Consumer Sales/_/model.tables.csv")) rows[line.at("table")] = line.at("rows");
  const std::map<std::string, std::string> files = {
      {"Sales", "sales.csv"}, {"Customers", "customers.csv"}, {"Products", "products.csv"}, {"Regions", "regions.csv"}};
  for (const auto& [table, file] : files) {
    const auto source = lines_of(demo_app() / file);
    EXPECT_EQ(rows[table], std::to_string(source.size()));
    const auto delivered = lines_of(host.out() / ("Consumer Sales/_/" + table + ".csv"));
    ASSERT_EQ(delivered.size(), source.size()) << table;
    for (std::size_t i = 0; i < source.size(); ++i) {
      for (const auto& [column, text] : source[i]) {
        const auto& got = delivered[i].at(column);
        if (got == text) continue;
        // Numbers are written in another form than the file's; a time is the part of a day that no tag tells from a number.
        const bool time = text.size() >= 8 && text[text.size() - 3] == ':';
        const double expected = time ? days_of(text) : std::stod(text);
        ASSERT_NEAR(std::stod(got), expected, 1e-9) << table << "." << column << " row " << i;
      }
    }
  }
  EXPECT_EQ(rows.size(), files.size());
  std::set<std::string> keys;
  for (const auto& line : lines_of(host.out() / "Consumer Sales/_/model.keys.csv")) keys.insert(line.at("fields") + "@" + line.at("table"));
  EXPECT_EQ(keys, (std::set<std::string>{"CustomerID@Sales", "CustomerID@Customers", "ProductID@Sales", "ProductID@Products",
                                         "Region@Customers", "Region@Regions"}));
}

TEST(Sources, NullsAndTextsOfATableAreWhatWasLoaded) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "").set("pipeline.p.table", "Orders").set("sink.f.null", "NULL");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  const auto lines = lines_of(host.out() / "Gallery/_/Orders.csv");
  ASSERT_EQ(lines.size(), 10u);
  EXPECT_THAT(column_of(lines, "Discount"), ElementsAre("NULL", "1.5", "NULL", "2", "NULL", "10", "NULL", "NULL", "0.9", "NULL"));
  EXPECT_THAT(column_of(lines, "Amount"), ElementsAre("120.5", "35", "210", "42", "99.95", "180.75", "140", "5", "199.9", "60"));
  EXPECT_EQ(lines[0].at("Day"), "2024-01-03");
  EXPECT_EQ(lines[7].at("Product"), "NULL");
}

TEST(Sources, AnUnknownTableOrFieldIsNamedWithWhatComesNear) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "").set("pipeline.p.table", "Sale").set("pipeline.p.field", "Regoin");
  const auto outcome = host.run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("the app has no table 'Sale' (did you mean 'Sales'?)"),
                                 HasSubstr("the app has no field 'Regoin' (did you mean 'Region'?)")));
  EXPECT_THAT(host.files(), IsEmpty());
}

TEST(Sources, ExpressionsAreOneRowOfNumbersAndTexts) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "")
      .set("pipeline.p.expression.First order", "Min([Order Date]) format date")
      .set("pipeline.p.expression.Nothing", "Sum({<Region={'Nowhere'}>} Amount) / 0")
      .set("pipeline.p.expression.Orders", "Count(DISTINCT OrderID) format integer")
      .set("pipeline.p.expression.Sales", "Sum(Amount)")
      .set("pipeline.p.expression.Leer", "=''")
      .set("pipeline.p.expression.Where", "='All ' & 'regions'");
  host.set("sink.f.null", "<null>");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  double total = 0;
  std::string first = "9999";
  std::set<std::string> orders;
  for (const auto& line : sales()) {
    total += std::stod(line.at("Amount"));
    first = std::min(first, line.at("Order Date"));
    orders.insert(line.at("OrderID"));
  }
  const auto lines = lines_of(host.out() / "Consumer Sales/_/expressions.csv");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NEAR(std::stod(lines[0].at("Sales")), total, 0.01);
  EXPECT_EQ(lines[0].at("Orders"), std::to_string(orders.size()));
  EXPECT_EQ(lines[0].at("First order"), first);
  EXPECT_EQ(lines[0].at("Where"), "All regions");
  EXPECT_EQ(lines[0].at("Nothing"), "<null>");
  EXPECT_EQ(lines[0].at("Leer"), "") << "an empty text is no null";
}

TEST(Sources, ListsHoldWhatTheAppIsMadeOf) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "");
  host.set("pipeline.p.list", "apps, sheets, objects, fields, measures, dimensions, variables, bookmarks");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  const auto list = [&](const std::string& name) { return lines_of(host.out() / "Gallery/_" / (name + ".csv")); };
  EXPECT_THAT(column_of(list("apps"), "title"), Contains("Gallery"));
  EXPECT_THAT(column_of(list("sheets"), "id"), Contains("tables"));
  EXPECT_THAT(column_of(list("fields"), "name"), Contains("Weight"));
  EXPECT_THAT(column_of(list("bookmarks"), "id"), UnorderedElementsAre("b-large", "b-north"));
  EXPECT_THAT(column_of(list("variables"), "name"), ElementsAre("vRegion", "vTop", "vTotal"));
  EXPECT_THAT(column_of(list("objects.objects"), "id"), AllOf(Contains("g-table"), Contains("master-sales")));
  const auto measures = list("measures");
  const auto measure = std::find_if(measures.begin(), measures.end(), [](const auto& line) { return line.at("id") == "m-sales"; });
  ASSERT_NE(measure, measures.end());
  EXPECT_EQ(measure->at("expression"), "Sum(Amount)");
  EXPECT_EQ(measure->at("fields"), "Amount");
  EXPECT_THAT(column_of(list("dimensions"), "expression"), ElementsAre("Region", "Group", "Region", "City"));
  // From object to field: a master measure, a calculated dimension, both members of a group.
  std::set<std::string> uses;
  for (const auto& line : list("objects.lineage")) uses.insert(line.at("object_id") + " " + line.at("role") + " " + line.at("field"));
  for (const auto* use : {"g-table measure Amount", "g-calculated dimension Amount", "g-cyclic dimension Group",
                          "g-cyclic dimension Region", "master-sales measure Amount", "g-errors measure Region"}) {
    EXPECT_TRUE(uses.contains(use)) << use;
  }
}

TEST(Sources, ObjectsAreTakenByTypeAndMasterNameAndTakenOutAgain) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "Gallery").set("sink.f.file", "{object}");
  host.set("pipeline.p.objects", "sheet:Tables/*[type=table], master:Master*, !object:g-c*, !object:g-errors");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  const auto files = host.files();
  EXPECT_THAT(files,
              AllOf(Contains("g-table.csv"), Contains("g-drill.csv"), Contains("master-sales.csv"), Not(Contains("g-sn-table.csv"))));
  EXPECT_THAT(files, AllOf(Not(Contains("g-calculated.csv")), Not(Contains("g-cyclic.csv")), Not(Contains("g-errors.csv"))));
  const auto misspelt = host.set("pipeline.p.objects", "sheet:*/*, !sheet:Tabels/*").run();
  EXPECT_EQ(misspelt.exit_code, 1);
  EXPECT_THAT(misspelt.out, HasSubstr("did you mean 'Tables'"));
}

TEST(Sources, FieldsHoldAllValuesWithStateAndFrequency) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "").set("pipeline.p.field", "Product, Reg*");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  const auto regions = lines_of(host.out() / "Gallery/_/Region.csv");
  EXPECT_THAT(column_of(regions, "Region"), ElementsAre("North", "South"));
  EXPECT_THAT(column_of(regions, "state"), ElementsAre("possible", "possible"));
  EXPECT_THAT(column_of(regions, "frequency"), ElementsAre("2", "3")) << "cities of each";
  EXPECT_THAT(column_of(lines_of(host.out() / "Gallery/_/Product.csv"), "Product"),
              ElementsAre("Ambrosia", "Bread", "Cider", "Dates", "Eggs", "Figs"));
}

TEST(Sources, SelectionsReachCubesAndFieldsAndAreSaidNotToReachTables) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "").set("pipeline.p.select.Region", "North");
  host.set("pipeline.p.cube.towns.dimensions", "City").set("pipeline.p.expression.Amount", "Sum(Amount)");
  host.set("pipeline.p.field", "Region").set("pipeline.p.table", "Cities");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(column_of(lines_of(host.out() / "Gallery/_/towns.csv"), "City"), UnorderedElementsAre("Göteborg", "Oslo"));
  EXPECT_THAT(column_of(lines_of(host.out() / "Gallery/_/Region.csv"), "state"), ElementsAre("selected", "alternative"));
  EXPECT_EQ(lines_of(host.out() / "Gallery/_/expressions.csv").front().at("Amount"), "370.5");
  EXPECT_EQ(lines_of(host.out() / "Gallery/_/Cities.csv").size(), 5u);
  EXPECT_THAT(outcome.out, HasSubstr("selections do not filter tables of the data model"));

  const auto elsewhere = host.set("pipeline.p.alternate-state", "Other").set("pipeline.p.select.Region", "South").run();
  EXPECT_EQ(elsewhere.exit_code, 3) << "an expression knows no state but the default one";
  EXPECT_THAT(elsewhere.err, HasSubstr("Sum({Other} Sales)"));
  const auto other = host.set("pipeline.p.expression.Amount", "").run();
  ASSERT_EQ(other.exit_code, 0) << other.out << other.err;
  EXPECT_THAT(column_of(lines_of(host.out() / "Gallery/_/towns.csv"), "City"), UnorderedElementsAre("Napoli", "Roma", "Palermo"));
}

// An app that was made by a program may have any ids.
TEST(Sources, AreNotMistakenForAnObjectOfTheirName) {
  TempFolder folder;
  folder.write("app.json", R"j({"id": "butik", "title": "Butik",
    "tables": [{"name": "Köp", "csv": "Ort,Antal\nMalmö,1\nLund,2\n",
                "fields": [{"name": "Ort", "type": "text"}, {"name": "Antal", "type": "integer"}]}],
    "sheets": [{"id": "blad", "title": "Blad", "objects": [
      {"id": "table:Köp", "type": "table", "title": "Alla", "dimensions": [{"field": "Ort"}], "measures": [{"expression": "Sum(Antal)"}]}]}]})j");
  const Simulator engine({"--app", folder.path().string()});
  Host host(engine.url());
  host.set("pipeline.p.app", "butik").set("pipeline.p.objects", "sheet:*/*");
  EXPECT_EQ(host.run().exit_code, 0);
  host.set("pipeline.p.table", "Köp");
  const auto outcome = host.run();
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("pipeline.p.objects: the object 'table:Köp' has the name of another source of this pipeline"));
  EXPECT_NE(host.run({"check", "--probe"}).exit_code, 0);
  EXPECT_EQ(host.set("pipeline.p.objects", "").run().exit_code, 0);
}

// A lost connection in the middle: session objects are made again, rows are read again.
TEST(SourcesOnABadDay, SurviveADropInTheMiddle) {
  TempFolder folder;
  const Simulator engine({"--app", demo_app().string(), "--profile", folder.write("p.properties", "drop.after = 3\n").string()});
  Host host(engine.url());
  host.set("pipeline.p.objects", "")
      .set("pipeline.p.cube.c.dimensions", "OrderID")
      .set("pipeline.p.cube.c.measures", "Sum(Amount) as Amount")
      .set("pipeline.p.table", "Sales")
      .set("connection.c.reconnect-attempts", "3");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(lines_of(host.out() / "Consumer Sales/_/c.csv").size(), sales().size());
  EXPECT_EQ(lines_of(host.out() / "Consumer Sales/_/Sales.csv").size(), sales().size());
}

}  // namespace
}  // namespace qonduit::integration

// Pivot, stacked and tree cubes, the whole way. What is expected is never what the adapter says: captured cubes are compared with what a
// script derives from the captures (tests/fixtures/derive_expected_cubes.py), computed ones with a group-by over the source rows written
// out here, one combination of members at a time.
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

const fs::path kFixtures = paths::source("tests/fixtures");

using Row = std::vector<std::string>;

std::vector<Row> texts_of(const fs::path& file) {
  std::vector<Row> rows;
  for (const auto& row : read_csv(file)) {
    auto& texts = rows.emplace_back();
    for (const auto& field : row) texts.push_back(field.text);
  }
  return rows;
}

bool same(const std::string& left, const std::string& right) {
  if (left == right) return true;
  char* left_end = nullptr;
  char* right_end = nullptr;
  const double a = std::strtod(left.c_str(), &left_end);
  const double b = std::strtod(right.c_str(), &right_end);
  return left_end != left.c_str() && *left_end == '\0' && right_end != right.c_str() && *right_end == '\0' && a == b;
}

class CapturedCubes : public ::testing::TestWithParam<const char*> {};

TEST_P(CapturedCubes, ArriveAsAScriptDerivesThemFromTheCaptures) {
  const std::string folder = GetParam();
  Host host(captures_engine().url());
  host.set("sink.f.file", "{app}/{object}/{dataset}").set("sink.f.null", "<null>");
  int pipelines = 0;
  const auto expected = kFixtures / "expected_cubes" / folder;
  for (const auto& entry : fs::directory_iterator(expected)) {
    const auto prefix = "pipeline." + (pipelines++ == 0 ? std::string("p") : "p" + std::to_string(pipelines)) + ".";
    host.set(prefix + "connection", "c").set(prefix + "sinks", "f").set(prefix + "objects", "sheet:*/*").set(prefix + "attempts", "1");
    host.set(prefix + "app", entry.path().filename().string()).set(prefix + "on-error", "continue");
    host.set(prefix + "adapter.cube.shape", folder == "values" ? "tidy" : folder);
    host.set(prefix + "adapter.cube.totals", folder == "values" ? "drop" : "keep");
  }
  // A definition cube, of which no data was captured, fails its own dataset and no other.
  const auto outcome = host.run();
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(expected)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    SCOPED_TRACE(entry.path().string());
    const auto got = host.out() / fs::relative(entry.path(), expected);
    ASSERT_TRUE(fs::exists(got)) << outcome.out;
    const auto have = texts_of(got);
    const auto want = texts_of(entry.path());
    ASSERT_EQ(have.size(), want.size());
    for (std::size_t row = 0; row < want.size(); ++row) {
      ASSERT_EQ(have[row].size(), want[row].size()) << "row " << row;
      for (std::size_t column = 0; column < want[row].size(); ++column) {
        EXPECT_TRUE(same(have[row][column], want[row][column]))
            << "row " << row << ", column " << column << ": " << have[row][column] << ", expected " << want[row][column];
      }
    }
  }
  EXPECT_EQ(files, folder == "cells" || folder == "tidy" ? 12 : 14);
  EXPECT_THAT(outcome.out, HasSubstr("read as the object is expanded for this user"));
}

INSTANTIATE_TEST_SUITE_P(Shapes, CapturedCubes, ::testing::Values("tidy", "values", "wide", "cells"),
                         [](const auto& test) { return std::string(test.param); });

// Source rows with gaps: some combinations have no row, some members are null.
struct Order {
  std::string region, product, year;
  int amount;
};

std::vector<Order> orders() {
  const std::vector<std::string> regions = {"North", "South", "East", ""};
  const std::vector<std::string> products = {"Ale", "Bread", "Cider", "Dates", ""};
  const std::vector<std::string> years = {"2023", "2024", "2025"};
  std::vector<Order> made;
  for (int i = 0; i < 90; ++i) {
    const int a = (i * 7 + i / 5) % 4;
    const int b = (i * 11 + i / 3) % 5;
    const int c = (i * 5 + i / 7) % 3;
    if ((a * 5 + b * 3 + c) % 4 == 0) continue;
    made.push_back({regions[static_cast<std::size_t>(a)], products[static_cast<std::size_t>(b)], years[static_cast<std::size_t>(c)],
                    (i * 37) % 101 + 1});
  }
  return made;
}

std::string field_of(const Order& order, int dimension) {
  return dimension == 0 ? order.region : dimension == 1 ? order.product : order.year;
}
std::string shown(const std::string& member) { return member.empty() ? "<null>" : member; }

// A pivot over the orders: the order of its levels, -1 for the measures, and how many of them are left.
struct Pivot {
  std::string id;
  std::vector<int> levels;
  int left = 0;
  int measures = 3;
  std::string more = "";  // members of the cube
  std::map<int, std::string> of_dimension = {};
};

std::string json_of(const Pivot& pivot) {
  const char* names[] = {"Region", "Product", "Year"};
  const char* measures[] = {R"j({"expression":"Sum(Amount)","label":"Sum"})j", R"j({"expression":"Max(Amount)","label":"Largest"})j",
                            R"j({"expression":"Count(Amount)","label":"Count"})j"};
  std::string dimensions;
  for (int i = 0; i < 3; ++i) {
    const auto more = pivot.of_dimension.find(i);
    dimensions += (i > 0 ? "," : "") + std::string(R"({"field":")") + names[i] + "\"" +
                  (more == pivot.of_dimension.end() ? "" : "," + more->second) + "}";
  }
  std::string values;
  for (int i = 0; i < pivot.measures; ++i) values += (i > 0 ? "," : "") + std::string(measures[i]);
  std::string order;
  for (const auto level : pivot.levels) order += (order.empty() ? "" : ",") + std::to_string(level);
  return R"({"id":")" + pivot.id + R"(","type":"pivot-table","title":")" + pivot.id + R"(","dimensions":[)" + dimensions +
         R"(],"measures":[)" + values + R"(],"qMode":"P","qNoOfLeftDims":)" + std::to_string(pivot.left) + R"(,"sortOrder":[)" + order +
         "]" + (pivot.more.empty() ? "" : "," + pivot.more) + R"(,"initialFetch":[{"qLeft":0,"qTop":0,"qWidth":50,"qHeight":50}]})";
}

// An app folder with these pivots over the orders.
fs::path write_app(const TempFolder& folder, const std::vector<std::string>& objects, const std::string& tables) {
  std::string all;
  for (const auto& object : objects) all += (all.empty() ? "" : ",") + object;
  const auto app =
      R"({"id":"orders","title":"Orders","tables":[)" + tables + R"(],"sheets":[{"id":"s","title":"S","objects":[)" + all + "]}]}";
  folder.write("app.json", app);
  return folder.path();
}

const char* const kOrdersTable =
    R"({"name":"Orders","file":"orders.csv","fields":[{"name":"Region","type":"text"},{"name":"Product","type":"text"},{"name":"Year","type":"text"},{"name":"Amount","type":"integer"}]})";

std::string orders_csv() {
  std::string text = "Region,Product,Year,Amount\n";
  for (const auto& order : orders()) {
    text += order.region + "," + order.product + "," + order.year + "," + std::to_string(order.amount) + "\n";
  }
  return text;
}

// The measures over the orders that pass; a crossing without any is null, also where the measure would be 0 over nothing.
Row measured(const std::function<bool(const Order&)>& passes, int measures) {
  int sum = 0, largest = 0, count = 0;
  for (const auto& order : orders()) {
    if (!passes(order)) continue;
    sum += order.amount, largest = std::max(largest, order.amount), ++count;
  }
  Row row = {std::to_string(sum), std::to_string(largest), std::to_string(count)};
  row.resize(static_cast<std::size_t>(measures));
  if (count == 0) row.assign(row.size(), "<null>");
  return row;
}

// Every combination of members a pivot shows: those of its left dimensions that occur, each with those of its top dimensions that occur.
// label: what a member is shown as, which may group several.
using Label = std::function<std::string(int dimension, const std::string& member)>;
std::vector<Row> combinations(const Pivot& pivot, const Label& label) {
  std::vector<int> left, top;
  for (std::size_t i = 0; i < pivot.levels.size(); ++i) {
    if (pivot.levels[i] >= 0) (static_cast<int>(i) < pivot.left ? left : top).push_back(pivot.levels[i]);
  }
  const auto members = [&](const std::vector<int>& side) {
    std::set<Row> found;
    for (const auto& order : orders()) {
      Row row;
      for (const auto dimension : side) row.push_back(label(dimension, field_of(order, dimension)));
      found.insert(row);
    }
    return found;
  };
  std::vector<Row> rows;
  for (const auto& on_left : members(left)) {
    for (const auto& on_top : members(top)) {
      Row row(3);
      for (std::size_t i = 0; i < left.size(); ++i) row[static_cast<std::size_t>(left[i])] = on_left[i];
      for (std::size_t i = 0; i < top.size(); ++i) row[static_cast<std::size_t>(top[i])] = on_top[i];
      const auto values = measured(
          [&](const Order& order) {
            for (int d = 0; d < 3; ++d) {
              if (label(d, field_of(order, d)) != row[static_cast<std::size_t>(d)]) return false;
            }
            return true;
          },
          pivot.measures);
      row.insert(row.end(), values.begin(), values.end());
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::string plain(int, const std::string& member) { return shown(member); }

// The host's files for the objects of an app folder.
struct Delivered {
  Delivered(const std::vector<std::string>& objects, const std::map<std::string, std::string>& options, const std::string& profile = "",
            const std::string& tables = kOrdersTable, const std::string& csv = orders_csv()) {
    app.write("orders.csv", csv);
    std::vector<std::string> arguments{"--app", write_app(app, objects, tables).string()};
    if (!profile.empty()) arguments.insert(arguments.end(), {"--profile", app.write("profile.properties", profile).string()});
    const Simulator engine(arguments);
    Host host(engine.url());
    host.set("pipeline.p.app", "Orders").set("pipeline.p.objects", "sheet:S/*").set("pipeline.p.on-error", "continue");
    host.set("pipeline.p.retry-delay", "1ms").set("sink.f.file", "{object}").set("sink.f.null", "<null>");
    for (const auto& [key, value] : options) host.set(key, value);
    outcome = host.run();
    for (const auto& file : host.files()) {
      if (file.ends_with(".csv")) files[fs::path(file).stem().string()] = texts_of(host.out() / file);
    }
  }
  std::vector<Row> rows(const std::string& object) {
    auto all = files[object];
    if (!all.empty()) all.erase(all.begin());
    return all;
  }
  TempFolder app;
  Outcome outcome;
  std::map<std::string, std::vector<Row>> files;
};

// Every order of three dimensions and the measures, with every number of levels on the left.
std::vector<Pivot> every_pivot() {
  std::vector<Pivot> pivots;
  std::vector<int> levels = {-1, 0, 1, 2};
  do {
    for (int left = 0; left <= 4; ++left) {
      Pivot pivot;
      pivot.id = "p";
      for (const auto level : levels) pivot.id += level < 0 ? "m" : std::to_string(level);
      pivot.id += "-" + std::to_string(left);
      pivot.levels = levels, pivot.left = left;
      pivots.push_back(pivot);
    }
  } while (std::next_permutation(levels.begin(), levels.end()));
  return pivots;
}

TEST(Pivots, AreExactWithTheMeasuresInEveryPlaceAndAnyNumberOfDimensionsOnTheLeft) {
  const auto pivots = every_pivot();
  ASSERT_EQ(pivots.size(), 120U);
  std::vector<std::string> objects;
  for (const auto& pivot : pivots) objects.push_back(json_of(pivot));
  Delivered delivered(objects, {});
  ASSERT_EQ(delivered.outcome.exit_code, 0) << delivered.outcome.out;
  for (const auto& pivot : pivots) {
    SCOPED_TRACE(pivot.id);
    ASSERT_FALSE(delivered.files[pivot.id].empty());
    EXPECT_THAT(delivered.files[pivot.id].front(), ElementsAre("Region", "Product", "Year", "Sum", "Largest", "Count"));
    EXPECT_THAT(delivered.rows(pivot.id), UnorderedElementsAreArray(combinations(pivot, plain)));
  }
}

// The first dimension of its side, whatever the place of the measures.
bool stands_first(const Pivot& pivot, int dimension) {
  const auto at = std::find(pivot.levels.begin(), pivot.levels.end(), dimension);
  const auto side = pivot.levels.begin() + (at - pivot.levels.begin() < pivot.left ? 0 : pivot.left);
  return std::all_of(side, at, [](int level) { return level < 0; });
}

// The same pivots for a reader without rights to definitions: collapsed, as they stand on the sheet. What a row says must still be true.
TEST(Pivots, DeliverWhatIsVisibleToAReaderWithoutRightsAndSayso) {
  const auto pivots = every_pivot();
  std::vector<std::string> objects;
  for (const auto& pivot : pivots) objects.push_back(json_of(pivot));
  Delivered delivered(objects, {{"pipeline.p.adapter.cube.shape", "cells"}}, "error.GetEffectiveProperties = every 1:5\n");
  ASSERT_EQ(delivered.outcome.exit_code, 0) << delivered.outcome.out;
  EXPECT_THAT(delivered.outcome.out, HasSubstr("read as the object is expanded for this user"));
  const char* measures[] = {"Sum", "Largest", "Count"};
  for (const auto& pivot : pivots) {
    SCOPED_TRACE(pivot.id);
    const auto rows = delivered.rows(pivot.id);
    ASSERT_FALSE(rows.empty());
    for (const auto& row : rows) {
      ASSERT_GE(row.size(), 5U);
      const auto measure = static_cast<std::size_t>(std::find(measures, measures + 3, row[3]) - measures);
      ASSERT_LT(measure, 3U);
      // Below a collapsed member a level says nothing, and every order counts. A null there is no null member: behind the first of its
      // side everything is collapsed, and the last column names it.
      const auto values = measured(
          [&](const Order& order) {
            for (int d = 0; d < 3; ++d) {
              const bool first = stands_first(pivot, d);
              if (first && shown(field_of(order, d)) != row[static_cast<std::size_t>(d)]) return false;
              if (!first && row[static_cast<std::size_t>(d)] != "<null>") return false;
            }
            return true;
          },
          3);
      EXPECT_TRUE(same(row[4], values[measure])) << ::testing::PrintToString(row) << " expected " << values[measure];
      if (row.size() == 5) continue;  // nothing is collapsed in this pivot
      ASSERT_EQ(row.size(), 7U);
      const char* titles[] = {"Region", "Product", "Year"};
      for (int d = 0; d < 3; ++d)
        EXPECT_EQ(row[6].find(titles[d]) != std::string::npos, !stands_first(pivot, d)) << ::testing::PrintToString(row);
    }
  }
}

TEST(Pivots, KeepTotalsMarkedOrLeaveThemOut) {
  Pivot pivot{"totals", {0, 1, 2, -1}, 2, 3, "", {}};
  for (int d = 0; d < 2; ++d) pivot.of_dimension[d] = R"("qOtherTotalSpec":{"qTotalMode":"TOTAL_EXPR"})";
  std::vector<Row> expected;
  for (auto row : combinations(pivot, plain)) {
    row.insert(row.end(), {"value", "<null>"});
    expected.push_back(row);
  }
  const auto total = [&](const std::string& region, const std::string& product, const std::string& year) {
    Row row{region, product, year};
    const auto values =
        measured([&](const Order& order) { return shown(order.year) == year && (region == "Total" || shown(order.region) == region); }, 3);
    row.insert(row.end(), values.begin(), values.end());
    row.insert(row.end(), {"total", region == "Total" ? "Region, Product" : "Product"});
    expected.push_back(row);
  };
  for (const std::string year : {"2023", "2024", "2025"}) {
    total("Total", "<null>", year);
    for (const std::string region : {"North", "South", "East", "<null>"}) total(region, "Total", year);
  }
  Delivered kept({json_of(pivot)}, {{"pipeline.p.adapter.cube.totals", "keep"}});
  EXPECT_THAT(kept.rows("totals"), UnorderedElementsAreArray(expected)) << kept.outcome.out;
  Delivered dropped({json_of(pivot)}, {});
  EXPECT_THAT(dropped.rows("totals"), UnorderedElementsAreArray(combinations(pivot, plain)));
}

TEST(Pivots, DeliverOthersAsTheUserSeesThem) {
  // The two products with the largest sums stay; every other product is Others. No product is no product.
  std::map<std::string, int> sums;
  for (const auto& order : orders()) {
    if (!order.product.empty()) sums[order.product] += order.amount;
  }
  std::vector<std::pair<int, std::string>> ranked;
  for (const auto& [product, sum] : sums) ranked.emplace_back(sum, product);
  std::sort(ranked.rbegin(), ranked.rend());
  ASSERT_NE(ranked[1].first, ranked[2].first);
  const auto label = [&](int dimension, const std::string& member) -> std::string {
    if (dimension != 1 || member.empty() || member == ranked[0].second || member == ranked[1].second) return shown(member);
    return "Others";
  };
  Pivot pivot{"others", {0, 1, -1, 2}, 2, 3, "", {{1, R"("top":2)"}}};
  std::vector<Row> expected;
  for (auto row : combinations(pivot, label)) {
    const bool others = row[1] == "Others";
    row.insert(row.end(), {others ? "others" : "value", others ? "Product" : "<null>"});
    expected.push_back(row);
  }
  Delivered delivered({json_of(pivot)}, {});
  EXPECT_THAT(delivered.rows("others"), UnorderedElementsAreArray(expected)) << delivered.outcome.out;
}

TEST(Pivots, MayHaveOneMeasure) {
  const Pivot left{"left", {0, 1, 2}, 3, 1, "", {}};
  const Pivot top{"top", {0, 1, 2}, 0, 1, "", {}};
  const Pivot both{"both", {2, 0, 1}, 1, 1, "", {}};
  Delivered delivered({json_of(left), json_of(top), json_of(both)}, {});
  for (const auto& pivot : {left, top, both}) {
    EXPECT_THAT(delivered.rows(pivot.id), UnorderedElementsAreArray(combinations(pivot, plain))) << pivot.id << delivered.outcome.out;
  }
}

// Twenty dimensions of two members each, ten on each side: as many rows as combinations of the sides that occur.
TEST(Pivots, MayHaveTwentyDimensions) {
  constexpr int kRows = 25;
  std::string csv;
  std::string fields;
  std::string dimensions;
  std::string order;
  for (int d = 0; d < 20; ++d) {
    const auto name = "D" + std::to_string(d);
    csv += name + ",";
    fields += R"({"name":")" + name + R"(","type":"text"},)";
    dimensions += (d > 0 ? "," : "") + std::string(R"({"field":")") + name + "\"}";
    order += std::to_string(d) + ",";
  }
  csv += "Amount\n";
  std::vector<Row> source;
  for (int i = 0; i < kRows; ++i) {
    auto& row = source.emplace_back();
    for (int d = 0; d < 20; ++d) row.push_back((i * (d + 3) + i / (d + 1)) % 3 == 0 ? "a" : "b");
    for (const auto& member : row) csv += member + ",";
    csv += std::to_string(i + 1) + "\n";
  }
  const auto tables = R"({"name":"T","file":"orders.csv","fields":[)" + fields + R"({"name":"Amount","type":"integer"}]})";
  const auto object = R"({"id":"twenty","type":"pivot-table","title":"t","dimensions":[)" + dimensions +
                      R"j(],"measures":[{"expression":"Sum(Amount)","label":"Sum"},{"expression":"Count(Amount)","label":"Count"}],)j" +
                      R"("qMode":"P","qNoOfLeftDims":10,"sortOrder":[)" + order + "-1]}";
  std::set<Row> left, top;
  for (const auto& row : source) {
    left.insert(Row(row.begin(), row.begin() + 10));
    top.insert(Row(row.begin() + 10, row.end()));
  }
  std::vector<Row> expected;
  for (const auto& on_left : left) {
    for (const auto& on_top : top) {
      Row row = on_left;
      row.insert(row.end(), on_top.begin(), on_top.end());
      int sum = 0, count = 0;
      for (int i = 0; i < kRows; ++i) {
        if (std::equal(row.begin(), row.end(), source[static_cast<std::size_t>(i)].begin())) sum += i + 1, ++count;
      }
      row.push_back(count == 0 ? "<null>" : std::to_string(sum));
      row.push_back(count == 0 ? "<null>" : std::to_string(count));
      expected.push_back(std::move(row));
    }
  }
  Delivered delivered({object}, {}, "", tables, csv);
  EXPECT_THAT(delivered.rows("twenty"), UnorderedElementsAreArray(expected)) << delivered.outcome.out;
}

// A pivot wider than a page of 30 cells, in pages that come short, in calls that are aborted: the same rows.
TEST(Pivots, AreTheSameHoweverTheirPagesAreCut) {
  const Pivot wide{"wide", {0, 1, 2, -1}, 1, 3, "", {}};
  const Pivot tall{"tall", {0, 1, 2, -1}, 3, 3, "", {}};
  Delivered cut({json_of(wide), json_of(tall)}, {{"pipeline.p.page-cells", "7"}}, "abort.every = 5\n");
  Delivered shortened({json_of(wide), json_of(tall)}, {}, "pages.short = 1\nmax-cells = 20\n");
  for (const auto& pivot : {wide, tall}) {
    EXPECT_THAT(cut.rows(pivot.id), UnorderedElementsAreArray(combinations(pivot, plain))) << cut.outcome.out;
    EXPECT_THAT(shortened.rows(pivot.id), UnorderedElementsAreArray(combinations(pivot, plain))) << shortened.outcome.out;
  }
}

std::string object_of(const std::string& mode, const std::string& type) {
  Pivot pivot{"x", {0, 1, 2}, 3, 2, "", {}};
  auto text = json_of(pivot);
  text.replace(text.find(R"("qMode":"P")"), 11, R"("qMode":")" + mode + "\"");
  text.replace(text.find("pivot-table"), 11, type);
  return text;
}

TEST(StacksAndTrees, AreExactWithAndWithoutRightsToTheirDefinitions) {
  const Pivot same_rows{"x", {0, 1, 2}, 3, 2, "", {}};
  for (const auto& [mode, type] : {std::pair<std::string, std::string>{"K", "treemap"}, {"T", "sn-grid-chart"}}) {
    for (const std::string profile : {"", "error.GetEffectiveProperties = every 1:5\n"}) {
      SCOPED_TRACE(mode + profile);
      Delivered delivered({object_of(mode, type)}, {}, profile);
      ASSERT_EQ(delivered.outcome.exit_code, 0) << delivered.outcome.out;
      EXPECT_THAT(delivered.rows("x"), UnorderedElementsAreArray(combinations(same_rows, plain)));
    }
  }
}

// The traps of users, by their names.
TEST(TrapsOfPivots, PivotExportInCollapsedModeLosesADimensionAndShiftsTheMeasures) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "object:g-pivot");
  host.set("sink.f.file", "{object}").set("sink.f.null", "<null>");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
  const auto rows = texts_of(host.out() / "g-pivot.csv");
  EXPECT_THAT(rows.front(), ElementsAre("Region", "City", "Group", "Sales", "Quantity"));
  // Orders 1 and 5 of the gallery's source, counted by hand: Oslo bought bread for 35, Napoli food for 141.95.
  EXPECT_THAT(rows, ::testing::Contains(ElementsAre("North", "Oslo", "Food", "35", "10")));
  EXPECT_THAT(rows, ::testing::Contains(ElementsAre("South", "Napoli", "Food", "141.95", "13")));
  EXPECT_EQ(rows.size(), 29U) << "seven cities, four groups";
}

TEST(TrapsOfPivots, PivotExportFailsOrIsEmpty) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "sheet:Pivots/*").set("sink.f.file", "{object}");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
  int files = 0;
  for (const auto& file : host.files()) {
    if (!file.ends_with(".csv")) continue;
    ++files;
    EXPECT_GT(texts_of(host.out() / file).size(), 1U) << file;
  }
  EXPECT_EQ(files, 6);
}

// Pages that come twice, shifted, empty or short, and sizes that are wrong: the right file or none.
TEST(TrapsOfPivots, WrongPagesAndSizesAreSurvivedOrNamed) {
  std::vector<Row> right;
  for (const auto& [profile, reason] :
       std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                        {"pages.short = 2\n", ""},
                                                        {"abort.every = 3\n", ""},
                                                        {"max-cells = 9\n", ""},
                                                        {"drop.after = 1\n", ""},
                                                        {"pages.duplicate-every = 2\n", "more than the one page"},
                                                        {"pages.shift-every = 2\n", "another area"},
                                                        {"pages.empty-every = 2\n", "no data at row"},
                                                        {"size.offset = 2\n", "rows"},
                                                        {"size.offset = -2\n", "rows behind row"},
                                                        {"size.offset = -1000\n", "rows behind row"}}) {
    SCOPED_TRACE(profile);
    TempFolder folder;
    std::vector<std::string> arguments{"--gallery"};
    if (!profile.empty()) arguments.insert(arguments.end(), {"--profile", folder.write("p.properties", profile).string()});
    const Simulator engine(arguments);
    Host host(engine.url());
    host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "object:g-pivot").set("pipeline.p.attempts", "2");
    host.set("pipeline.p.page-cells", "16").set("sink.f.file", "{object}");
    const auto outcome = host.run();
    if (reason.empty()) {
      ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
      const auto rows = texts_of(host.out() / "g-pivot.csv");
      if (right.empty()) right = rows;
      EXPECT_EQ(rows, right);
      EXPECT_EQ(rows.size(), 29U);
    } else {
      EXPECT_EQ(outcome.exit_code, 1);
      EXPECT_THAT(outcome.out, HasSubstr(reason));
      EXPECT_THAT(host.files(), ::testing::IsEmpty());
    }
  }
}

// Session objects are destroyed when the dataset is done, when it fails, and when its definition is refused: the engine keeps none.
TEST(TrapsOfPivots, SessionObjectIsDestroyedOnEveryPath) {
  for (const std::string profile : {"", "abort.every = 2\n", "error.GetHyperCubePivotData = 1:6\n", "error.GetLayout = 3:6\n",
                                    "pages.empty-every = 1\n", "size.offset = 1\n"}) {
    SCOPED_TRACE(profile);
    TempFolder folder;
    const auto report = folder.path() / "report.json";
    std::vector<std::string> arguments{"--gallery", "--fault-report", report.string()};
    if (!profile.empty()) arguments.insert(arguments.end(), {"--profile", folder.write("p.properties", profile).string()});
    Simulator engine(arguments);
    Host host(engine.url());
    host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "object:g-pivot").set("pipeline.p.attempts", "2");
    host.set("pipeline.p.retry-delay", "1ms");
    const auto outcome = host.run();
    EXPECT_TRUE(outcome.exit_code == 0 || outcome.exit_code == 1) << outcome.err;
    engine.stop();
    const auto calls = Poco::JSON::Parser().parse(read_text(report)).extract<Poco::JSON::Object::Ptr>()->getObject("calls");
    const auto created = calls->optValue<int>("CreateSessionObject", 0);
    EXPECT_GT(created, 0) << outcome.out;
    EXPECT_EQ(calls->optValue<int>("DestroySessionObject", 0), created);
  }
}

TEST(Boxplots, AreReadWholeByTheAdaptersThatKnowTheirCubes) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "object:g-boxplot").set("sink.f.file", "{object}/{dataset}");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
  std::vector<std::string> files;
  for (const auto& file : host.files()) {
    if (file.ends_with(".csv")) files.push_back(file);
  }
  EXPECT_THAT(files, UnorderedElementsAreArray(
                         {"g-boxplot/boxplot.box.csv", "g-boxplot/boxplot.definition.csv", "g-boxplot/boxplot.outliers.csv"}));
  EXPECT_THAT(texts_of(host.out() / "g-boxplot/boxplot.outliers.csv").front(), ElementsAre("City", "Product", "Outlier"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("no installed plugin reads")));
}

}  // namespace
}  // namespace qonduit::integration

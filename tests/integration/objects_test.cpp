// Every kind of object, from the sheet to the file: captured objects against expectations a script derives from the captures
// (tests/fixtures/derive_expected.py), and the gallery, whose objects are nested, linked and hidden in every way apps know.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

namespace fs = std::filesystem;
using Poco::JSON::Object;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const fs::path kFixtures = paths::source("tests/fixtures");

// Equal as texts, or as numbers however they are written.
bool same(const std::string& left, const std::string& right) {
  if (left == right) return true;
  char* left_end = nullptr;
  char* right_end = nullptr;
  const double a = std::strtod(left.c_str(), &left_end);
  const double b = std::strtod(right.c_str(), &right_end);
  return left_end != left.c_str() && *left_end == '\0' && right_end != right.c_str() && *right_end == '\0' && a == b;
}

void expect_same_file(const fs::path& got, const fs::path& expected) {
  SCOPED_TRACE(expected.string());
  ASSERT_TRUE(fs::exists(got));
  const auto have = read_csv(got);
  const auto want = read_csv(expected);
  ASSERT_EQ(have.size(), want.size());
  for (std::size_t row = 0; row < want.size(); ++row) {
    ASSERT_EQ(have[row].size(), want[row].size()) << "row " << row;
    for (std::size_t column = 0; column < want[row].size(); ++column) {
      EXPECT_TRUE(same(have[row][column].text, want[row][column].text))
          << "row " << row << ", column " << column << ": " << have[row][column].text << ", expected " << want[row][column].text;
    }
  }
}

TEST(CapturedObjects, ArriveAsAScriptDerivesThemFromTheCaptures) {
  Host host(captures_engine().url());
  host.set("sink.f.file", "{app}/{object}/{dataset}").set("sink.f.null", "<null>");
  int pipelines = 0;
  for (const auto& entry : fs::directory_iterator(kFixtures / "expected")) {
    const auto prefix = "pipeline." + (pipelines++ == 0 ? std::string("p") : "p" + std::to_string(pipelines)) + ".";
    host.set(prefix + "connection", "c").set(prefix + "sinks", "f").set(prefix + "objects", "sheet:*/*").set(prefix + "retry-delay", "1ms");
    host.set(prefix + "app", entry.path().filename().string()).set(prefix + "on-error", "continue");
    for (const auto* adapter : {"table", "chart"}) host.set(prefix + "adapter." + adapter + ".attributes", "columns");
    host.set(prefix + "adapter.list.element-numbers", "true");
  }
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(kFixtures / "expected")) {
    if (!entry.is_regular_file()) continue;
    ++files;
    expect_same_file(host.out() / fs::relative(entry.path(), kFixtures / "expected"), entry.path());
  }
  EXPECT_EQ(files, 31) << "captures that hold data of a straight cube or a list";
}

// One run over the whole gallery, for all that look at what it delivered.
class Gallery : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    host_ = new Host(gallery_engine().url());
    prepare(*host_);
    report_ = parse(host_->run().out);
  }
  static void TearDownTestSuite() {
    report_ = nullptr;
    delete host_;
  }
  static void prepare(Host& host) {
    host.set("pipeline.p.app", "Gallery").set("pipeline.p.on-error", "continue");
    host.set("sink.f.file", "{object}/{dataset}").set("sink.f.null", "<null>");
  }
  static Object::Ptr parse(const std::string& json) {
    const auto parsed = Poco::JSON::Parser().parse(json);
    return parsed.type() == typeid(Object::Ptr) ? parsed.extract<Object::Ptr>() : parsed.extract<Poco::JSON::Array::Ptr>()->getObject(0);
  }
  // The entries of an object in a report: "delivered", "skipped: NOTES" or "failed".
  static std::vector<std::string> outcomes(const Object::Ptr& report, const std::string& object) {
    std::vector<std::string> all;
    const auto datasets = report->getArray("datasets");
    for (unsigned i = 0; i < datasets->size(); ++i) {
      const auto entry = datasets->getObject(i);
      if (entry->getValue<std::string>("object") != object) continue;
      auto text = entry->getValue<std::string>("outcome");
      for (unsigned n = 0; n < entry->getArray("notes")->size(); ++n) text += ": " + entry->getArray("notes")->getElement<std::string>(n);
      all.push_back(text);
    }
    return all;
  }
  static std::vector<std::string> rows(const Host& host, const std::string& file) {
    std::vector<std::string> lines;
    for (const auto& row : read_csv(host.out() / file)) {
      std::string line;
      for (const auto& field : row) line += (line.empty() ? "" : " | ") + field.text;
      lines.push_back(line);
    }
    return lines;
  }
  static std::vector<std::string> rows(const std::string& file) { return rows(*host_, file); }

  static Host* host_;
  static Object::Ptr report_;
};
Host* Gallery::host_ = nullptr;
Object::Ptr Gallery::report_;

TEST_F(Gallery, DeliversEveryStraightCubeAndListOfEverySheet) {
  const auto files = host_->files();
  for (const auto* file : {"g-table/_.csv",
                           "g-sn-table/_.csv",
                           "g-hidden/_.csv",
                           "g-calculated/_.csv",
                           "g-cyclic/_.csv",
                           "g-drill/_.csv",
                           "g-attributes/_.csv",
                           "g-state/_.csv",
                           "g-errors/_.csv",
                           "g-bar/_.csv",
                           "g-line/_.csv",
                           "g-combo/_.csv",
                           "g-pie/_.csv",
                           "g-scatter/_.csv",
                           "g-waterfall/_.csv",
                           "g-kpi/_.csv",
                           "g-gauge/_.csv",
                           "g-histogram/histogram.definition.csv",
                           "g-histogram/histogram.box.csv",
                           "g-boxplot/boxplot.definition.csv",
                           "g-boxplot/boxplot.box.csv",
                           "g-map/map.layer0.csv",
                           "g-map/map.layer1.csv",
                           "g-list-region/_.csv",
                           "g-list-city/_.csv",
                           "g-in-container/_.csv",
                           "g-tab-1/_.csv",
                           "g-tab-2/_.csv",
                           "g-linked/_.csv"}) {
    EXPECT_THAT(files, Contains(file));
  }
  EXPECT_THAT(outcomes(report_, "g-text"), ElementsAre("skipped: holds no data"));
  EXPECT_THAT(outcomes(report_, "g-condition"), ElementsAre("failed"));
}

TEST_F(Gallery, TrapObjectsInContainersAndTabsAreInvisible) {
  EXPECT_THAT(rows("g-in-container/_.csv").front(), "City | Sales");
  EXPECT_THAT(rows("g-tab-1/_.csv").front(), "Group | Sales");
  EXPECT_THAT(rows("g-tab-2/_.csv"), ElementsAre("Quantity", "71"));
  EXPECT_THAT(outcomes(report_, "g-container"), IsEmpty()) << "a container stands for what is in it";
  EXPECT_THAT(rows("g-deep-table/_.csv"), ElementsAre("Region | Quantity", "North | 19", "South | 20", "<null> | 32"));
  EXPECT_THAT(rows("g-master-child/_.csv"), Contains("Drink | 350"));
}

TEST_F(Gallery, TrapAFilterPaneReportsNoFields) {
  EXPECT_THAT(rows("g-list-region/_.csv"), ElementsAre("Region | state | frequency", "North | possible | 2", "South | possible | 3"));
  EXPECT_THAT(rows("g-list-city/_.csv"), Contains("Oslo | possible | 3"));
  EXPECT_THAT(rows("g-list-group/_.csv"),
              ElementsAre("Group | state | frequency", "Drink | possible | 20", "Food | possible | 60", "Luxury | possible | 20"));
}

TEST_F(Gallery, TrapAHiddenColumnShiftsTheFollowingColumns) {
  EXPECT_THAT(rows("g-hidden/_.csv").front(), "Group | Sales | Quantity");
  EXPECT_THAT(rows("g-hidden/_.csv"), Contains("Drink | 350 | 10"));
}

TEST_F(Gallery, TrapAMasterItemByName) {
  Host host(gallery_engine().url());
  prepare(host);
  const auto outcome = host.set("pipeline.p.objects", "object:Master sales").run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_EQ(rows(host, "g-linked/_.csv"), rows("g-linked/_.csv"));
  EXPECT_THAT(rows("g-linked/_.csv"), Contains("Drink | 350"));
}

TEST_F(Gallery, LeavesHiddenObjectsOutWithANoteOrReadsThem) {
  EXPECT_THAT(outcomes(report_, "g-in-container-hidden"), ElementsAre(HasSubstr("skipped: left out: its show condition does not hold")));
  EXPECT_THAT(host_->files(), Not(Contains("g-in-container-hidden/_.csv")));
  EXPECT_THAT(outcomes(report_, "g-deep-hidden"), ElementsAre(HasSubstr("skipped: left out: its show condition does not hold")));
  EXPECT_THAT(outcomes(report_, "g-secret"), ElementsAre(HasSubstr("skipped: left out: the show condition of its sheet does not hold")));
  EXPECT_THAT(outcomes(report_, "of-another-app"), ElementsAre(HasSubstr("skipped: left out: its container names it")));
  Host host(gallery_engine().url());
  prepare(host);
  const auto outcome = host.set("pipeline.p.objects", "object:g-container").set("pipeline.p.hidden", "read").run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_EQ(outcomes(parse(outcome.out), "g-in-container").size(), 1u);
  EXPECT_THAT(rows(host, "g-in-container-hidden/_.csv").front(), "City | Quantity");
}

TEST_F(Gallery, DeliversAttributesInColumnsOfTheirOwn) {
  Host host(gallery_engine().url());
  prepare(host);
  host.set("pipeline.p.objects", "object:g-attributes, object:g-map");
  host.set("pipeline.p.adapter.table.attributes", "columns").set("pipeline.p.adapter.chart.attributes", "columns");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
  const auto table = rows(host, "g-attributes/_.csv");
  EXPECT_EQ(table.front(), "City | City.cellBackgroundColor | City.colorByAlternative | Sales | Sales.twice");
  EXPECT_THAT(table, Contains("Napoli | #00ff00 | South | 141.95 | 26"));
  const auto map = rows(host, "g-map/map.layer0.csv");
  EXPECT_EQ(map.front(), "City | City.locationOrLatitude | City.longitude | Sales");
  EXPECT_THAT(map, Contains("Oslo | 59.91 | 10.75 | 160.5"));
}

TEST(TrapsOfObjects, MoreThanFortyMeasures) {
  const Simulator engine({"--synthetic", "--rows", "3", "--columns", "60", "--text-columns", "1"});
  Host host(engine.url());
  const auto outcome =
      host.set("pipeline.p.app", "Synthetic").set("pipeline.p.objects", "object:synthetic-table").set("sink.f.file", "{object}").run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
  const auto files = host.files();
  ASSERT_FALSE(files.empty());
  EXPECT_EQ(read_csv(host.out() / files.front()).front().size(), 60u);
}

}  // namespace
}  // namespace qonduit::integration

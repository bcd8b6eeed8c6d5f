// Under which name what is delivered lands, as a user runs it: sheets change between two runs, and no file and no table ever gets another
// object's rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A bar chart of an app with one field, V, that holds 1, 2 and 3: its sum, times a factor that tells the charts apart.
struct Chart {
  std::string id, title;
  int factor = 1;
  std::string more = {};  // of its JSON
};

std::string chart_json(const Chart& chart) {
  return R"({"id": ")" + chart.id + R"(", "type": "barchart", "title": ")" + chart.title +
         R"(", "dimensions": [{"field": "G"}], "measures": [{"label": "N", "expression": "Sum(V)*)" + std::to_string(chart.factor) +
         "\"}]" + chart.more + "}";
}

// An engine with an app whose only sheet has these charts, and a host that delivers them to CSV.
class Sheet {
 public:
  explicit Sheet(const std::vector<Chart>& charts, const std::string& app_id = "shop") {
    std::string objects;
    for (const auto& chart : charts) objects += (objects.empty() ? "" : ", ") + chart_json(chart);
    folder_.write("app.json",
                  R"({"id": ")" + app_id + R"(", "title": "Shop", "tables": [{"name": "T", "csv": "G,V\na,1\na,2\na,3\n", "fields": [)" +
                      R"({"name": "G", "type": "text"}, {"name": "V", "type": "integer"}]}], "sheets": [{"id": "s", "title": "One", )" +
                      R"("objects": [)" + objects + "]}]}");
    engine_ = std::make_unique<Simulator>(std::vector<std::string>{"--app", folder_.path().string()});
  }
  [[nodiscard]] std::string url() const { return engine_->url(); }

 private:
  TempFolder folder_;
  std::unique_ptr<Simulator> engine_;
};

class Names : public ::testing::Test {
 protected:
  // One run against a sheet with these charts; answers its exit code.
  int deliver(const std::vector<Chart>& charts, const std::vector<std::string>& more = {}, const std::string& app_id = "shop") {
    const Sheet sheet(charts, app_id);
    host_.set("connection.c.url", sheet.url()).set("pipeline.p.app", "Shop").set("pipeline.p.objects", "sheet:One/*");
    std::vector<std::string> arguments = {"run", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    said_ = host_.run(arguments);
    return said_.exit_code;
  }
  // The sum in a file: it tells whose rows these are.
  std::string sum_in(const std::string& file) const { return read_csv(host_.out() / file).at(1).at(1).text; }
  std::vector<std::string> files() const {
    auto all = host_.files();
    std::erase_if(all, [](const auto& name) { return !name.ends_with(".csv"); });
    return all;
  }

  Host host_{""};
  Outcome said_;
};

TEST_F(Names, ChartsOfOneTitleKeepTheirFilesWhateverBecomesOfTheOthers) {
  const Chart a{"A", "Sales", 1}, b{"B", "Sales", 100};
  ASSERT_EQ(deliver({a, b}), 0) << said_.out << said_.err;
  EXPECT_THAT(files(), ElementsAre("Shop/One/Sales.A.csv", "Shop/One/Sales.B.csv"));
  ASSERT_EQ(deliver({b, a}), 0) << "moved";
  ASSERT_EQ(deliver({b}), 0) << "one is deleted";
  auto hidden = a;
  hidden.more = R"(, "properties": {"showCondition": "0"})";
  ASSERT_EQ(deliver({hidden, b}), 0) << "one is hidden";
  EXPECT_THAT(files(), ElementsAre("Shop/One/Sales.A.csv", "Shop/One/Sales.B.csv"));
  EXPECT_EQ(sum_in("Shop/One/Sales.A.csv"), "6");
  EXPECT_EQ(sum_in("Shop/One/Sales.B.csv"), "600");
}

TEST_F(Names, ExplainAndCheckSayTheNamesThatARunGives) {
  const Sheet sheet({{"A", "Sales", 1}, {"B", "Sales", 100}, {"C", "Costs", 1}});
  host_.set("connection.c.url", sheet.url()).set("pipeline.p.app", "Shop").set("pipeline.p.objects", "sheet:One/*");
  const auto explained = host_.run({"explain", "--json"});
  EXPECT_EQ(explained.exit_code, 0) << explained.err;
  for (const auto* name : {"Sales.A.csv", "Sales.B.csv", "Costs.csv"}) EXPECT_THAT(explained.out, HasSubstr(name));
  EXPECT_THAT(files(), ::testing::IsEmpty());
  ASSERT_EQ(host_.run().exit_code, 0);
  EXPECT_THAT(files(), ElementsAre("Shop/One/Costs.csv", "Shop/One/Sales.A.csv", "Shop/One/Sales.B.csv"));
}

TEST_F(Names, ComputedTitlesAreOfOneNameByWhatTheySay) {
  const Chart a{"A", "='Sales '&(2020+4)", 1}, b{"B", "Sales 2024", 100}, c{"C", "='Πωλήσεις'", 10}, d{"D", "Πωλήσεις", 1000};
  ASSERT_EQ(deliver({a, b, c, d}), 0) << said_.out << said_.err;
  const auto all =
      ElementsAre("Shop/One/Sales 2024.A.csv", "Shop/One/Sales 2024.B.csv", "Shop/One/Πωλήσεις.C.csv", "Shop/One/Πωλήσεις.D.csv");
  EXPECT_THAT(files(), all);
  ASSERT_EQ(deliver({d, c, b}), 0) << said_.out << said_.err;
  EXPECT_THAT(files(), all);
  EXPECT_EQ(sum_in("Shop/One/Sales 2024.A.csv"), "6");
  EXPECT_EQ(sum_in("Shop/One/Sales 2024.B.csv"), "600");
  EXPECT_EQ(sum_in("Shop/One/Πωλήσεις.C.csv"), "60");
}

TEST_F(Names, AChartThatFailsLeavesItsFileAlone) {
  host_.set("pipeline.p.on-error", "continue");
  ASSERT_EQ(deliver({{"A", "Sales", 1}}), 0) << said_.out << said_.err;
  host_.set("pipeline.p.object.A.filter", "Nope > 1");
  EXPECT_EQ(deliver({{"A", "Sales", 1}, {"B", "Sales", 100}}), 1);
  EXPECT_THAT(files(), ElementsAre("Shop/One/Sales.B.csv", "Shop/One/Sales.csv"));
  EXPECT_EQ(sum_in("Shop/One/Sales.csv"), "6");
}

TEST_F(Names, TitlesThatDifferInCaseOnlyAreNeverOneFileOnAShare) {
  ASSERT_EQ(deliver({{"B", "Umsatz ÖL", 1}, {"C", "UMSATZ öl", 100}, {"D", "Umsatz OL", 10000}}), 0) << said_.out << said_.err;
  EXPECT_THAT(files(), ElementsAre("Shop/One/UMSATZ öl.C.csv", "Shop/One/Umsatz OL.csv", "Shop/One/Umsatz ÖL.B.csv"));
  EXPECT_EQ(sum_in("Shop/One/Umsatz ÖL.B.csv"), "6");
}

TEST_F(Names, TheFileOfAnotherPipelineIsRefusedWithBothNames) {
  const std::vector<Chart> charts = {{"A", "Продажи", 1}};
  host_.set("pipeline.q.connection", "c").set("pipeline.q.app", "Shop").set("pipeline.q.sinks", "f");
  host_.set("pipeline.q.objects", "object:A").set("pipeline.q.filter", "N > 1000");
  ASSERT_EQ(deliver(charts, {"p"}), 0) << said_.out << said_.err;
  EXPECT_EQ(deliver(charts, {"q"}), 1);
  EXPECT_THAT(said_.out, AllOf(HasSubstr("pipeline 'p'"), HasSubstr("pipeline 'q'"), HasSubstr("--takeover")));
  EXPECT_EQ(sum_in("Shop/One/Продажи.csv"), "6");
  host_.set("sink.f.file", "{pipeline}/{title}");
  EXPECT_EQ(deliver(charts, {"p"}), 0) << said_.out;
  EXPECT_EQ(sum_in("p/Продажи.csv"), "6");
}

TEST_F(Names, ExplainAndCheckFindTwoPipelinesForOneFileBeforeTheFirstRun) {
  const Sheet sheet({{"A", "Sales", 1}});
  for (const std::string p : {"p", "q"}) {
    host_.set("pipeline." + p + ".connection", "c").set("pipeline." + p + ".app", "Shop").set("pipeline." + p + ".sinks", "f");
    host_.set("pipeline." + p + ".objects", "object:A");
  }
  host_.set("connection.c.url", sheet.url());
  const auto both = AllOf(HasSubstr("pipelines 'p', 'q'"), HasSubstr("Shop/One/Sales.csv"), HasSubstr("{pipeline}"));
  const auto explained = host_.run({"explain"});
  EXPECT_EQ(explained.exit_code, 1);
  EXPECT_THAT(explained.err, both);
  const auto checked = host_.run({"check", "--probe"});
  EXPECT_EQ(checked.exit_code, 1);
  EXPECT_THAT(checked.out, AllOf(both, HasSubstr("pipeline 'p', object 'A' to ")));
  host_.set("sink.f.file", "{pipeline}/{title}");
  EXPECT_EQ(host_.run({"explain"}).exit_code, 0);
  EXPECT_EQ(host_.run({"check", "--probe"}).exit_code, 0);
}

TEST_F(Names, OneFileThatIsWrittenInTwoWaysIsFoundToo) {
  const Sheet sheet({{"A", "Продажи", 1}});
  host_.set("connection.c.url", sheet.url()).set("pipeline.p.app", "Shop").set("pipeline.p.objects", "object:A");
  host_.set("pipeline.q.connection", "c").set("pipeline.q.app", "Shop").set("pipeline.q.objects", "object:A").set("pipeline.q.sinks", "g");
  host_.set("sink.g.type", "csv").set("sink.g.directory", (host_.out() / ".." / host_.out().filename() / ".").string());
  const auto checked = host_.run({"check", "--probe"});
  EXPECT_EQ(checked.exit_code, 1);
  EXPECT_THAT(checked.out, AllOf(HasSubstr("pipelines 'p', 'q' deliver into one target"), HasSubstr("Продажи.csv")));
  host_.set("sink.g.directory", (host_.out() / "g").string());
  EXPECT_EQ(host_.run({"check", "--probe"}).exit_code, 0);
}

TEST_F(Names, TwoSinksOfAPipelineDoNotDeliverIntoOneTarget) {
  const std::vector<Chart> charts = {{"A", "Müük", 1}};
  host_.set("pipeline.p.sinks", "f, g")
      .set("sink.g.type", "csv")
      .set("sink.g.directory", host_.out().string())
      .set("sink.g.delimiter", ";");
  const auto words = AllOf(HasSubstr("the sinks 'f' and 'g' deliver the same rows into one target"), HasSubstr("Müük.csv"));
  EXPECT_EQ(deliver(charts), 1);
  EXPECT_THAT(said_.out, AllOf(HasSubstr("sink 'g': another sink of this run delivers into"), HasSubstr("Müük.csv")));
  EXPECT_THAT(files(), IsEmpty());
  const Sheet sheet(charts);
  host_.set("connection.c.url", sheet.url());
  EXPECT_THAT(host_.run({"check", "--probe"}).out, AllOf(HasSubstr("pipeline 'p': "), words));
  host_.set("sink.g.file", "{app}/{title} halb");
  EXPECT_EQ(deliver(charts), 0) << said_.out;
  EXPECT_EQ(files().size(), 2u);
}

TEST_F(Names, ATakeoverIsDoneOnceAndHolds) {
  host_.set("pipeline.q.connection", "c").set("pipeline.q.app", "Shop").set("pipeline.q.sinks", "f");
  host_.set("pipeline.q.objects", "object:A");
  ASSERT_EQ(deliver({{"A", "Sales", 1}}, {"p"}), 0) << said_.out << said_.err;
  EXPECT_EQ(deliver({{"A", "Sales", 2}}, {"q", "--takeover"}), 0) << said_.out << said_.err;
  EXPECT_THAT(said_.out, HasSubstr("taken over from pipeline 'p'"));
  EXPECT_EQ(deliver({{"A", "Sales", 3}}, {"q"}), 0) << said_.out << said_.err;
  EXPECT_EQ(sum_in("Shop/One/Sales.csv"), "18");
  EXPECT_EQ(deliver({{"A", "Sales", 1}}, {"p"}), 1);
}

TEST_F(Names, AnAppThatWasImportedAgainGoesOnWhereItWas) {
  ASSERT_EQ(deliver({{"A", "Sales", 1}}, {}, "first"), 0) << said_.out << said_.err;
  ASSERT_EQ(deliver({{"A", "Sales", 2}}, {}, "second"), 0) << said_.out << said_.err;
  EXPECT_THAT(files(), ElementsAre("Shop/One/Sales.csv"));
  EXPECT_EQ(sum_in("Shop/One/Sales.csv"), "12");
}

// An object that extends a master object shows the master's title, wherever it is and whatever its tab is called.
constexpr const char* kMasters = R"json({"id": "pood", "title": "Pood",
  "tables": [{"name": "T", "csv": "G,V\na,1\nb,2\n", "fields": [{"name": "G", "type": "text"}, {"name": "V", "type": "integer"}]}],
  "masterObjects": [
    {"id": "m1", "type": "barchart", "title": "Käive", "dimensions": [{"field": "G"}], "measures": [{"expression": "Sum(V)"}]},
    {"id": "m2", "type": "barchart", "title": "='Прод'&'ажи'", "dimensions": [{"field": "G"}], "measures": [{"expression": "Count(V)"}]}],
  "sheets": [{"id": "s", "title": "Leht", "objects": [
    {"id": "own", "type": "barchart", "title": "Käive", "dimensions": [{"field": "G"}], "measures": [{"expression": "Sum(V)*2"}]},
    {"id": "linked", "type": "masterobject", "extends": "m2", "title": ""},
    {"id": "box", "type": "container", "title": "Kast",
     "children": [{"id": "c1", "type": "barchart", "extends": "m1", "title": ""}, {"id": "c2", "type": "barchart", "extends": "m2", "title": ""}],
     "properties": {"children": [
       {"refId": "m1", "label": "Sakk", "isMaster": true}, {"refId": "m2", "label": "Teine", "isMaster": true}]}}]}]})json";

TEST(NamesOfMasterObjects, AreKnownBeforeTheFirstObjectIsRead) {
  TempFolder folder;
  folder.write("app.json", kMasters);
  Simulator engine({"--app", folder.path().string()});
  Host host(engine.url());
  host.set("pipeline.p.app", "Pood").set("pipeline.p.objects", "sheet:Leht/*");
  const auto listed = host.run({"objects", "Pood", "--json"});
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_THAT(listed.out, AllOf(::testing::Not(HasSubstr("Sakk")), ::testing::Not(HasSubstr("Teine")), HasSubstr("Продажи")));
  const auto said = host.run();
  ASSERT_EQ(said.exit_code, 0) << said.out << said.err;
  auto files = host.files();
  std::erase_if(files, [](const auto& name) { return !name.ends_with(".csv"); });
  EXPECT_THAT(files,
              ElementsAre("Pood/Leht/Käive.c1.csv", "Pood/Leht/Käive.own.csv", "Pood/Leht/Продажи.c2.csv", "Pood/Leht/Продажи.linked.csv"));
}

// Somebody adds a column of the title that a mask names, and hides it: names of people must not be delivered in clear.
TEST(NamesThatAreMasked, StayMaskedWhateverIsAddedToTheObject) {
  const std::string app = R"x({"id": "care", "title": "Care", "tables": [{"name": "T", "csv": "Пациент,Other,V\nАнна,x,1\nОлег,y,2\n",
      "fields": [{"name": "Пациент", "type": "text"}, {"name": "Other", "type": "text"}, {"name": "V", "type": "integer"}]}],
      "sheets": [{"id": "s", "title": "One", "objects": [{"id": "t", "title": "Stays",
      "measures": [{"label": "N", "expression": "Sum(V)"}], OBJECT}]}]})x";
  const std::string table = R"x("type": "table", "dimensions": [{"field": "Пациент"})x",
                    twin = R"x(, {"field": "Other", "label": "Пациент")x";
  const std::string hidden = R"x(, "qCalcCondition": {"qCond": {"qv": "0"}})x";
  const std::string pivot =
      R"x("type": "pivot-table", "qMode": "P", "qNoOfLeftDims": 1, "dimensions": [{"field": "Other"}, {"field": "Пациент"}])x";
  const struct {
    std::string object, shape;
    int exit_code;
    std::string says;
  } cases[] = {{table + "]", "tidy", 0, "Stays"},
               {table + twin + "}]", "tidy", 1, "is the title of two columns"},
               {table + twin + hidden + "}]", "tidy", 1, "of which one is not shown"},
               {pivot, "tidy", 0, "Stays"},
               {pivot, "wide", 1, "are names of columns here"}};
  for (const auto& one : cases) {
    TempFolder folder;
    auto json = app;
    folder.write("app.json", json.replace(json.find("OBJECT"), 6, one.object));
    const Simulator engine(std::vector<std::string>{"--app", folder.path().string()});
    Host host(engine.url());
    host.set("pipeline.p.app", "Care").set("pipeline.p.objects", "sheet:One/*").set("pipeline.p.mask?.Пациент", "redact");
    const auto outcome = host.set("pipeline.p.adapter.cube.shape", one.shape).run({"run", "--json"});
    EXPECT_EQ(outcome.exit_code, one.exit_code) << one.object << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr(one.says)) << one.object;
    for (const auto& file : host.files()) EXPECT_THAT(read_text(host.out() / file), ::testing::Not(HasSubstr("Анна"))) << one.object;
  }
}

TEST_F(Names, OfWhatAFailedRunDidNotTryAreInItsReport) {
  host_.set("pipeline.p.object.B.filter", "Nope > 1");
  EXPECT_EQ(deliver({{"A", "Müük", 1}, {"B", "Kulu", 1}, {"C", "Склад", 1}, {"D", "図", 1}}), 1);
  EXPECT_THAT(said_.out, AllOf(HasSubstr("\"not_tried\": 2"), HasSubstr("Склад"), HasSubstr("図"), HasSubstr("\"object\": \"D\"")));
  host_.set("pipeline.p.on-error", "continue");
  EXPECT_EQ(deliver({{"A", "Müük", 1}, {"B", "Kulu", 1}, {"C", "Склад", 1}, {"D", "図", 1}}), 1);
  EXPECT_THAT(said_.out, HasSubstr("\"not_tried\": 0"));
  host_.set("pipeline.p.on-error", "fail").set("pipeline.p.foreach", "field(V)");
  EXPECT_EQ(deliver({{"A", "Müük", 1}, {"B", "Kulu", 1}, {"C", "Склад", 1}}), 1);
  EXPECT_THAT(said_.out, AllOf(HasSubstr("\"not_tried\": 3"), HasSubstr("V=2"), HasSubstr("V=3"))) << said_.out;
}

}  // namespace
}  // namespace qonduit::integration

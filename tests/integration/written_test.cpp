// What is written in a configuration is what is read, computed and delivered: escapes, quotes, lists, codes, options of one object.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Titles, fields and values that a careless reader takes for something else.
constexpr const char* kWrittenApp = R"json({
  "id": "written", "title": "Written", "locale": {"decimal": ",", "thousands": "."},
  "tables": [{"name": "T", "csv": "Trail ,\"Net, €\",Код\na,1,007\nb,2,7\nc,3,07\n",
              "fields": [{"name": "Trail ", "type": "text"}, {"name": "Net, €", "type": "integer"}, {"name": "Код", "type": "text"}]}],
  "variables": [{"name": "vCode", "definition": "x"}, {"name": "vRate", "definition": "2"}],
  "sheets": [{"id": "s1", "title": "Overview", "objects": [
      {"id": "why", "type": "table", "title": "Why?", "dimensions": [{"field": "Код"}]},
      {"id": "wow", "type": "table", "title": "Why!", "dimensions": [{"field": "Код"}]},
      {"id": "budget", "type": "table", "title": "Actual/Budget", "dimensions": [{"field": "Код"}]},
      {"id": "pv1", "type": "pivot-table", "title": "One", "dimensions": [{"field": "Код"}, {"field": "Trail "}],
       "qMode": "P", "qNoOfLeftDims": 1, "qAlwaysFullyExpanded": true, "initialFetch": [{"qLeft": 0, "qTop": 0, "qWidth": 50, "qHeight": 50}],
       "measures": [{"expression": "Sum([Net, €])", "label": "Sum"}]},
      {"id": "pv2", "type": "pivot-table", "title": "Два, v2.0", "dimensions": [{"field": "Код"}, {"field": "Trail "}],
       "qMode": "P", "qNoOfLeftDims": 1, "qAlwaysFullyExpanded": true, "initialFetch": [{"qLeft": 0, "qTop": 0, "qWidth": 50, "qHeight": 50}],
       "measures": [{"expression": "Sum([Net, €])", "label": "Sum"}]}]}]})json";

class Written : public ::testing::Test {
 protected:
  static std::string url() {
    static const TempFolder folder;
    static const Simulator engine({"--app", [] {
                                     folder.write("app/app.json", kWrittenApp);
                                     return (folder.path() / "app").string();
                                   }()});
    return engine.url();
  }
  Written() : host_(url()) {
    host_.set("pipeline.p.app", "Written").set("pipeline.p.objects", "");
    host_.set("sink.f.file", "{title}").set("sink.f.line-ending", "lf");
  }
  Host& with(const std::string& key, const std::string& value) { return host_.set("pipeline.p." + key, value); }

  Host host_;
};

TEST_F(Written, ATabSeparatesFieldsAndABackslashNStandsForNull) {
  with("cube.n.dimensions", "Код").set("sink.f.delimiter", "\\t").set("sink.f.null", "\\\\N");
  with("cube.n.measures", "If(Sum([Net, €])>1,Sum([Net, €])) as Sum");
  const auto outcome = host_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(read_text(host_.out() / "n.csv"), AllOf(HasSubstr("007\t\\N\n"), HasSubstr("7\t2\n")));
  EXPECT_EQ(host_.set("sink.f.null", "\\N").run().exit_code, 3);
}

TEST_F(Written, CodesReachTheAppAsTheyAreWritten) {
  with("variable.vCode", "007").set("pipeline.p.variable.vRate", "1.5");
  with("expression.Code", "'$(vCode)'").set("pipeline.p.expression.Rate", "2 * $(vRate)");
  const auto outcome = host_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(read_text(host_.out() / "expressions.csv"), "Code,Rate\n007,3\n") << "a decimal comma of the app changes nothing";
}

TEST_F(Written, ALoopSaysWhatTheAppComputesWith) {
  with("foreach", "variable(vCode; 08..10, 1.50, 12345678901234567890)").set("sink.f.file", "{loop}");
  with("expression.Code", "'$(vCode)'");
  const auto outcome = host_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  for (const std::string value : {"08", "09", "10", "1.50", "12345678901234567890"})
    EXPECT_EQ(read_text(host_.out() / (value + ".csv")), "vCode,Code\n" + value + "," + value + "\n");
}

TEST_F(Written, ACodeSelectsThatCodeAlone) {
  with("select.Код", "07").set("pipeline.p.cube.n.dimensions", "Код").set("pipeline.p.cube.n.measures", "Sum([Net, €]) as Sum");
  const auto outcome = host_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(read_text(host_.out() / "n.csv"), "Код,Sum\n07,3\n");
  EXPECT_EQ(with("select.Код", "0007").run().exit_code, 1);
}

TEST_F(Written, AFieldWhoseNameEndsWithABlankIsSelected) {
  for (const std::string key : {"select.\"Trail \"", "select.Trail\\ "}) {
    Host host(url());
    host.set("pipeline.p.app", "Written").set("pipeline.p.objects", "").set("sink.f.file", "{title}");
    host.set("pipeline.p." + key, "b").set("pipeline.p.cube.n.measures", "Sum([Net, €]) as Sum");
    const auto outcome = host.run();
    ASSERT_EQ(outcome.exit_code, 0) << key << outcome.out << outcome.err;
    EXPECT_THAT(read_text(host.out() / "n.csv"), HasSubstr("Sum\r\n2\r\n"));
  }
}

TEST_F(Written, ATitleInQuotesIsThatTitleAlone) {
  EXPECT_EQ(with("objects", "object:\"Why?\"").run().exit_code, 0);
  EXPECT_THAT(host_.files(), ElementsAre("Why%3F.csv", "Why%3F.csv.manifest.json"));
}

TEST_F(Written, ASlashInATitleIsFound) {
  for (const auto* selector : {"sheet:Overview/Actual/Budget", "sheet:Overview/\"Actual/Budget\"", "\"sheet:Overview/Actual/Budget\""}) {
    const auto outcome = with("objects", selector).run();
    EXPECT_EQ(outcome.exit_code, 0) << selector << outcome.out << outcome.err;
    EXPECT_THAT(host_.files(), ElementsAre("Actual%2FBudget.csv", "Actual%2FBudget.csv.manifest.json"));
  }
}

TEST_F(Written, TwoPivotsHaveTwoShapes) {
  with("objects", "object:pv1, object:pv2").set("pipeline.p.adapter.cube.shape", "tidy");
  with("object.pv1.adapter.cube.shape", "wide").set("pipeline.p.object.pv1.adapter.cube.separator", "\" - \"");
  with("object.\"Два, v2.0\".adapter.cube.shape", "cells");
  auto outcome = host_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(read_text(host_.out() / "One.csv"), HasSubstr("Код,a,b,c\n"));
  EXPECT_THAT(read_text(host_.out() / "Два, v2.0.csv"), HasSubstr("Код,Trail ,measure,value"));
  outcome = with("object.pv2.adapter.cube.shape", "wid").run();
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("pipeline.p.object.pv2.adapter.cube.shape: 'wid' is none of"));
  outcome = with("object.pv2.adapter.cube.shape", "wide").set("pipeline.p.object.pv2.adapter.chart.dual", "text").run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("the object is not read by the adapter 'chart'"));
}

TEST_F(Written, AColumnWithACommaIsAKey) {
  with("cube.n.dimensions", "[Net, €], Код").set("sink.f.type", "sqlite").set("sink.f.directory", "").set("sink.f.line-ending", "");
  host_.set("sink.f.file", (host_.folder().path() / "t.db").string());
  host_.set("sink.f.mode", "merge").set("sink.f.key", "\"Net, €\", Код").set("sink.f.index.by_net", "\"Net, €\"");
  const auto outcome = host_.run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
}

}  // namespace
}  // namespace qonduit::integration

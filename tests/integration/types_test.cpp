// What a column is shows in its cells, some of them far behind the first page. Rules, targets and commands go by what it is, not by what
// the layout let expect.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// 400 rows. Nothing in the layout says what a measure is; Late is a number until row 300.
std::string typed_app() {
  std::string rows;
  for (int i = 1; i <= 400; ++i) rows += std::to_string(i) + "\\n";
  return R"json({"id": "typed", "title": "Typed", "tables": [{"name": "T", "csv": "Id\n)json" + rows + R"json(", "fields": [
      {"name": "Id", "type": "integer"}]}],
    "sheets": [{"id": "s", "title": "One", "objects": [{"id": "t", "type": "table", "title": "Typed",
      "dimensions": [{"field": "Id"}],
      "measures": [{"label": "День", "expression": "Date(20000+Only(Id))"}, {"label": "Код", "expression": "Num(Only(Id),'0000')"},
                   {"label": "Dauer", "expression": "Interval(Only(Id)/24,'hh:mm:ss')"},
                   {"label": "Late", "expression": "If(Only(Id)<300,Only(Id),'n/a')"}]}]}]})json";
}

class Types : public ::testing::Test {
 protected:
  static std::string url() {
    static const TempFolder folder;
    static const Simulator engine({"--app", [] {
                                     folder.write("app/app.json", typed_app());
                                     return (folder.path() / "app").string();
                                   }()});
    return engine.url();
  }
  Types() : host_(url()) {
    host_.set("pipeline.p.app", "Typed").set("pipeline.p.objects", "object:t").set("pipeline.p.page-cells", "500");
    host_.set("sink.f.file", "{title}").set("sink.f.line-ending", "lf");
  }
  Outcome delivered() {
    auto outcome = host_.run();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
    return outcome;
  }

  Host host_;
};

TEST_F(Types, ATableThatOneRunMadeTakesTheNext) {
  std::filesystem::create_directories(host_.out());
  host_.set("pipeline.p.sinks", "db").set("sink.db.type", "sqlite");
  for (const std::string mode : {"append", "replace", "truncate", "merge", "history"}) {
    host_.set("sink.db.mode", mode).set("sink.db.file", (host_.out() / (mode + ".db")).string());
    if (mode == "merge") host_.set("sink.db.key", "Id");
    for (const std::string run : {"first", "second"}) {
      const auto outcome = host_.run();
      EXPECT_EQ(outcome.exit_code, 0) << mode << ", " << run << " run: " << outcome.err;
    }
    const auto explained = host_.run({"explain"});
    EXPECT_EQ(explained.exit_code, 0) << mode << ": " << explained.err;
    const auto checked = host_.run({"check", "--probe"});
    EXPECT_EQ(checked.exit_code, 0) << mode << ": " << checked.out;
  }
}

TEST_F(Types, RulesAreOfWhatAColumnIsWhereverItShows) {
  host_.set("pipeline.p.columns", "Id");
  host_.set("pipeline.p.filter", "День >= 1955-10-31");
  delivered();
  EXPECT_THAT(read_text(host_.out() / "Typed.csv"), AllOf(HasSubstr("Id\n393\n"), HasSubstr("\n400\n")));
  host_.set("pipeline.p.filter", "Код = \"0007\"");
  delivered();
  EXPECT_EQ(read_text(host_.out() / "Typed.csv"), "Id\n7\n");
  host_.set("pipeline.p.filter", "Late = \"n/a\" and Id < 302");
  delivered();
  EXPECT_EQ(read_text(host_.out() / "Typed.csv"), "Id\n300\n301\n");
  host_.set("pipeline.p.filter", "Dauer > 398:30:00");
  delivered();
  EXPECT_EQ(read_text(host_.out() / "Typed.csv"), "Id\n399\n400\n");
  host_.set("pipeline.p.filter", "День >= 45000");
  EXPECT_THAT(host_.run().err, AllOf(HasSubstr("День"), HasSubstr("date")));
}

TEST_F(Types, WhatCannotBeHeldIsNamed) {
  host_.set("pipeline.p.dual.Late", "number");
  auto outcome = host_.run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("'Late'"), HasSubstr("'n/a'"), Not(HasSubstr("'Код'"))));
  host_.set("pipeline.p.dual.Late", "auto").set("pipeline.p.adapter.table.on-mixed", "fail");
  outcome = host_.run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("'Late'"), HasSubstr("on-mixed"), HasSubstr("dual.Late"), Not(HasSubstr("'Код'"))));
}

TEST_F(Types, DescribeSaysWhatTheFirstRowsAre) {
  const auto outcome = host_.run({"describe", "Typed", "t"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex("День +date"));
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex("Код +text"));
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex(R"(Dauer +time \(interval\))"));
}

}  // namespace
}  // namespace qonduit::integration

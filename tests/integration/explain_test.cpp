// What explain says before a run, held against what the run then does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <sstream>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Object::Ptr first(const Outcome& outcome) { return Poco::JSON::Parser().parse(outcome.out).extract<Array::Ptr>()->getObject(0); }

// What both say of a dataset.
std::string facts(const Object::Ptr& dataset) {
  std::string text;
  for (const auto* key : {"object", "dataset", "outcome", "columns", "rows", "cells", "calls"}) text += dataset->get(key).toString() + " ";
  return text;
}

void expect_run_does_what_explain_says(Host& host) {
  const auto before = host.run({"explain", "--json"});
  ASSERT_EQ(before.exit_code, 0) << before.err;
  EXPECT_THAT(host.files(), IsEmpty()) << "no target is touched";
  const auto run = host.run();
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto said = first(before)->getArray("datasets");
  const auto done = first(run)->getArray("datasets");
  ASSERT_EQ(said->size(), done->size());
  std::int64_t cells = 0;
  for (unsigned i = 0; i < done->size(); ++i) {
    const auto one = said->getObject(i);
    cells += done->getObject(i)->getValue<std::int64_t>("cells");
    EXPECT_EQ(one->get("outcome").toString(), done->getObject(i)->get("outcome").toString());
    if (one->getValue<std::string>("outcome") == "skipped") continue;
    EXPECT_EQ(facts(one), facts(done->getObject(i)));
    EXPECT_GT(one->getValue<double>("seconds"), 0);
    EXPECT_GT(one->getValue<std::int64_t>("memory"), 0);
  }
  EXPECT_EQ(first(before)->getValue<std::int64_t>("cells"), cells);
}

TEST(Explain, SaysTheRowsCellsAndCallsOfTheRun) {
  Host host(demo_engine().url());
  expect_run_does_what_explain_says(host);
  const auto text = host.run({"explain"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_THAT(text.out, HasSubstr("skipped: About (text-image): holds no data"));
  EXPECT_THAT(text.out, HasSubstr("note: Segments (table): column 'Hidden' is hidden"));
  EXPECT_THAT(text.out, HasSubstr("delivers to f (csv)"));
}

// What a run says it does not deliver, of itself and of each dataset, is said before.
TEST(Explain, SaysTheNotesOfTheRun) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "gallery").set("pipeline.p.objects", "object:g-line").set("pipeline.p.foreach", "field(City)");
  host.set("pipeline.p.select.Region", "South, Süden").set("pipeline.p.on-filter-mismatch", "warn");
  const auto explained = host.run({"explain", "--json"});
  ASSERT_EQ(explained.exit_code, 0) << explained.err;
  const auto run = host.run();
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto text_of = [](const Object::Ptr& of) {
    std::ostringstream text;
    if (const auto notes = of->getArray("notes")) notes->stringify(text);
    return text.str();
  };
  EXPECT_THAT(text_of(first(run)), HasSubstr("rows where City is null are in none of its deliveries"));
  EXPECT_EQ(text_of(first(explained)), text_of(first(run)));
  const auto said = first(explained)->getArray("datasets");
  const auto done = first(run)->getArray("datasets");
  ASSERT_EQ(said->size(), done->size());
  EXPECT_THAT(text_of(done->getObject(0)), HasSubstr("Süden"));
  for (unsigned i = 0; i < done->size(); ++i) EXPECT_EQ(text_of(said->getObject(i)), text_of(done->getObject(i)));
  EXPECT_THAT(host.run({"explain"}).out, HasSubstr("\nnote: foreach: rows where City is null are in none of its deliveries\n"));
}

// An object that fails in the first turn of foreach fails there alone.
TEST(Explain, GoesOnWithTheNextTurnAsTheRunDoes) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "gallery")
      .set("pipeline.p.objects", "object:g-line, object:g-condition")
      .set("pipeline.p.foreach", "field(City)");
  host.set("pipeline.p.on-error", "continue");
  const auto explained = host.run({"explain", "--json"}), run = host.run();
  EXPECT_EQ(explained.exit_code, 1);
  EXPECT_EQ(run.exit_code, 1);
  const auto done = first(run)->getArray("datasets");
  EXPECT_GT(done->size(), 4u);
  EXPECT_EQ(first(explained)->getArray("datasets")->size(), done->size());

  host.set("pipeline.p.on-error", "fail");
  const auto turns = first(host.run())->getArray("not_tried")->size();
  EXPECT_GT(turns, 1u);
  EXPECT_THAT(
      host.run({"explain"}).out,
      HasSubstr("a run ends where the first of them fails, with on-error = fail: " + std::to_string(turns) + " turns of foreach behind"));
}

// A row of a pivot's matrix is as many rows as it has combinations on top.
TEST(Explain, SaysTheRowsThatPivotsDeliver) {
  for (const auto* shape : {"tidy", "cells", "wide"}) {
    Host host(gallery_engine().url());
    host.set("pipeline.p.app", "Gallery").set("pipeline.p.objects", "object:g-pivot, object:g-pivot-top, object:g-pivot-pseudo-middle");
    host.set("pipeline.p.adapter.cube.shape", shape);
    SCOPED_TRACE(shape);
    expect_run_does_what_explain_says(host);
  }
}

TEST(Explain, CountsSmallPagesAndRowsThatAreCut) {
  const Simulator engine({"--synthetic", "--rows", "90", "--columns", "25"});
  Host host(engine.url());
  host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table").set("pipeline.p.page-cells", "10");
  expect_run_does_what_explain_says(host);
  const auto said = first(host.run({"explain", "--json"}))->getArray("datasets")->getObject(0);
  EXPECT_EQ(said->getValue<int>("calls"), 90 * 3 + 1);
  EXPECT_THAT(said->getArray("warnings")->getElement<std::string>(0), HasSubstr("each is read in 3 calls"));
  EXPECT_EQ(said->getObject("measured_page")->getValue<int>("cells"), 25);
}

TEST(Explain, EstimatesFromTheLatencyOfTheEngine) {
  const Simulator engine({"--synthetic", "--rows", "2000", "--columns", "10", "--latency", "30"});
  Host host(engine.url());
  host.set("pipeline.p.app", "synthetic").set("pipeline.p.objects", "object:synthetic-table").set("pipeline.p.page-cells", "1000");
  const auto slow = first(host.set("pipeline.p.window", "1").run({"explain", "--json"}));
  EXPECT_GE(slow->getValue<double>("latency"), 0.030);
  // Twenty pages and a look behind the last row, one after the other.
  EXPECT_GE(slow->getArray("datasets")->getObject(0)->getValue<double>("seconds"), 21 * 0.030);
}

// What it says does not depend on whether objects are looked at together; how often it waits for the engine does.
TEST(Explain, LooksAtManyObjectsTogether) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "gallery").set("pipeline.p.on-error", "continue");
  const auto explain = [&](const char* parallel) {
    const auto outcome = host.set("pipeline.p.parallel", parallel).run({"explain", "--json"});
    EXPECT_EQ(outcome.exit_code, 1) << "some of them cannot be read" << outcome.err;
    return first(outcome);
  };
  const auto datasets = [](const Object::Ptr& said) {
    std::vector<std::string> texts;
    for (const auto& one : *said->getArray("datasets")) {
      auto dataset = one.extract<Object::Ptr>();
      dataset->remove("seconds");
      if (auto page = dataset->getObject("measured_page"); !page.isNull()) page->remove("seconds");
      std::ostringstream text;
      dataset->stringify(text);
      texts.push_back(text.str());
    }
    return texts;
  };
  const auto one = explain("1"), many = explain("4");
  EXPECT_EQ(datasets(many), datasets(one));
  EXPECT_GT(datasets(one).size(), 50u);
  EXPECT_LT(4 * many->getValue<int>("waits"), one->getValue<int>("waits"));
  const auto probed = host.set("pipeline.p.parallel", "1").run({"check", "--probe"});
  EXPECT_EQ(host.set("pipeline.p.parallel", "64").run({"check", "--probe"}).out, probed.out);
}

TEST(Explain, SaysOnceWhatManyObjectsSay) {
  Host host(gallery_engine().url());
  host.set("pipeline.p.app", "gallery").set("pipeline.p.budget.cells", "1");
  const auto outcome = host.run({"explain"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, ::testing::ContainsRegex("fails: [0-9]+ objects \\("));
}

TEST(Explain, SaysWhyARunWouldFail) {
  Host host(gallery_engine().url());
  const auto outcome =
      host.set("pipeline.p.app", "gallery").set("pipeline.p.objects", "object:g-condition, object:g-table").run({"explain"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("a run would fail: pipeline 'p': object 'g-condition'"));
  EXPECT_THAT(outcome.out, HasSubstr("warning: Never calculated (table): the calculation condition is not met"));
  EXPECT_THAT(outcome.out, HasSubstr("with on-error = fail: 1 dataset behind it is not tried"));
  const auto run = host.run();
  EXPECT_EQ(run.exit_code, 1) << "and it does";
  EXPECT_THAT(run.out, HasSubstr("calculation condition not met"));
  EXPECT_THAT(host.set("pipeline.p.on-error", "continue").run({"explain"}).out, Not(HasSubstr("not tried")));
}

TEST(Explain, CannotConnectWhereNobodyListens) {
  Host host("wss://localhost:1/app");
  const auto outcome = host.set("connection.c.reconnect-attempts", "0").run({"explain"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("nobody listens"));
}

TEST(Budget, RefusesInExplainAndRunBeforeAnythingIsRead) {
  Host host(demo_engine().url());
  host.set("pipeline.p.objects", "object:table-customers").set("pipeline.p.budget.cells", "9599");
  const auto explained = host.run({"explain"});
  EXPECT_EQ(explained.exit_code, 1);
  EXPECT_THAT(explained.err, HasSubstr("has 9600 cells, more than budget.cells = 9599"));
  EXPECT_THAT(explained.out, HasSubstr("9,600 of 9,599 cells"));
  const auto run = host.run();
  EXPECT_EQ(run.exit_code, 1);
  const auto dataset = first(run)->getArray("datasets")->getObject(0);
  EXPECT_EQ(dataset->getValue<std::string>("code"), "forbidden");
  EXPECT_EQ(dataset->getValue<int>("rows"), 0);
  EXPECT_THAT(host.files(), IsEmpty());

  host.set("pipeline.p.budget.cells", "9600");
  EXPECT_EQ(host.run({"explain"}).exit_code, 0);
  EXPECT_EQ(host.run().exit_code, 0);
}

TEST(Budget, IsForTheWholeRun) {
  Host host(demo_engine().url());
  // 9,600 cells and 1,680; each fits alone.
  host.set("pipeline.p.objects", "object:table-customers, object:table-products").set("pipeline.p.budget.cells", "10000");
  const auto explained = host.run({"explain"});
  EXPECT_EQ(explained.exit_code, 1);
  EXPECT_THAT(explained.err, HasSubstr("more than budget.cells = 10000"));
  const auto run = host.run();
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(first(run)->getArray("datasets")->getObject(0)->getValue<std::string>("outcome"), "delivered");
  EXPECT_THAT(first(run)->getArray("datasets")->getObject(1)->getValue<std::string>("error"), HasSubstr("other datasets take 9600"));
}

}  // namespace
}  // namespace qonduit::integration

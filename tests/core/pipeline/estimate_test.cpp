// Estimates of items made in the test: what each step answers is the test's.
#include "core/pipeline/estimate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What a dataset says of itself, and how often it was asked for data.
struct EstimateScript {
  std::int64_t rows = 100;
  fetch::Forecast forecast{3, 200, 2, 1};
  fetch::Counters after_a_page{1, 0, 50, 100, 4000};
  Status page;
  int pages = 0;
};

class ScriptedReader final : public BatchReader {
 public:
  explicit ScriptedReader(EstimateScript& script) : script_(script) {
    arrow::export_schema({{{"number", Type::int64}, {"text", Type::utf8}}}, &schema_);
  }
  ~ScriptedReader() override { schema_.release(&schema_); }

  const Run& run() const noexcept override { return run_; }
  const ArrowSchema& schema() const noexcept override { return schema_; }
  std::int64_t rows() const noexcept override { return script_.rows; }
  const fetch::Counters& counters() const noexcept override { return counters_; }
  Result<fetch::Forecast> forecast() override { return script_.forecast; }
  Result<std::optional<arrow::ArrayHandle>> next() override {
    ++script_.pages;
    counters_ = script_.after_a_page;
    if (!script_.page.ok()) return script_.page;
    std::vector<Column> columns;
    columns.emplace_back(Type::int64);
    columns.emplace_back(Type::utf8);
    for (int row = 0; row < 50; ++row) columns[0].append_int64(row), columns[1].append_text("ten bytes.");
    arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    return std::optional(std::move(array));
  }

 private:
  EstimateScript& script_;
  Run run_;
  ArrowSchema schema_{};
  fetch::Counters counters_;
};

class ScriptedSource final : public DatasetSource {
 public:
  explicit ScriptedSource(EstimateScript& script) : script_(script) {}
  Result<std::unique_ptr<BatchReader>> open(const Run&, const fetch::Options& options, const std::stop_token&) override {
    EXPECT_EQ(options.window, 1) << "the page that is measured is alone";
    return std::unique_ptr<BatchReader>(new ScriptedReader(script_));
  }

 private:
  EstimateScript& script_;
};

class ScriptedPlan final : public ItemPlan {
 public:
  explicit ScriptedPlan(EstimateScript* script) : script_(script) {}
  Result<std::unique_ptr<DatasetSource>> source(const std::string&) override {
    return std::unique_ptr<DatasetSource>(new ScriptedSource(*script_));
  }

 private:
  EstimateScript* script_;
};

class ScriptedItem final : public Item {
 public:
  ScriptedItem(std::string id, EstimateScript* script, Status refused = {}) : script_(script), refused_(std::move(refused)) {
    facts_.id = std::move(id);
  }
  const ItemFacts& facts() const override { return facts_; }
  Result<std::unique_ptr<ItemPlan>> plan(const std::stop_token&) override {
    if (!refused_.ok()) return refused_;
    auto plan = std::make_unique<ScriptedPlan>(script_);
    plan->facts = facts_;
    if (script_ != nullptr) plan->datasets = {""};
    if (script_ == nullptr) plan->notes = {"holds no data"};
    return std::unique_ptr<ItemPlan>(std::move(plan));
  }

 private:
  EstimateScript* script_;
  Status refused_;
  ItemFacts facts_;
};

struct Estimates : ::testing::Test {
  void add(const std::string& id, EstimateScript* script, Status refused = {}) {
    items.push_back(std::make_unique<ScriptedItem>(id, script, std::move(refused)));
  }
  RunEstimate estimated() {
    RunEstimate into;
    estimate_items(items, pipeline, {}, into);
    return into;
  }
  Estimates() {
    pipeline.name = "p";
    pipeline.sinks = {"one", "two"};
  }

  Items items;
  config::Pipeline pipeline;
};

TEST_F(Estimates, SayWhatIsReadFromOnePageOfEachDataset) {
  EstimateScript first, second;
  second.forecast = {7, 600, 6, 1};
  add("a", &first);
  add("b", &second);
  const auto estimate = estimated();
  ASSERT_TRUE(estimate.status.ok()) << estimate.status.message();
  EXPECT_EQ(first.pages, 1);
  EXPECT_EQ(second.pages, 1);
  EXPECT_EQ(estimate.datasets[0].columns, 2);
  EXPECT_EQ(estimate.rows(), 200);
  EXPECT_EQ(estimate.cells(), 800);
  EXPECT_EQ(estimate.calls(), 10);
  EXPECT_GE(estimate.seconds(), 0);
}

TEST_F(Estimates, BoundMemoryByTheWindowAndTheQueuesOfAllSinks) {
  EstimateScript script;
  add("a", &script);
  pipeline.window = 3, pipeline.queue = 4;
  // A batch: 50 numbers, 51 offsets, 50 texts. Three replies, and for each of two sinks four that wait and one that is written, and one.
  EXPECT_EQ(estimated().memory(), 3 * 4000 + (2 * 5 + 1) * (50 * 8 + 51 * 4 + 50 * 10));
}

TEST_F(Estimates, RefuseWhatExceedsTheBudgetBeforeAnyOfItIsRead) {
  EstimateScript fits, exceeds, fits_too;
  fits.forecast.cells = 150, exceeds.forecast.cells = 900, fits_too.forecast.cells = 50;
  add("fits", &fits);
  add("exceeds", &exceeds);
  add("fits-too", &fits_too);
  pipeline.budget_cells = 200;
  const auto estimate = estimated();
  EXPECT_EQ(estimate.status.code(), Code::forbidden);
  EXPECT_THAT(estimate.status.message(), HasSubstr("object 'exceeds': has 900 cells"));
  EXPECT_EQ(exceeds.pages, 0);
  EXPECT_EQ(fits_too.pages, 1);
  EXPECT_EQ(estimate.cells(), 1100);
  EXPECT_LT(estimate.seconds(), 0) << "what was not measured is not known";
}

TEST_F(Estimates, NameWhatIsSkippedAndWhatNothingReads) {
  add("text", nullptr);
  add("pivot", nullptr, Status(Code::unsupported, "no plugin reads it"));
  EstimateScript script;
  add("table", &script);
  const auto estimate = estimated();
  ASSERT_EQ(estimate.datasets.size(), 3u);
  EXPECT_TRUE(estimate.datasets[0].skipped);
  EXPECT_THAT(estimate.datasets[0].notes, ElementsAre("holds no data"));
  EXPECT_EQ(estimate.datasets[1].status.code(), Code::unsupported);
  EXPECT_THAT(estimate.status.message(), HasSubstr("object 'pivot'"));
  EXPECT_EQ(estimate.cells(), 200) << "of what can be read";
}

TEST_F(Estimates, WarnOfWideRowsUnknownSizesAndAnEngineThatIsDisturbed) {
  EstimateScript wide, unknown, disturbed;
  wide.forecast.pages_of_a_row = 3;
  wide.after_a_page.calls = 3;
  unknown.rows = -1, unknown.forecast = {-1, -1, -1, 1};
  disturbed.after_a_page.retries = 2;
  add("wide", &wide);
  add("unknown", &unknown);
  add("disturbed", &disturbed);
  pipeline.budget_cells = 100'000;
  const auto estimate = estimated();
  ASSERT_TRUE(estimate.status.ok());
  EXPECT_THAT(estimate.datasets[0].warnings, ElementsAre(HasSubstr("each is read in 3 calls")));
  EXPECT_THAT(estimate.datasets[1].warnings, ElementsAre(HasSubstr("how many rows"), HasSubstr("budget.cells cannot be held against it")));
  EXPECT_LT(estimate.datasets[1].seconds, 0);
  EXPECT_THAT(estimate.datasets[2].warnings, ElementsAre(HasSubstr("aborted calls")));
  EXPECT_EQ(estimate.calls(), -1);
}

TEST_F(Estimates, CountPagesAsTheEngineGivesThem) {
  EstimateScript trimmed;
  // Of 200 cells in two pages it gave 25, and the rest of the page is asked for.
  trimmed.after_a_page.calls = 2, trimmed.after_a_page.cells = 25, trimmed.after_a_page.short_pages = 1;
  add("trimmed", &trimmed);
  const auto estimate = estimated();
  EXPECT_EQ(estimate.calls(), 8);
  EXPECT_EQ(estimate.datasets[0].page->calls, 1);
  EXPECT_THAT(estimate.datasets[0].warnings, ElementsAre(HasSubstr("smaller pages than were asked for")));
}

TEST_F(Estimates, DoNotFailForAPageThatARunWouldAskForAgain) {
  EstimateScript moved, broken;
  moved.page = Status(Code::inconsistent, "the object changed");
  broken.page = Status(Code::forbidden, "no access");
  add("moved", &moved);
  add("broken", &broken);
  const auto estimate = estimated();
  EXPECT_TRUE(estimate.datasets[0].status.ok());
  EXPECT_THAT(estimate.datasets[0].warnings, ElementsAre(HasSubstr("the object changed")));
  EXPECT_EQ(estimate.datasets[1].status.code(), Code::forbidden);
}

TEST(ReadingSeconds, AddUpTheWorkAndShareTheWaiting) {
  // A page of 100 cells took 0.3 s, of which 0.1 s is the way: 0.2 s of work.
  const MeasuredPage page{1, 100, 0, 0, 0.3};
  EXPECT_DOUBLE_EQ(reading_seconds(page, 1000, 10, 0.1, 1), 2.0 + 10 * 0.1 + 0.1);
  EXPECT_DOUBLE_EQ(reading_seconds(page, 1000, 10, 0.1, 64), 2.0 + 0.1) << "the engine computes one page after the other";
  // Hardly any work, far away: the window decides.
  const MeasuredPage distant{1, 100, 0, 0, 0.1};
  EXPECT_DOUBLE_EQ(reading_seconds(distant, 1000, 10, 0.1, 5), 10 * 0.1 / 5 + 0.1);
  // A row of three calls.
  EXPECT_DOUBLE_EQ(reading_seconds({3, 100, 0, 0, 0.5}, 100, 3, 0.1, 1), 0.2 + 0.3 + 0.1);
}

// Ten datasets of a second each, of which the engine works a tenth: beside others only that adds up, and a few round trips.
TEST(RunEstimate, SharesWaitsAmongObjectsThatAreReadAtATime) {
  RunEstimate estimate;
  estimate.latency = 0.1;
  estimate.connect_seconds = 2;
  for (int i = 0; i < 10; ++i) {
    auto& dataset = estimate.datasets.emplace_back();
    dataset.seconds = 1, dataset.working = 0.1, dataset.memory = 1000 + i;
  }
  EXPECT_DOUBLE_EQ(estimate.seconds(), 12);
  EXPECT_EQ(estimate.memory(), 1009);
  estimate.parallel = 4;
  EXPECT_DOUBLE_EQ(estimate.seconds(), 2 + 2.5 + 0.2) << "four at a time";
  estimate.parallel = 16;
  EXPECT_DOUBLE_EQ(estimate.seconds(), 2 + 1 + 0.2);
  estimate.parallel = 4;
  EXPECT_EQ(estimate.memory(), 1009 + 1008 + 1007 + 1006);
  estimate.datasets.front().seconds = 5;
  EXPECT_DOUBLE_EQ(estimate.seconds(), 2 + 5 + 0.2) << "not less than the longest by itself";
  estimate.window = 4;
  EXPECT_DOUBLE_EQ(estimate.seconds(), 2 + 9 + 5) << "its calls are all there are at a time";
  estimate.window = 0;
  for (int i = 1; i < 5; ++i) estimate.datasets[static_cast<std::size_t>(i)].together = true;
  EXPECT_DOUBLE_EQ(estimate.seconds(), 2 + 4 + 5 + 0.2) << "these were read as a run reads them";
  estimate.turns_seconds = 3;
  EXPECT_DOUBLE_EQ(estimate.seconds(), 2 + 3 + 4 + 5 + 0.2);
  estimate.datasets.front().seconds = -1;
  EXPECT_LT(estimate.seconds(), 0) << "one is not known";
}

}  // namespace
}  // namespace qonduit::pipeline

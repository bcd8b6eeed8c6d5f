// mode = changes: what is published of a row that came, changed, stayed, or went.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qonduit/testing/sink_driver.hpp>

#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "broker.hpp"
#include "plugins/sinks/testing/temporary_folder.hpp"

namespace qonduit::queue {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Row {
  std::string region;
  std::int64_t year, sales;
};

class ChangesTest : public ::testing::Test {
 protected:
  ChangesTest() {
    options_.mode = Mode::changes;
    options_.key = {"Region", "Year"};
    options_.state_directory = temporary_.path().string();
    run_.pipeline = "sales", run_.app = "Sales", run_.app_id = "app-1", run_.object_id = "obj", run_.title = "Orders";
  }

  Status load(TestSink& sink, const std::vector<Row>& rows) {
    broker_ = {};
    run_id_ = "run-" + std::to_string(++runs_);
    run_.run_id = run_id_;
    auto status = sink.open(run_, schema_);
    std::vector<Column> columns;
    columns.emplace_back(Type::utf8), columns.emplace_back(Type::int64), columns.emplace_back(Type::int64);
    for (const auto& row : rows) {
      if (row.region.empty())
        columns[0].append_null();
      else
        columns[0].append_text(row.region);
      columns[1].append_int64(row.year), columns[2].append_int64(row.sales);
    }
    arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    if (status.ok()) status = sink.write(BatchView(schema_, *array));
    return status;
  }
  Status deliver(const std::vector<Row>& rows) {
    TestSink sink(options_, broker_);
    auto status = load(sink, rows);
    if (status.ok()) status = sink.commit();
    if (!status.ok()) static_cast<void>(sink.abort());
    return status;
  }
  // Without markers.
  std::vector<std::string> bodies() const {
    return of([&](std::size_t i) { return broker_.messages[i].body; });
  }
  std::vector<std::string> ids() const {
    return of([&](std::size_t i) { return broker_.messages[i].id; });
  }
  std::vector<std::string> ops() const {
    return of([&](std::size_t i) { return broker_.ops[i]; });
  }
  std::vector<std::string> keys() const {
    return of([&](std::size_t i) { return broker_.keys[i].value(); });
  }

  const sinks::testing::TemporaryFolder temporary_{"qonduit-changes"};
  const fs::path folder_ = temporary_.path();
  Broker broker_;
  QueueOptions options_;
  qonduit::Run run_;
  std::string run_id_;
  int runs_ = 0;
  Schema schema_{{{"Region", Type::utf8}, {"Year", Type::int64}, {"Sales", Type::int64}}};

 private:
  template <typename Part>
  std::vector<std::string> of(const Part& part) const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < broker_.messages.size(); ++i) {
      if (broker_.messages[i].kind == "row") all.push_back(part(i));
    }
    return all;
  }
};

TEST_F(ChangesTest, TwoPipelinesDoNotTakeTurnsInOneDestination) {
  ASSERT_TRUE(deliver({{"North", 2024, 1}}).ok());
  run_.pipeline = "purchases";
  const auto status = deliver({{"South", 2024, 2}});
  EXPECT_EQ(status.code(), Code::forbidden);
  EXPECT_THAT(status.message(), HasSubstr("'Orders' are published by pipeline 'sales' (object 'obj'), and pipeline 'purchases'"));
  EXPECT_THAT(broker_.messages, IsEmpty());
  run_.takeover = true;
  EXPECT_TRUE(deliver({{"South", 2024, 2}}).ok());
  run_.takeover = false, run_.pipeline = "sales";
  EXPECT_EQ(deliver({{"North", 2024, 1}}).code(), Code::forbidden) << "it is the other one's now";
}

TEST_F(ChangesTest, ADestinationThatWasGivenStaysWhenAnotherObjectTakesTheTitle) {
  ASSERT_TRUE(deliver({{"North", 2024, 1}}).ok());
  run_.objects = {{"new", "Orders", ""}, {"obj", "Orders", ""}};
  ASSERT_TRUE(deliver({{"North", 2024, 2}}).ok());
  EXPECT_EQ(broker_.destination.name, "Orders");
  EXPECT_THAT(ops(), ElementsAre("update"));
  run_.object_id = "new";
  ASSERT_TRUE(deliver({{"South", 2024, 3}}).ok());
  EXPECT_EQ(broker_.destination.name, "Orders.new");
  run_.objects = {{"new", "Orders", ""}};
  ASSERT_TRUE(deliver({{"South", 2024, 4}}).ok());
  EXPECT_EQ(broker_.destination.name, "Orders.new") << "the first one is gone from the app";
  EXPECT_THAT(ops(), ElementsAre("update"));
}

// Whoever had a name keeps it; the object whose id makes the same one gets a hash.
TEST_F(ChangesTest, ANameThatWasGivenIsNotMadeForAnother) {
  run_.object_id = "o13", run_.title = "Sales.o1", run_.objects = {{"o13", "Sales.o1", ""}};
  ASSERT_TRUE(deliver({{"North", 2024, 13}}).ok());
  EXPECT_EQ(broker_.destination.name, "Sales.o1");
  run_.objects = {{"o0", "Sales", ""}, {"o1", "Sales", ""}, {"o13", "Sales.o1", ""}};
  run_.object_id = "o1", run_.title = "Sales";
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(deliver({{"North", 2024, 1 + run}}).ok());
    EXPECT_EQ(broker_.destination.name, "Sales.o1.8e42e71b");
  }
  EXPECT_THAT(ops(), ElementsAre("update"));
  run_.object_id = "o13", run_.title = "Sales.o1";
  ASSERT_TRUE(deliver({{"North", 2024, 14}}).ok());
  EXPECT_EQ(broker_.destination.name, "Sales.o1");
  EXPECT_THAT(ops(), ElementsAre("update"));
}

TEST_F(ChangesTest, AnObjectThatIsGoneLeavesItsName) {
  ASSERT_TRUE(deliver({{"North", 2024, 1}}).ok());
  run_.object_id = "new", run_.objects = {{"new", "Orders", ""}, {"other", "Costs", ""}};
  ASSERT_TRUE(deliver({{"North", 2024, 1}}).ok());
  EXPECT_EQ(broker_.destination.name, "Orders");
}

TEST_F(ChangesTest, GoOnAfterAnAppWasImportedAgain) {
  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"South", 2024, 1}}).ok());
  run_.app_id = "app-2";
  ASSERT_TRUE(deliver({{"North", 2024, 1}}).ok());
  EXPECT_THAT(ops(), ElementsAre("delete"));
}

TEST_F(ChangesTest, OnlyWhatIsOtherIsPublished) {
  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"North", 2025, 2}, {"South", 2024, 3}}).ok());
  EXPECT_THAT(ops(), ElementsAre("read", "read", "read"));
  EXPECT_EQ(bodies()[0], R"({"op":"read","key":["North",2024],"after":{"Region":"North","Year":2024,"Sales":1}})");
  EXPECT_THAT(keys(), ElementsAre(R"(["North",2024])", R"(["North",2025])", R"(["South",2024])"));

  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"North", 2025, 20}, {"West", 2024, 4}}).ok());
  EXPECT_THAT(bodies(), ElementsAre(R"({"op":"update","key":["North",2025],"after":{"Region":"North","Year":2025,"Sales":20}})",
                                    R"({"op":"insert","key":["West",2024],"after":{"Region":"West","Year":2024,"Sales":4}})",
                                    R"({"op":"delete","key":["South",2024]})"));
  EXPECT_THAT(ops(), ElementsAre("update", "insert", "delete"));
  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"North", 2025, 20}, {"West", 2024, 4}}).ok());
  EXPECT_THAT(broker_.messages, IsEmpty());
  const auto none = deliver({});
  EXPECT_EQ(none.code(), Code::bad_data);
  EXPECT_THAT(none.message(), HasSubstr("allow-empty"));
  EXPECT_THAT(broker_.messages, IsEmpty());
  options_.allow_empty = true;
  ASSERT_TRUE(deliver({}).ok());
  EXPECT_THAT(ops(), ElementsAre("delete", "delete", "delete"));
}

TEST_F(ChangesTest, AStateThatIsNotThereIsSaidToConsumers) {
  ASSERT_TRUE(deliver({{"North", 2024, 1}}).ok());
  ASSERT_THAT(broker_.messages, SizeIs(3));
  EXPECT_THAT(broker_.messages.front().body, HasSubstr(R"("mode":"changes","fresh":true)"));
  EXPECT_EQ(broker_.messages.back().kind, "marker");
  EXPECT_EQ(broker_.keys.front(), "qonduit-marker");
  ASSERT_TRUE(deliver({{"North", 2024, 2}}).ok());
  EXPECT_THAT(broker_.messages, SizeIs(1));
  for (const auto& file : fs::directory_iterator(folder_)) fs::remove(file);
  ASSERT_TRUE(deliver({{"North", 2024, 2}}).ok());
  EXPECT_THAT(ops(), ElementsAre("read"));
  EXPECT_THAT(broker_.messages, SizeIs(3));
}

TEST_F(ChangesTest, TheStateMovesWhenTheBrokerHasConfirmed) {
  ASSERT_TRUE(deliver({{"North", 2024, 1}}).ok());
  {
    TestSink sink(options_, broker_);
    ASSERT_TRUE(load(sink, {{"North", 2024, 2}, {"West", 2024, 4}}).ok());
    broker_.loses = {Code::unavailable, "gone"};
    EXPECT_EQ(sink.commit().code(), Code::unavailable);
    const auto published = ids();
    EXPECT_THAT(ops(), ElementsAre("update", "insert"));
    EXPECT_TRUE(sink.abort().ok());
    ASSERT_TRUE(deliver({{"North", 2024, 2}, {"West", 2024, 4}}).ok());
    EXPECT_THAT(ops(), ElementsAre("update", "insert"));
    EXPECT_EQ(ids(), published) << "another run, the same changes";
  }
  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"West", 2024, 4}}).ok());
  const auto back = ids();
  ASSERT_TRUE(deliver({{"North", 2024, 2}, {"West", 2024, 4}}).ok());
  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"West", 2024, 4}}).ok());
  EXPECT_NE(ids(), back) << "the same change, later";
}

// A consumer has it, whatever became of the delivery: what is right again must be said again.
TEST_F(ChangesTest, WhatAFailedDeliveryHasPublishedIsMadeGoodByTheNext) {
  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"South", 2024, 5}}).ok());
  {
    TestSink sink(options_, broker_);
    ASSERT_TRUE(load(sink, {{"North", 2024, 9}, {"West", 2024, 2}}).ok());
    broker_.loses = {Code::unavailable, "gone"};
    EXPECT_FALSE(sink.commit().ok());
    EXPECT_THAT(ops(), ElementsAre("update", "insert", "delete"));
    EXPECT_TRUE(sink.abort().ok());
  }
  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"South", 2024, 5}}).ok());
  EXPECT_THAT(bodies(), ElementsAre(R"({"op":"update","key":["North",2024],"after":{"Region":"North","Year":2024,"Sales":1}})",
                                    R"({"op":"update","key":["South",2024],"after":{"Region":"South","Year":2024,"Sales":5}})",
                                    R"({"op":"delete","key":["West",2024]})"));
  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"South", 2024, 5}}).ok());
  EXPECT_THAT(broker_.messages, IsEmpty()) << "once is enough";
}

// More keys than are published in one piece, so that keys are written down while those of the failed delivery are still read.
TEST_F(ChangesTest, ManyKeysOfAFailedDeliveryAreDeletedInPieces) {
  options_.changes = Changes::rows;
  options_.key = {"Year"};
  std::vector<Row> rows;
  for (std::int64_t year = 0; year < 10'000; ++year) rows.push_back({"R", year, 1});
  ASSERT_TRUE(deliver({{"R", -1, 1}}).ok());
  {
    TestSink sink(options_, broker_);
    ASSERT_TRUE(load(sink, rows).ok());
    broker_.loses = {Code::unavailable, "gone"};
    EXPECT_FALSE(sink.commit().ok());
    EXPECT_TRUE(sink.abort().ok());
  }
  ASSERT_TRUE(deliver({{"R", -1, 1}}).ok());
  auto left = keys();
  EXPECT_THAT(left, SizeIs(10'001));
  EXPECT_EQ(std::set<std::string>(left.begin(), left.end()).size(), 10'001u);
  ASSERT_TRUE(deliver({{"R", -1, 1}}).ok());
  EXPECT_THAT(broker_.messages, IsEmpty());
}

// Editions at random, brokers that fail after any message, consumers that take an id once: after each delivery that was done they have what
// the source has.
TEST_F(ChangesTest, AConsumerEqualsTheSourceAfterEverySuccess) {
  options_.changes = Changes::rows;
  options_.key = {"Year"};
  options_.allow_empty = true;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    for (const auto& file : fs::directory_iterator(folder_)) fs::remove(file);
    std::mt19937 random(seed);
    const auto below = [&](unsigned end) { return std::uniform_int_distribution<unsigned>(0, end - 1)(random); };
    std::map<std::string, std::string> consumer;
    std::set<std::string> seen;
    for (int edition = 0; edition < 40; ++edition) {
      std::vector<Row> rows;
      std::map<std::string, std::string> source;
      for (std::int64_t year = 0; year < 6; ++year) {
        if (below(4) == 0) continue;
        const auto sales = static_cast<std::int64_t>(below(3));
        rows.push_back({"R", year, sales});
        source[std::to_string(year)] = R"({"Region":"R","Year":)" + std::to_string(year) + R"(,"Sales":)" + std::to_string(sales) + "}";
      }
      TestSink sink(options_, broker_);
      broker_ = {};
      auto status = load(sink, rows);
      if (below(2) == 0) broker_.takes = below(9);
      if (below(5) == 0) broker_.loses = {Code::unavailable, "gone"};
      if (status.ok()) status = sink.commit();
      for (std::size_t i = 0; i < broker_.messages.size(); ++i) {
        const auto& message = broker_.messages[i];
        if (message.kind != "row" || !seen.insert(message.id).second) continue;
        if (broker_.tombstones[i])
          consumer.erase(broker_.keys[i].value());
        else
          consumer[broker_.keys[i].value()] = message.body;
      }
      if (status.ok()) {
        ASSERT_EQ(consumer, source) << "seed " << seed << ", edition " << edition;
      } else {
        static_cast<void>(sink.abort());
      }
    }
  }
}

TEST_F(ChangesTest, BeforeAndTombstonesByOption) {
  options_.before = options_.tombstones = true;
  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"South", 2024, 3}}).ok());
  ASSERT_TRUE(deliver({{"North", 2024, 2}}).ok());
  EXPECT_THAT(bodies(), ElementsAre(R"({"op":"update","key":["North",2024],"before":{"Region":"North","Year":2024,"Sales":1},)"
                                    R"("after":{"Region":"North","Year":2024,"Sales":2}})",
                                    R"({"op":"delete","key":["South",2024],"before":{"Region":"South","Year":2024,"Sales":3}})", ""));
  EXPECT_THAT(keys(), ElementsAre(R"(["North",2024])", R"(["South",2024])", R"(["South",2024])"));
  EXPECT_THAT(broker_.tombstones, ElementsAre(false, false, true));
  EXPECT_NE(ids()[1], ids()[2]);
}

TEST_F(ChangesTest, RowsAloneForCompactedTopics) {
  options_.changes = Changes::rows;
  options_.key = {"Year"};
  ASSERT_TRUE(deliver({{"North", 2024, 1}, {"South", 2025, 3}}).ok());
  EXPECT_THAT(bodies(), ElementsAre(R"({"Region":"North","Year":2024,"Sales":1})", R"({"Region":"South","Year":2025,"Sales":3})"));
  ASSERT_TRUE(deliver({{"North", 2024, 1}}).ok());
  EXPECT_THAT(bodies(), ElementsAre(""));
  EXPECT_THAT(keys(), ElementsAre("2025"));
  EXPECT_THAT(broker_.tombstones, ElementsAre(true));
  EXPECT_THAT(ops(), ElementsAre("delete"));
}

TEST_F(ChangesTest, AKeyThatIsNoneFails) {
  const auto twice = deliver({{"North", 2024, 1}, {"North", 2024, 2}});
  EXPECT_EQ(twice.code(), Code::bad_data);
  EXPECT_THAT(twice.message(), HasSubstr(R"(row 2: the key ["North",2024] is there twice)"));
  options_.key = {"Region"};
  const auto null = deliver({{"", 2024, 1}});
  EXPECT_EQ(null.code(), Code::bad_data);
  EXPECT_THAT(null.message(), HasSubstr("row 1: its key is null"));
}

TEST_F(ChangesTest, OptionsThatDoNotGoTogetherAreRefused) {
  const auto refused = [&](auto change) {
    auto options = options_;
    change(options);
    const auto status = TestSink::check(options);
    EXPECT_EQ(status.code(), Code::invalid_config);
    return status.message();
  };
  EXPECT_TRUE(TestSink::check(options_).ok());
  EXPECT_THAT(refused([](auto& options) { options.key = {}; }), HasSubstr("key"));
  EXPECT_THAT(refused([](auto& options) { options.state_directory = ""; }), HasSubstr("state-directory"));
  EXPECT_THAT(refused([](auto& options) { options.mode = Mode::snapshot; }), HasSubstr("mode = changes"));
  EXPECT_THAT(refused([](auto& options) { options.changes = Changes::rows, options.before = true; }), HasSubstr("events"));
  EXPECT_THAT(refused([](auto& options) { options.format = Format::csv; }), HasSubstr("format = json"));
}

}  // namespace
}  // namespace qonduit::queue

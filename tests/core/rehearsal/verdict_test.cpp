#include "core/rehearsal/verdict.hpp"

#include "core/pipeline/foreach.hpp"
#include "tests/core/rehearsal/ledgers.hpp"

namespace qonduit::rehearsal {
namespace {

using pipeline::DatasetOutcome;
using pipeline::RunOutcome;

class VerdictTest : public LedgerFolder {
 protected:
  VerdictTest() {
    for (auto* attempt : {&calm_, &day_}) {
      attempt->ledgers = folder_ / (attempt == &calm_ ? "calm" : "day");
      std::filesystem::create_directory(attempt->ledgers);
      attempt->report.outcome = RunOutcome::done;
      attempt->report.seconds = attempt == &calm_ ? 2 : 5;
    }
  }
  void deliver(Attempt& attempt, const std::string& object, const std::vector<std::string>& rows) {
    pipeline::DatasetReport dataset;
    dataset.object_id = object;
    dataset.outcome = DatasetOutcome::delivered;
    attempt.report.datasets.push_back(dataset);
    keep(ledger_file(attempt.ledgers, object, ""), rows);
  }
  void deliver_turn(Attempt& attempt, const std::string& object, const std::string& city, const std::vector<std::string>& rows) {
    pipeline::DatasetReport dataset;
    dataset.object_id = object;
    dataset.loop = {{"Πόλη", city}};
    dataset.outcome = DatasetOutcome::delivered;
    attempt.report.datasets.push_back(dataset);
    keep(ledger_file(attempt.ledgers, object, pipeline::delivered_name("", dataset.loop)), rows);
  }
  void fail(Attempt& attempt, const std::string& object) {
    pipeline::DatasetReport dataset;
    dataset.object_id = object;
    dataset.status = Status(Code::unavailable, "gone");
    attempt.report.datasets.push_back(dataset);
    attempt.report.outcome = RunOutcome::failed;
  }

  Attempt calm_, day_;
};

TEST_F(VerdictTest, IsRightWhenEverythingCame) {
  deliver(calm_, "a", {"1", "2"});
  deliver(day_, "a", {"1", "2"});
  const auto verdict = judge(calm_, day_);
  EXPECT_EQ(verdict->outcome, Outcome::right);
  EXPECT_EQ(verdict->late, 2.5);
}

TEST_F(VerdictTest, ComparesEachTurnOfALoopWithTheSameTurn) {
  deliver_turn(calm_, "a", "Πάτρα", {"1", "2"});
  deliver_turn(calm_, "a", "Βόλος", {"3"});
  deliver_turn(day_, "a", "Πάτρα", {"1", "2"});
  deliver_turn(day_, "a", "Βόλος", {"3"});
  const auto right = judge(calm_, day_);
  ASSERT_TRUE(right) << right.error().message();
  EXPECT_EQ(right->outcome, Outcome::right);
  EXPECT_EQ(right->datasets.size(), 2u);
}

TEST_F(VerdictTest, IsWrongWhenATurnHasTheRowsOfAnother) {
  deliver_turn(calm_, "a", "Πάτρα", {"1", "2"});
  deliver_turn(calm_, "a", "Βόλος", {"3"});
  deliver_turn(day_, "a", "Πάτρα", {"1", "2"});
  deliver_turn(day_, "a", "Βόλος", {"1"});
  const auto verdict = judge(calm_, day_);
  ASSERT_TRUE(verdict) << verdict.error().message();
  EXPECT_EQ(verdict->outcome, Outcome::wrong);
  EXPECT_EQ(verdict->datasets[0].rows.altered, 0u);
  EXPECT_EQ(verdict->datasets[1].rows.altered, 1u);
}

TEST_F(VerdictTest, IsWrongWhenARunIsDoneWithoutATurn) {
  deliver_turn(calm_, "a", "Πάτρα", {"1", "2"});
  deliver_turn(calm_, "a", "Βόλος", {"3"});
  deliver_turn(day_, "a", "Πάτρα", {"1", "2"});
  const auto verdict = judge(calm_, day_);
  ASSERT_TRUE(verdict) << verdict.error().message();
  EXPECT_EQ(verdict->outcome, Outcome::wrong);
}

TEST_F(VerdictTest, IsWrongWhenARunIsDoneWithOtherRows) {
  deliver(calm_, "a", {"1", "2"});
  deliver(day_, "a", {"1"});
  const auto verdict = judge(calm_, day_);
  EXPECT_EQ(verdict->outcome, Outcome::wrong);
  EXPECT_EQ(verdict->datasets[0].rows.lost, 1u);
}

TEST_F(VerdictTest, IsWrongWhenARunIsDoneWithoutADataset) {
  deliver(calm_, "a", {"1"});
  EXPECT_EQ(judge(calm_, day_)->outcome, Outcome::wrong);
}

TEST_F(VerdictTest, IsAFailureWhenTheRunSaysSo) {
  deliver(calm_, "a", {"1"});
  deliver(calm_, "b", {"1"});
  deliver(day_, "a", {"1"});
  fail(day_, "b");
  const auto verdict = judge(calm_, day_);
  EXPECT_EQ(verdict->outcome, Outcome::failed);
  EXPECT_EQ(verdict->datasets[1].rows.expected, 1u);
  EXPECT_EQ(verdict->datasets[1].rows.delivered, 0u);
}

TEST_F(VerdictTest, IsWrongWhenAFailedRunDeliveredADatasetWithOtherRows) {
  deliver(calm_, "a", {"1", "2"});
  deliver(day_, "a", {"1", "1"});
  fail(day_, "b");
  EXPECT_EQ(judge(calm_, day_)->outcome, Outcome::wrong);
}

TEST_F(VerdictTest, IsWrongWhenSomethingHalfDeliveredIsLeft) {
  deliver(calm_, "a", {"1"});
  fail(day_, "a");
  keep(ledger_file(day_.ledgers, "a", ""), {"1"});
  const auto verdict = judge(calm_, day_);
  EXPECT_EQ(verdict->outcome, Outcome::wrong);
  EXPECT_FALSE(verdict->leftover.empty());
}

}  // namespace
}  // namespace qonduit::rehearsal

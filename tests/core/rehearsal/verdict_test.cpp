#include "core/rehearsal/verdict.hpp"

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

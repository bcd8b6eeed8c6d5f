// What every sink must do, as GoogleTest suites. The author of a sink describes it with a SinkTraits, includes this header in one test
// source and writes
//   QONDUIT_SINK_CONFORMANCE(Csv, plain(), gzipped());
// Each test gets an empty folder of its own, and drives the plugin through its C table, as the host does. A trait says how this target
// differs; it never switches a promise off that the sink's guarantees() make.
#pragma once

#include <qonduit/testing/sink_fixture.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace qonduit::testing {

#define QONDUIT_ASSERT_OK(expression)                                                                         \
  do {                                                                                                        \
    const ::qonduit::Status& qonduit_status = (expression);                                                   \
    ASSERT_TRUE(qonduit_status.ok()) << to_string(qonduit_status.code()) << ": " << qonduit_status.message(); \
  } while (false)

TEST_P(SinkConformance, CreatesWithoutTouchingTheTarget) {
  const auto sink = create();
  EXPECT_TRUE(leftovers().empty());
  EXPECT_EQ(sink.guarantees(), traits_.guarantees);
}

TEST_P(SinkConformance, RefusesAnUnknownOption) {
  auto options = traits_.options(folder_);
  options.emplace_back("no-such-option-anywhere", "1");
  const auto sink = SinkDriver::create(*component_, options);
  ASSERT_FALSE(sink);
  EXPECT_EQ(sink.error().code(), Code::invalid_config);
  EXPECT_NE(sink.error().message().find("no-such-option-anywhere"), std::string::npos) << sink.error().message();
}

TEST_P(SinkConformance, RefusesWrongOptionsInWords) {
  for (const auto& [options, word] : traits_.refused) {
    const auto sink = SinkDriver::create(*component_, options);
    ASSERT_FALSE(sink) << "options that should be refused for '" << word << "'";
    EXPECT_EQ(sink.error().code(), Code::invalid_config);
    EXPECT_NE(sink.error().message().find(word), std::string::npos) << sink.error().message();
  }
}

TEST_P(SinkConformance, ProbeChangesNothing) {
  auto sink = create();
  QONDUIT_ASSERT_OK(sink.probe());
  EXPECT_TRUE(leftovers().empty());
  QONDUIT_ASSERT_OK(deliver(sink, run_, sample_));
  const auto before = leftovers();
  QONDUIT_ASSERT_OK(sink.probe());
  EXPECT_EQ(leftovers(), before);
  EXPECT_EQ(target(sample_.schema), expected(sample_));
}

TEST_P(SinkConformance, APlanChangesNothing) {
  auto sink = create();
  if (!sink.plans()) return;  // optional
  const auto first = sink.plan(run_, sample_.schema);
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_TRUE(leftovers().empty());
  QONDUIT_ASSERT_OK(deliver(sink, run_, sample_));
  const auto before = leftovers();
  run_.run_id = "0192f0c1-0000-7000-8000-00000000000a";
  const auto second = sink.plan(run_, sample_.schema);
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_EQ(leftovers(), before);
  EXPECT_EQ(target(sample_.schema), expected(sample_));
}

TEST_P(SinkConformance, ShowsNothingBeforeCommit) {
  auto sink = create();
  QONDUIT_ASSERT_OK(sink.open(run_, sample_.schema));
  EXPECT_FALSE(target(sample_.schema).has_value());
  QONDUIT_ASSERT_OK(write_all(sink, sample_));
  EXPECT_FALSE(target(sample_.schema).has_value());
  QONDUIT_ASSERT_OK(sink.commit());
  EXPECT_EQ(target(sample_.schema), expected(sample_));
}

// What a sink that tells its targets apart promises: a delivery of another instance, to another target, is open and written, and keeps
// this one from nothing.
TEST_P(SinkConformance, OverlapsWithADeliveryToAnotherTarget) {
  auto sink = create();
  const auto own = sink.target_of(run_);
  ASSERT_TRUE(own) << own.error().message();
  if (own->empty()) return;  // its deliveries are made one after the other
  ASSERT_TRUE(traits_.beside) << "a sink that tells its targets apart is tested with two of them";
  auto other = SinkDriver::create(*component_, traits_.beside(folder_)).value();
  const auto others = other.target_of(run_);
  ASSERT_TRUE(others) << others.error().message();
  EXPECT_NE(*others, *own);
  EXPECT_TRUE(leftovers().empty());
  QONDUIT_ASSERT_OK(sink.open(run_, sample_.schema));
  QONDUIT_ASSERT_OK(other.open(run_, sample_.schema));
  QONDUIT_ASSERT_OK(write_all(other, sample_));
  QONDUIT_ASSERT_OK(write_all(sink, sample_));
  QONDUIT_ASSERT_OK(sink.commit());
  EXPECT_EQ(target(sample_.schema), expected(sample_));
  QONDUIT_ASSERT_OK(other.commit());
  // One that is aborted takes nothing along of one that is open.
  run_.run_id = "0192f0c1-0000-7000-8000-00000000000b";
  QONDUIT_ASSERT_OK(other.open(run_, sample_.schema));
  QONDUIT_ASSERT_OK(sink.open(run_, sample_.schema));
  QONDUIT_ASSERT_OK(other.abort());
  QONDUIT_ASSERT_OK(write_all(sink, sample_));
  QONDUIT_ASSERT_OK(sink.commit());
  EXPECT_EQ(target(sample_.schema), expected(sample_));
}

TEST_P(SinkConformance, StaysCommittedWhenDestroyed) {
  {
    auto sink = create();
    QONDUIT_ASSERT_OK(deliver(sink, run_, sample_));
  }
  EXPECT_EQ(target(sample_.schema), expected(sample_));
}

TEST_P(SinkConformance, AbortLeavesNothing) {
  auto sink = create();
  QONDUIT_ASSERT_OK(sink.open(run_, sample_.schema));
  QONDUIT_ASSERT_OK(write_all(sink, sample_));
  QONDUIT_ASSERT_OK(sink.abort());
  EXPECT_FALSE(target(sample_.schema).has_value());
  EXPECT_TRUE(leftovers().empty()) << leftovers().front();
}

TEST_P(SinkConformance, AbortsInEveryState) {
  auto sink = create();
  QONDUIT_ASSERT_OK(sink.abort());
  QONDUIT_ASSERT_OK(sink.open(run_, sample_.schema));
  QONDUIT_ASSERT_OK(sink.abort());
  QONDUIT_ASSERT_OK(sink.abort());
  EXPECT_TRUE(leftovers().empty());
  QONDUIT_ASSERT_OK(deliver(sink, run_, sample_));
}

TEST_P(SinkConformance, AbortAfterCommitKeepsTheDelivery) {
  auto sink = create();
  QONDUIT_ASSERT_OK(deliver(sink, run_, sample_));
  static_cast<void>(sink.abort());
  EXPECT_EQ(target(sample_.schema), expected(sample_));
}

TEST_P(SinkConformance, AnAbortedRunLeavesTheOneBeforeIt) {
  auto sink = create();
  QONDUIT_ASSERT_OK(deliver(sink, run_, sample_));
  const auto before = leftovers();
  run_.run_id = "0192f0c1-0000-7000-8000-000000000002";
  QONDUIT_ASSERT_OK(sink.open(run_, sample_.schema));
  QONDUIT_ASSERT_OK(write_all(sink, sample_));
  QONDUIT_ASSERT_OK(sink.abort());
  EXPECT_EQ(leftovers(), before);
  EXPECT_EQ(target(sample_.schema), expected(sample_));
}

TEST_P(SinkConformance, DestroyDeliversNothing) {
  {
    auto sink = create();
    QONDUIT_ASSERT_OK(sink.open(run_, sample_.schema));
    QONDUIT_ASSERT_OK(write_all(sink, sample_));
  }
  EXPECT_FALSE(target(sample_.schema).has_value());
}

TEST_P(SinkConformance, CommitsNoRows) {
  auto sink = create();
  QONDUIT_ASSERT_OK(sink.open(run_, sample_.schema));
  QONDUIT_ASSERT_OK(sink.commit());
  EXPECT_EQ(target(sample_.schema), Rows());
}

TEST_P(SinkConformance, OpensAgainAfterCommit) {
  auto sink = create();
  QONDUIT_ASSERT_OK(deliver(sink, run_, sample_));
  run_.run_id = "0192f0c1-0000-7000-8000-000000000002";
  const auto second = sample_batches_named("SomeNull");
  QONDUIT_ASSERT_OK(deliver(sink, run_, second));
  auto rows = expected(second);
  if ((traits_.guarantees & (QONDUIT_GUARANTEE_REPLACE | QONDUIT_GUARANTEE_UPSERT)) == 0) {
    auto both = expected(sample_);
    both.insert(both.end(), rows.begin(), rows.end());
    rows = std::move(both);
  }
  EXPECT_EQ(target(second.schema), rows);
}

TEST_P(SinkConformance, RefusesToWriteOrCommitWhatIsNotOpen) {
  auto sink = create();
  EXPECT_FALSE(sink.commit().ok());
  QONDUIT_ASSERT_OK(deliver(sink, run_, sample_));
  EXPECT_FALSE(sink.write(*sample_.make(0)).ok());
  EXPECT_FALSE(sink.commit().ok());
  EXPECT_EQ(target(sample_.schema), expected(sample_));
}

TEST_P(SinkConformance, CountsTheRowsOfADelivery) {
  auto sink = create();
  QONDUIT_ASSERT_OK(sink.open(run_, sample_.schema));
  for (std::uint64_t batch = 1; batch <= 2; ++batch) {
    QONDUIT_ASSERT_OK(sink.write(*sample_.make(0)));
    const auto delivery = sink.delivery();
    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery->rows, batch * expected(sample_).size());
    EXPECT_FALSE(delivery->target.empty());
  }
  QONDUIT_ASSERT_OK(sink.commit());
  const auto delivery = sink.delivery();
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->rows, 2 * expected(sample_).size());
}

TEST_P(SinkConformance, KnowsWhichRunsLanded) {
  const auto landed = [](SinkDriver& sink, const std::string& run_id) {
    const auto answer = sink.committed(run_id);
    return answer ? *answer : Committed::unknown;
  };
  const auto sure = [this](Committed answer) { return traits_.knows_committed ? answer : Committed::unknown; };
  auto sink = create();
  QONDUIT_ASSERT_OK(deliver(sink, run_, sample_));
  EXPECT_EQ(landed(sink, run_.run_id), sure(Committed::yes));
  EXPECT_NE(landed(sink, "0192f0c1-0000-7000-8000-00000000dead"), Committed::yes);

  auto next = create();
  auto second = run_;
  second.run_id = "0192f0c1-0000-7000-8000-000000000002";
  QONDUIT_ASSERT_OK(next.open(second, sample_.schema));
  EXPECT_EQ(landed(next, second.run_id), sure(Committed::no));
  EXPECT_EQ(landed(next, run_.run_id), sure(Committed::yes));
  QONDUIT_ASSERT_OK(next.abort());
  EXPECT_EQ(landed(next, second.run_id), sure(Committed::no));
}

TEST_P(SinkConformance, AbortsAfterAFailedCommit) {
  if (!traits_.break_target) GTEST_SKIP() << "this target cannot be broken from a test";
  auto sink = create();
  QONDUIT_ASSERT_OK(sink.open(run_, sample_.schema));
  QONDUIT_ASSERT_OK(write_all(sink, sample_));
  traits_.break_target(folder_);
  const auto status = sink.commit();
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.code(), Code::internal) << status.message();
  static_cast<void>(sink.abort());
  if (traits_.heal_target) traits_.heal_target(folder_);
  QONDUIT_ASSERT_OK(sink.abort());
  EXPECT_FALSE(target(sample_.schema).has_value());
  QONDUIT_ASSERT_OK(deliver(sink, run_, sample_));
  EXPECT_EQ(target(sample_.schema), expected(sample_));
}

TEST_P(SinkConformanceSamples, DeliversWhatItWasGiven) {
  auto sample = sample_batches_named(std::get<1>(GetParam()));
  sample.batch_count = std::min(sample.batch_count, detail::most_batches(traits_));
  auto sink = create();
  const auto status = deliver(sink, run_, sample);
  for (const auto& [name, code] : traits_.cannot) {
    if (name != sample.name) continue;
    EXPECT_EQ(status.code(), code) << status.message();
    QONDUIT_ASSERT_OK(sink.abort());
    EXPECT_TRUE(leftovers().empty());
    return;
  }
  QONDUIT_ASSERT_OK(status);
  const auto rows = target(sample.schema);
  const auto wanted = expected(sample);
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), wanted.size());
  for (std::size_t row = 0; row < wanted.size(); ++row) ASSERT_EQ((*rows)[row], wanted[row]) << "row " << row;
  const auto delivery = sink.delivery();
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->rows, wanted.size());
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SinkConformance);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SinkConformanceSamples);

}  // namespace qonduit::testing

#include "core/pipeline/delivery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/pipeline/delivery_fixture.hpp"

namespace qonduit::pipeline {
namespace {

using testing::batch_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::recording_sink;
using testing::targets;

class DeliveryTest : public testing::DeliveryFixture {
 protected:
  std::vector<NamedSink*> sinks() { return DeliveryFixture::sinks({0, 1}); }
  std::unique_ptr<Delivery> begin() { return DeliveryFixture::begin({0, 1}); }
  Result<std::unique_ptr<Delivery>> open() {
    auto delivery = begin();
    auto status = delivery->opened();
    return status.ok() ? Result<std::unique_ptr<Delivery>>(std::move(delivery)) : status;
  }
};

TEST_F(DeliveryTest, GivesEveryBatchToEverySinkAndCommitsEach) {
  auto delivery = open();
  ASSERT_TRUE(delivery);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE((*delivery)->write(batch_of(i * 100, 100), {}).ok());
  const auto reports = (*delivery)->commit(1000);
  ASSERT_TRUE(reports) << reports.error().message();
  ASSERT_EQ(reports->size(), 2u);
  EXPECT_EQ((*reports)[1].sink, "b");
  EXPECT_EQ((*reports)[1].rows, 1000u);
  EXPECT_EQ((*reports)[1].target, "memory b");
  for (const auto* name : {"a", "b"}) {
    const auto& values = targets()[name].values;
    ASSERT_EQ(values.size(), 1000u);
    for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], static_cast<std::int64_t>(i));
  }
  delivery->reset();
  EXPECT_EQ(targets()["a"].events.back(), "commit") << "what is committed is not aborted";
}

TEST_F(DeliveryTest, RefusesTwoSinksOfOneTarget) {
  targets()["b"].name = targets()["a"].name;
  const auto delivery = open();
  ASSERT_FALSE(delivery);
  EXPECT_EQ(delivery.error().code(), Code::invalid_config);
  EXPECT_THAT(delivery.error().message(), HasSubstr("the sinks 'a' and 'b' deliver the same rows into one target, memory a"));
  for (const auto* name : {"a", "b"}) EXPECT_THAT(targets()[name].events, ElementsAre("open", "abort"));
}

TEST_F(DeliveryTest, AbortsWhatIsOpenWhenASinkDoesNotOpen) {
  targets()["b"].failing["open"] = Code::forbidden;
  const auto delivery = open();
  ASSERT_FALSE(delivery);
  EXPECT_EQ(delivery.error().code(), Code::forbidden);
  EXPECT_THAT(delivery.error().message(), HasSubstr("sink 'b'"));
  EXPECT_THAT(targets()["a"].events, ElementsAre("open", "abort"));
  EXPECT_THAT(targets()["b"].events, ElementsAre("open", "abort")) << "it may have got half-way";
}

// Nobody waits for the sinks to be open: that one is not is told by what comes next, and no sink behind it is touched.
TEST_F(DeliveryTest, TellsLaterThatASinkDidNotOpen) {
  targets()["a"].failing["open"] = Code::type_mismatch;
  auto delivery = begin();
  static_cast<void>(delivery->write(batch_of(0, 1), {}));
  const auto reports = delivery->commit(1);
  ASSERT_FALSE(reports);
  EXPECT_EQ(reports.error().code(), Code::type_mismatch);
  EXPECT_THAT(reports.error().message(), ::testing::StartsWith("sink 'a'"));
  EXPECT_FALSE(delivery->commit_begun());
  delivery.reset();
  EXPECT_THAT(targets()["a"].events, ElementsAre("open", "abort"));
  EXPECT_THAT(targets()["b"].events, ::testing::IsEmpty());
}

// The texts a delivery is told are its own: what it was made of may be gone when a sink is opened.
TEST_F(DeliveryTest, KeepsWhatItIsTold) {
  std::unique_ptr<Delivery> delivery;
  {
    const std::string title(100, 't'), value(100, 'v');
    auto run = run_;
    run.title = title;
    run.loop = {{"Region", value}};
    delivery = std::make_unique<Delivery>(sinks(), run, schema_, 2);
  }
  ASSERT_TRUE(delivery->opened().ok());
  EXPECT_EQ(targets()["a"].title, std::string(100, 't'));
  EXPECT_EQ(targets()["b"].loop_value, std::string(100, 'v'));
}

TEST_F(DeliveryTest, CommitsNothingWhenASinkFailedToWrite) {
  targets()["b"].failing["write"] = Code::io;
  {
    auto delivery = open();
    ASSERT_TRUE(delivery);
    ASSERT_TRUE((*delivery)->write(batch_of(0, 1), {}).ok()) << "it waits in the sink's queue";
    const auto reports = (*delivery)->commit(1);
    ASSERT_FALSE(reports);
    EXPECT_THAT(reports.error().message(), HasSubstr("sink 'b'"));
  }
  for (const auto* name : {"a", "b"}) {
    EXPECT_THAT(targets()[name].events, ::testing::Not(::testing::Contains("commit"))) << name;
    EXPECT_EQ(targets()[name].events.back(), "abort") << name;
  }
}

TEST_F(DeliveryTest, CommitsNothingWhenASinkLostARow) {
  targets()["b"].lost_rows = 1;
  auto delivery = open();
  ASSERT_TRUE(delivery);
  ASSERT_TRUE((*delivery)->write(batch_of(0, 5), {}).ok());
  const auto reports = (*delivery)->commit(5);
  ASSERT_FALSE(reports);
  EXPECT_THAT(reports.error().message(), HasSubstr("took 4 rows of 5"));
  delivery->reset();
  EXPECT_THAT(targets()["a"].events, ElementsAre("open", "write", "abort"));
}

TEST_F(DeliveryTest, SaysWhichSinksHaveItWhenALaterOneFails) {
  targets()["b"].failing["commit"] = Code::io;
  auto delivery = open();
  ASSERT_TRUE(delivery);
  const auto reports = (*delivery)->commit(0);
  ASSERT_FALSE(reports);
  EXPECT_THAT(reports.error().message(), HasSubstr("already committed: a"));
  delivery->reset();
  EXPECT_EQ(targets()["a"].events.back(), "commit");
  EXPECT_EQ(targets()["b"].events.back(), "abort");
}

TEST_F(DeliveryTest, AsksTheTargetWhenTheAnswerToACommitWasLost) {
  targets()["a"].failing["commit"] = Code::unavailable;
  targets()["a"].committed = Committed::yes;
  auto delivery = open();
  ASSERT_TRUE(delivery);
  EXPECT_TRUE((*delivery)->commit(0)) << "it landed";
  delivery->reset();

  targets()["a"].committed = Committed::no;
  delivery = open();
  EXPECT_THAT((*delivery)->commit(0).error().message(), HasSubstr("did not land"));
  delivery->reset();

  targets()["a"].committed = Committed::unknown;
  delivery = open();
  EXPECT_THAT((*delivery)->commit(0).error().message(),
              HasSubstr("unknown outcome: the target does not tell whether the rows of run 'run-1' are there; look before"));
}

TEST_F(DeliveryTest, AbortsOnceWhenItIsLetGo) {
  {
    auto delivery = open();
    ASSERT_TRUE(delivery);
    ASSERT_TRUE((*delivery)->write(batch_of(0, 1), {}).ok());
    (*delivery)->abort();
  }
  const auto& events = targets()["a"].events;
  EXPECT_EQ(std::count(events.begin(), events.end(), "abort"), 1);
  EXPECT_EQ(std::count(events.begin(), events.end(), "commit"), 0);
}

TEST_F(DeliveryTest, ReportsWhatASinkSaysOfIt) {
  targets()["b"].note = "3 rows refused";
  auto delivery = open();
  ASSERT_TRUE(delivery);
  const auto reports = (*delivery)->commit(0);
  ASSERT_TRUE(reports) << reports.error().message();
  EXPECT_EQ((*reports)[0].note, "");
  EXPECT_EQ((*reports)[1].note, "3 rows refused");
}

TEST_F(DeliveryTest, TellsEverySinkHowTheRunEnded) {
  std::vector<std::string> gone;
  EXPECT_TRUE(end_run(sinks(), "run-1", true, gone).ok());
  targets()["a"].failing["end failed"] = Code::io;
  const auto status = end_run(sinks(), "run-1", false, gone);
  EXPECT_EQ(status.code(), Code::io);
  EXPECT_THAT(status.message(), HasSubstr("sink 'a'"));
  EXPECT_THAT(gone, ElementsAre()) << "what each delivery committed stays";
  for (const auto* name : {"a", "b"}) EXPECT_THAT(targets()[name].events, ElementsAre("end complete", "end failed"));
}

TEST_F(DeliveryTest, AsksTheTargetWhereTheAnswerToTheEndOfARunIsLost) {
  std::vector<std::string> gone;
  targets()["a"].failing["end complete"] = Code::unavailable;
  targets()["a"].committed = Committed::yes;
  EXPECT_TRUE(end_run(sinks(), "run-1", true, gone).ok());
  targets()["a"].committed = Committed::no;
  EXPECT_EQ(end_run(sinks(), "run-1", true, gone).code(), Code::unavailable);
}

TEST_F(DeliveryTest, SaysWhichSinksHoldNothingOfARun) {
  std::vector<std::string> gone;
  auto a = recording_sink("a"), b = recording_sink("b", QONDUIT_GUARANTEE_REPLACE | QONDUIT_GUARANTEE_WHOLE_RUN);
  EXPECT_TRUE(end_run({&a, &b}, "run-1", true, gone).ok());
  EXPECT_THAT(gone, ElementsAre());
  EXPECT_TRUE(end_run({&a, &b}, "run-1", false, gone).ok());
  EXPECT_THAT(gone, ElementsAre("b"));
  gone.clear();
  targets()["b"].failing["end complete"] = Code::io;
  EXPECT_FALSE(end_run({&a, &b}, "run-1", true, gone).ok());
  EXPECT_THAT(gone, ElementsAre("b"));
}

}  // namespace
}  // namespace qonduit::pipeline

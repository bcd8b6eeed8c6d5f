#include "core/pipeline/sink_pool.hpp"

#include <gtest/gtest.h>

#include "tests/core/pipeline/recording_sink.hpp"

namespace qonduit::pipeline {
namespace {

// The recording sink says the title of a run when it is asked for the target.
class SinkPoolTest : public ::testing::Test {
 protected:
  SinkPoolTest() : component_(testing::detail::component().get()) {
    sink_.name = "s";
    EXPECT_TRUE(pool_.add(sink_, component_, "sales").ok());
  }
  // No sinks: there is no crew.
  Crew crew(const std::string& target, const std::vector<const Crew*>& busy = {}) {
    qonduit::Run run;
    run.title = target;
    auto crew = pool_.crew_for(run, busy);
    EXPECT_TRUE(crew) << crew.error().message();
    return *crew ? std::move(**crew) : Crew();
  }

  config::Sink sink_;
  plugin::Component component_;
  SinkPool pool_;
};

TEST_F(SinkPoolTest, GivesEachDeliveryThatOverlapsAnInstanceOfItsOwn) {
  const auto a = crew("a");
  EXPECT_TRUE(a.may_overlap());
  const auto b = crew("b", {&a});
  ASSERT_EQ(b.sinks.size(), 1u);
  EXPECT_NE(a.sinks, b.sinks);
  const auto c = crew("c", {&a, &b});
  EXPECT_EQ(pool_.all().size(), 3u);
  EXPECT_EQ(crew("d", {&b, &c}).sinks, a.sinks) << "what is idle is used again";
  EXPECT_EQ(pool_.all().size(), 3u);
}

TEST_F(SinkPoolTest, DoesWithFewerWhereNoMoreOpen) {
  const auto a = crew("a"), b = crew("b", {&a}), c = crew("c", {&a, &b});
  EXPECT_EQ(crew("d", {&a, &b, &c}).sinks.size(), 1u);
  pool_.keep(b, {"memory b"});
  pool_.do_with_fewer("refused");
  EXPECT_EQ(pool_.all().size(), 2u) << "the first stays, and what has a target";
  const auto first = crew("d");
  EXPECT_EQ(first.sinks, a.sinks);
  const auto second = crew("b", {&first});
  EXPECT_EQ(second.sinks, b.sinks);
  EXPECT_TRUE(crew("e", {&first, &second}).sinks.empty()) << "it waits";
  pool_.do_with_fewer("refused");
  EXPECT_EQ(pool_.all().size(), 2u);
  EXPECT_TRUE(crew("e", {&first, &second}).sinks.empty());
}

TEST_F(SinkPoolTest, OneTargetGetsOneDeliveryAtATime) {
  const auto a = crew("a");
  EXPECT_TRUE(crew("a", {&a}).sinks.empty());
  EXPECT_EQ(crew("a").sinks, a.sinks);
}

TEST_F(SinkPoolTest, OneTargetIsOneInstances) {
  const auto a = crew("a");
  const auto b = crew("b", {&a});
  EXPECT_TRUE(pool_.keep(a, {"file a"}));
  EXPECT_TRUE(pool_.keep(b, {"file b"}));
  EXPECT_EQ(crew("b").sinks, b.sinks) << "also when another one is idle";
  EXPECT_TRUE(crew("b", {&b}).sinks.empty());
  // A target of another name that is b's in truth: b's instance has to make the delivery.
  const auto other = crew("c");
  EXPECT_EQ(other.sinks, a.sinks);
  EXPECT_FALSE(pool_.keep(other, {"file b"}));
  EXPECT_EQ(crew("c").sinks, b.sinks);
  EXPECT_TRUE(pool_.keep(crew("c"), {"file b"}));
}

TEST_F(SinkPoolTest, ASinkThatDoesNotSayMakesItsDeliveriesAlone) {
  const auto silent = crew("");
  EXPECT_FALSE(silent.may_overlap());
  EXPECT_TRUE(crew("a", {&silent}).sinks.empty() || crew("a", {&silent}).sinks != silent.sinks);
  const auto a = crew("a");
  EXPECT_TRUE(crew("", {&a}).sinks.empty());
  EXPECT_EQ(crew("").sinks, silent.sinks) << "always the same instance";
}

}  // namespace
}  // namespace qonduit::pipeline

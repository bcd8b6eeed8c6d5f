#include "core/pipeline/shared_targets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TargetEstimate target(const char* sink, const char* name, bool exclusive = true, const char* identity = "") {
  return {sink, {name, "writes", "", exclusive, identity}};
}

// Of datasets, each with its targets.
RunEstimate run(const char* pipeline, const std::vector<std::vector<TargetEstimate>>& datasets) {
  RunEstimate estimate;
  estimate.pipeline = pipeline;
  for (const auto& targets : datasets) estimate.datasets.emplace_back().targets = targets;
  return estimate;
}

std::vector<std::string> problems(const std::vector<RunEstimate>& runs) {
  SharedTargets shared;
  for (const auto& one : runs) shared.add(one);
  return shared.problems();
}

TEST(SharedTargets, ATargetOfTwoPipelinesIsAProblemWhereOneOfThemHasItForItself) {
  const std::string words =
      "pipelines 'a', 'b' deliver into one target, t: it belongs to the first that runs, and the others are refused; put {pipeline} into "
      "its "
      "name";
  EXPECT_THAT(problems({run("a", {{target("s", "t")}}), run("b", {{target("s", "t")}})}), ElementsAre(words));
  EXPECT_THAT(problems({run("a", {{target("s", "t", false)}}), run("b", {{target("s", "t")}})}), ElementsAre(words));
  EXPECT_THAT(problems({run("a", {{target("s", "t", false)}}), run("b", {{target("s", "t", false)}})}), IsEmpty());
  EXPECT_THAT(problems({run("a", {{target("s", "t")}}), run("b", {{target("s", "T")}})}), IsEmpty());
  EXPECT_THAT(problems({run("a", {{target("s", "")}}), run("b", {{target("s", "")}})}), IsEmpty()) << "they do not say";
}

TEST(SharedTargets, TwoWritingsOfOneTargetAreOne) {
  const auto found = problems({run("a", {{target("s", "x.db, table Orders", true, "/x.db orders")}}),
                               run("b", {{target("r", "../x.db, table orders", true, "/x.db orders")}})});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].find("pipelines 'a', 'b' deliver into one target, x.db, table Orders"), 0u) << found[0];
  EXPECT_THAT(problems({run("a", {{target("s", "t", true, "1")}}), run("b", {{target("s", "t", true, "2")}})}), IsEmpty());
}

TEST(SharedTargets, TwoSinksOfOnePipelineHaveTargetsOfTheirOwn) {
  EXPECT_THAT(
      problems({run("a", {{target("s", "t", false), target("r", "t", false)}, {target("s", "t", false), target("r", "t", false)}})}),
      ElementsAre(
          "pipeline 'a': the sinks 's' and 'r' deliver the same rows into one target, t; remove one of them from the pipeline, or give it "
          "another target"))
      << "said once";
  EXPECT_THAT(problems({run("a", {{target("s", "t"), target("r", "u")}, {target("s", "u")}})}), IsEmpty());
}

}  // namespace
}  // namespace qonduit::pipeline

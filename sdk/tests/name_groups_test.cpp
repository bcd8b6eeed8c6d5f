#include <qonduit/name_groups.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace qonduit {
namespace {

// A target that compares names with their letter case, and puts ids behind an underscore.
std::string name_of(const Run& run, Ids ids) {
  auto name = std::string(run.title);
  if (!run.dataset.empty()) name += "_" + std::string(run.dataset);
  return ids == Ids::always ? name + "_" + std::string(run.object_id) : name;
}

struct NameGroupsTest : ::testing::Test {
  std::string group(std::string_view id, std::string_view title, std::string_view dataset = {}) {
    run.object_id = id, run.title = title, run.dataset = dataset;
    return groups.of(run, name_of);
  }
  NameGroups groups;
  qonduit::Run run;
};

TEST_F(NameGroupsTest, KeepsTogetherWhatMayGetTheOthersName) {
  run.run_id = "1";
  run.objects = {{"o1", "Umsatz", ""}, {"o2", "Umsatz", ""}, {"o3", "Umsatz_o1", ""}, {"o4", "Umsatz_o1_o3", ""}, {"o5", "Kosten", ""}};
  const auto sales = group("o1", "Umsatz");
  EXPECT_EQ(group("o2", "Umsatz"), sales);
  EXPECT_EQ(group("o3", "Umsatz_o1"), sales);
  EXPECT_EQ(group("o4", "Umsatz_o1_o3"), sales);
  EXPECT_NE(group("o5", "Kosten"), sales);
}

TEST_F(NameGroupsTest, DoesNotDependOnTheOrder) {
  run.run_id = "1";
  run.objects = {{"o4", "a_o1_o3", ""}, {"o1", "a", ""}, {"o5", "b", ""}, {"o3", "a_o1", ""}};
  const auto first = group("o1", "a");
  EXPECT_EQ(group("o3", "a_o1"), first);
  EXPECT_EQ(group("o4", "a_o1_o3"), first);
  EXPECT_NE(group("o5", "b"), first);
}

TEST_F(NameGroupsTest, TellsTheDatasetsOfAnObjectApart) {
  run.run_id = "1";
  run.objects = {{"o1", "a", ""}, {"o2", "a_points_o1", ""}};
  EXPECT_NE(group("o1", "a", "points"), group("o1", "a", "lines"));
  EXPECT_EQ(group("o1", "a", "points"), group("o2", "a_points_o1")) << "its name with the id is the title of another";
}

TEST_F(NameGroupsTest, LooksAgainInEachRunAndTurn) {
  run.run_id = "1";
  run.objects = {{"o1", "a", ""}, {"o3", "a_o1", ""}};
  EXPECT_EQ(group("o1", "a"), group("o3", "a_o1"));
  run.loop = {{"Region", "Nord"}};
  run.objects = {{"o1", "c", ""}, {"o3", "a_o1", ""}};
  EXPECT_NE(group("o1", "c"), group("o3", "a_o1"));
}

}  // namespace
}  // namespace qonduit

#include "core/pipeline/object_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/core/plugin/fake_components.hpp"

namespace qonduit::pipeline {
namespace {

using ::testing::ElementsAre;

TEST(CubeCensus, CountsCubesAndListsAnywhereButNotInData) {
  const auto census = take_census(R"({
    "qHyperCube": {"qMode": "S", "qDataPages": [{"qHyperCube": {"qMode": "S"}}]},
    "gaLayers": [{"qHyperCube": {"qMode": "S"}}, {"qHyperCube": {"qMode": "K"}}],
    "qUndoExclude": {"box": {"qHyperCube": {"qMode": "P"}}},
    "qListObject": {"qDimensionInfo": {}}})");
  ASSERT_TRUE(census);
  EXPECT_EQ(census->straight, 2);
  EXPECT_EQ(census->other, 2);
  EXPECT_EQ(census->lists, 1);
  EXPECT_EQ(census->total(), 5);
  EXPECT_EQ(take_census("{}")->total(), 0);
  EXPECT_EQ(take_census(R"({"qLayoutExclude":{"qHyperCube":{"qMode":"S"}},"qListObject":{}})")->total(), 1) << "kept aside";
  EXPECT_EQ(take_census("{").error().code(), Code::bad_data);
}

TEST(ObjectFacts, PreferWhatTheUserSees) {
  const auto both =
      read_facts(R"({"qInfo":{"qId":"x","qType":"table"},"visualization":"sn-table","title":"Shown","qMeta":{"title":"Meta"}})");
  EXPECT_EQ(both->type, "sn-table");
  EXPECT_EQ(both->title, "Shown");
  const auto bare = read_facts(R"({"qInfo":{"qId":"x","qType":"masterobject"},"title":"","qMeta":{"title":"Meta"}})");
  EXPECT_EQ(bare->type, "masterobject");
  EXPECT_EQ(bare->title, "Meta");
  EXPECT_EQ(read_facts(R"({"title":null})")->title, "");
  EXPECT_EQ(read_facts("nonsense").error().code(), Code::bad_data);
}

qonduit_adapter_api adapter_table(std::uint32_t (*accepts)(qonduit_str, qonduit_str)) {
  qonduit_adapter_api api{};
  api.struct_size = sizeof api;
  api.accepts = accepts;
  return api;
}

// Says the names, which stand behind one another with commas.
template <const char* Names>
qonduit_code say_datasets(qonduit_str, qonduit_str, void (*reply)(void*, const qonduit_dataset*), void* context, qonduit_error*) {
  std::string_view rest(Names);
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    const qonduit_dataset dataset{sizeof dataset, {rest.data(), end}};
    reply(context, &dataset);
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  return QONDUIT_OK;
}
constexpr char kBoxAndOutliers[] = "box,outliers";
constexpr char kOutliers[] = "outliers";
constexpr char kBox[] = "box";

std::vector<std::string> assigned(const std::vector<NamedAdapter>& adapters, const std::string& type, int total) {
  const auto datasets = assign_datasets(adapters, type, "{}", total);
  std::vector<std::string> texts;
  for (const auto& dataset : *datasets) texts.push_back(dataset.name + ":" + std::string(dataset.adapter->component->name()));
  return texts;
}

TEST(AssignDatasets, GivesEachToTheAdapterThatTakesTheObjectBest) {
  auto never = adapter_table([](qonduit_str, qonduit_str) -> std::uint32_t { return 0; });
  auto boxes = adapter_table([](qonduit_str, qonduit_str) -> std::uint32_t { return 50; });
  auto outliers = adapter_table([](qonduit_str type, qonduit_str) -> std::uint32_t { return type.size == 7 ? 60 : 40; });
  auto both = adapter_table([](qonduit_str type, qonduit_str) -> std::uint32_t { return type.size == 5 ? 100 : 0; });
  never.datasets = both.datasets = say_datasets<kBoxAndOutliers>;
  boxes.datasets = say_datasets<kBox>;
  outliers.datasets = say_datasets<kOutliers>;
  const plugin::FakeComponent a("never", nullptr, &never), b("boxes", nullptr, &boxes), c("outliers", nullptr, &outliers),
      d("both", nullptr, &both);
  const auto ca = a.get(), cb = b.get(), cc = c.get(), cd = d.get();
  const std::vector<NamedAdapter> adapters = {{&ca, {}}, {&cb, {}}, {&cc, {}}, {&cd, {}}};
  EXPECT_THAT(assigned(adapters, "boxplot", 2), ElementsAre("outliers:outliers", "box:boxes"));
  EXPECT_THAT(assigned(adapters, "other", 2), ElementsAre("box:both", "outliers:both")) << "no dataset twice";
  EXPECT_THAT(assigned(adapters, "boxplot", 1), ElementsAre("outliers:outliers")) << "there is no second cube to be read";
  EXPECT_THAT(assigned({adapters[0]}, "boxplot", 2), ElementsAre());
  EXPECT_THAT(assigned(adapters, "boxplot", 0), ElementsAre());
}

}  // namespace
}  // namespace qonduit::pipeline

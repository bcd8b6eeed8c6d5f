#include "core/pipeline/object_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/plugin/fake_components.hpp"

namespace qonduit::pipeline {
namespace {

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

TEST(ChooseAdapter, TakesTheOneThatIsSurest) {
  const auto table = [](std::uint32_t (*accepts)(qonduit_str, qonduit_str)) {
    qonduit_adapter_api api{};
    api.struct_size = sizeof api;
    api.accepts = accepts;
    return api;
  };
  const auto never = table([](qonduit_str, qonduit_str) -> std::uint32_t { return 0; });
  const auto maybe = table([](qonduit_str, qonduit_str) -> std::uint32_t { return 50; });
  const auto mine = table([](qonduit_str type, qonduit_str) -> std::uint32_t { return type.size == 5 ? 100 : 0; });
  const plugin::FakeComponent a("never", nullptr, &never), b("maybe", nullptr, &maybe), c("mine", nullptr, &mine);
  const auto ca = a.get(), cb = b.get(), cc = c.get();
  const std::vector<NamedAdapter> adapters = {{&ca, {}}, {&cb, {}}, {&cc, {}}};
  EXPECT_EQ(choose_adapter(adapters, "table", "{}")->component, &cc);
  EXPECT_EQ(choose_adapter(adapters, "barchart", "{}")->component, &cb);
  EXPECT_EQ(choose_adapter({adapters[0]}, "table", "{}"), nullptr);
}

}  // namespace
}  // namespace qonduit::pipeline

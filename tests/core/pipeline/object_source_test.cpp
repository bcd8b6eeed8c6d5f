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

qonduit_adapter_api adapter_table(decltype(qonduit_adapter_api::accepts) accepts) {
  qonduit_adapter_api api{};
  api.struct_size = sizeof api;
  api.accepts = accepts;
  return api;
}

// Says the names, with commas between them, each with its place after an @.
template <const char* Names>
qonduit_code say_datasets(const qonduit_context*, const qonduit_pair*, size_t, qonduit_str, qonduit_str,
                          void (*reply)(void*, const qonduit_dataset*), void* taker, qonduit_error*) {
  std::string_view rest(Names);
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    const auto said = rest.substr(0, end);
    const auto at = std::min(said.find('@'), said.size());
    const auto place = said.substr(std::min(said.size(), at + 1));
    const qonduit_dataset dataset{sizeof dataset, 0, {said.data(), at}, {place.data(), place.size()}};
    reply(taker, &dataset);
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  return QONDUIT_OK;
}
constexpr char kBoth[] = "box@/box/qHyperCube,outliers@/outliers/qHyperCube";
constexpr char kOutliers[] = "outliers";
constexpr char kBox[] = "box@/box/qHyperCube";
constexpr char kBoxesOtherwise[] = "boxes@/box/qHyperCube,notes";

std::vector<std::string> assigned(const std::vector<NamedAdapter>& adapters, const std::string& type) {
  const auto datasets = assign_datasets(adapters, type, "{}");
  std::vector<std::string> texts;
  for (const auto& dataset : *datasets) texts.push_back(dataset.name + ":" + std::string(dataset.adapter->component->name()));
  return texts;
}

template <std::uint32_t Score>
std::uint32_t always(const qonduit_context*, const qonduit_pair*, size_t, qonduit_str, qonduit_str) {
  return Score;
}

TEST(AssignDatasets, GivesEachToTheAdapterThatTakesTheObjectBest) {
  auto never = adapter_table(always<0>);
  auto boxes = adapter_table(always<50>);
  auto outliers = adapter_table([](const qonduit_context*, const qonduit_pair*, size_t, qonduit_str type, qonduit_str) -> std::uint32_t {
    return type.size == 7 ? 60 : 40;
  });
  auto both = adapter_table([](const qonduit_context*, const qonduit_pair*, size_t, qonduit_str type, qonduit_str) -> std::uint32_t {
    return type.size == 5 ? 100 : 0;
  });
  never.datasets = both.datasets = say_datasets<kBoth>;
  boxes.datasets = say_datasets<kBox>;
  outliers.datasets = say_datasets<kOutliers>;
  const plugin::FakeComponent a("never", nullptr, &never), b("boxes", nullptr, &boxes), c("outliers", nullptr, &outliers),
      d("both", nullptr, &both);
  const auto ca = a.get(), cb = b.get(), cc = c.get(), cd = d.get();
  const std::vector<NamedAdapter> adapters = {{&ca, {}}, {&cb, {}}, {&cc, {}}, {&cd, {}}};
  EXPECT_THAT(assigned(adapters, "boxplot"), ElementsAre("outliers:outliers", "box:boxes"));
  EXPECT_THAT(assigned(adapters, "other"), ElementsAre("box:both", "outliers:both")) << "no dataset twice";
  EXPECT_THAT(assigned({adapters[0]}, "boxplot"), ElementsAre());
}

TEST(AssignDatasets, AsksEveryAdapterThatTakesTheObject) {
  auto boxes = adapter_table(always<50>);
  auto others = adapter_table(always<40>);
  boxes.datasets = say_datasets<kBox>;
  others.datasets = say_datasets<kBoxesOtherwise>;
  const plugin::FakeComponent a("boxes", nullptr, &boxes), b("others", nullptr, &others);
  const auto ca = a.get(), cb = b.get();
  EXPECT_THAT(assigned({{&ca, {}}, {&cb, {}}}, "boxplot"), ElementsAre("box:boxes", "notes:others"))
      << "what is in no cube is read too, and what has been read under another name is not";
}

TEST(AssignDatasets, GivesAdaptersTheirOptions) {
  auto by_option = adapter_table([](const qonduit_context* context, const qonduit_pair* options, size_t count, qonduit_str,
                                    qonduit_str) -> std::uint32_t { return context != nullptr && count == 1 && options->value.size == 3; });
  by_option.datasets = say_datasets<kBox>;
  const plugin::FakeComponent fake("by-option", nullptr, &by_option);
  const auto component = fake.get();
  NamedAdapter adapter{&component, {}};
  EXPECT_THAT(assigned({adapter}, "boxplot"), ElementsAre());
  adapter.pairs =
      std::make_shared<const plugin::OptionPairs>(component, std::vector<config::Option>{{"at", config::Secret("box"), false, {}}});
  EXPECT_THAT(assigned({adapter}, "boxplot"), ElementsAre("box:by-option"));
}

TEST(Census, SaysWhereNobodyReads) {
  const auto census = take_census(R"({"qHyperCube":{"qMode":"S"},"panels":[{"qListObject":{}},{"qHyperCube":{"qMode":"K"}}]})");
  ASSERT_TRUE(census);
  EXPECT_THAT(census->places, ElementsAre("/qHyperCube", "/panels/0/qListObject", "/panels/1/qHyperCube"));
  const AssignedDataset first{"", "/qHyperCube", nullptr}, list{"l", "/panels/0/qListObject", nullptr}, unsaid{"x", "", nullptr};
  EXPECT_THAT(census->missed_by({first, list}), ElementsAre("/panels/1/qHyperCube"));
  EXPECT_THAT(census->missed_by({first}), ElementsAre("/panels/0/qListObject", "/panels/1/qHyperCube"));
  EXPECT_THAT(census->missed_by({first, list, unsaid}), ElementsAre()) << "it may be read there";
}

}  // namespace
}  // namespace qonduit::pipeline

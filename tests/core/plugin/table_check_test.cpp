// Defects of tables that need no library of their own to be seen.
#include "core/plugin/table_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>

#include <type_traits>

#include "tests/core/plugin/fake_components.hpp"

namespace qonduit::plugin {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

template <typename R, typename... Arguments>
auto stand_in(R (*)(Arguments...)) {
  return +[](Arguments...) -> R { return R(); };
}

template <typename Function>
void set(Function& member) {
  member = stand_in(static_cast<Function>(nullptr));
}

class TableCheck : public ::testing::Test {
 protected:
  TableCheck() {
    sink.struct_size = sizeof sink;
    set(sink.create), set(sink.destroy), set(sink.guarantees), set(sink.probe), set(sink.open), set(sink.write), set(sink.commit),
        set(sink.abort), set(sink.committed), set(sink.delivery);
    adapter.struct_size = sizeof adapter;
    set(adapter.accepts), set(adapter.datasets), set(adapter.create), set(adapter.destroy), set(adapter.open), set(adapter.next_request),
        set(adapter.decode);
    component = {sizeof component, 0, text_of("good"), text_of("{}"), &sink, nullptr, nullptr};
    plugin = {sizeof plugin, 0, sizeof(qonduit_host), QONDUIT_ABI_MINOR, text_of("good"), text_of("1.0"), 1, &first};
  }
  [[nodiscard]] std::string check() const { return check_tables(plugin); }

  qonduit_sink_api sink{};
  qonduit_adapter_api adapter{};
  qonduit_component component{};
  const qonduit_component* first = &component;
  qonduit_plugin plugin{};
};

TEST_F(TableCheck, FindsNothingInGoodTables) {
  EXPECT_EQ(check(), "");
  component.sink = nullptr, component.adapter = &adapter;
  EXPECT_EQ(check(), "") << "prepare and widen may be null";
}

TEST_F(TableCheck, TakesLargerTables) {
  plugin.struct_size += 64, component.struct_size += 64, sink.struct_size += 64;
  EXPECT_EQ(check(), "");
}

TEST_F(TableCheck, SeesTablesOfAnOlderMinor) {
  sink.struct_size = offsetof(qonduit_sink_api, cancel);
  EXPECT_EQ(check(), "") << "what was appended since is optional";
  sink.struct_size -= 8;
  EXPECT_THAT(check(), HasSubstr("older minor of ABI 0: its table of a sink"));
  component.struct_size = 8;
  EXPECT_THAT(check(), HasSubstr("older minor of ABI 0: its table of component 1 has 8 bytes"));
  component = {sizeof component, 0, text_of("good"), text_of("{}"), nullptr, &adapter, nullptr};
  adapter.struct_size = offsetof(qonduit_adapter_api, cancel);
  EXPECT_EQ(check(), "") << "what was appended since is optional";
  adapter.struct_size -= 8;
  EXPECT_THAT(check(), HasSubstr("older minor of ABI 0: its table of an adapter"));
}

TEST_F(TableCheck, SeesAComponentThatIsBoth) {
  component.adapter = &adapter;
  EXPECT_EQ(check(), "says of component 'good' both sink and adapter");
}

TEST_F(TableCheck, NamesTheFunctionThatIsMissing) {
  sink.delivery = nullptr;
  EXPECT_EQ(check(), "leaves out 'delivery', which every sink must have (component 'good')");
  component.sink = nullptr, component.adapter = &adapter;
  adapter.decode = nullptr;
  EXPECT_EQ(check(), "leaves out 'decode', which every adapter must have (component 'good')");
}

TEST_F(TableCheck, SeesNamesThatAreGarbage) {
  for (const auto name : {qonduit_str{nullptr, 4}, qonduit_str{"x", 0}, qonduit_str{"a\xFF", 2}, qonduit_str{"UPPER", 5},
                          qonduit_str{"../etc", 6}, qonduit_str{"good", std::size_t{1} << 60}}) {
    component.name = name;
    EXPECT_THAT(check(), HasSubstr("no usable name for component 1"));
  }
}

TEST_F(TableCheck, SeesAVersionThatIsGarbage) {
  for (const auto version : {qonduit_str{nullptr, 4}, qonduit_str{"", 0}, qonduit_str{"1\n0", 3}, qonduit_str{"1.0", 1000}}) {
    plugin.version = version;
    EXPECT_EQ(check(), "has no usable version");
  }
}

TEST_F(TableCheck, SeesADescriptionThatCannotBeRead) {
  component.describe_json = {nullptr, 10};
  EXPECT_EQ(check(), "does not describe itself: describe_json is empty (component 'good')");
  component.describe_json = {"{}", std::size_t{1} << 40};
  EXPECT_THAT(check(), HasSubstr("more than this host reads"));
  for (const auto* text : {"{", "[]", "not json", R"({"options": 1})", R"({"options": [1]})", R"({"options": [{}]})"}) {
    component.describe_json = text_of(text);
    EXPECT_THAT(check(), AllOf(HasSubstr("JSON that cannot be read"), HasSubstr("(component 'good')"))) << text;
  }
}

TEST_F(TableCheck, SeesANumberOfComponentsThatCannotBe) {
  plugin.component_count = std::size_t{1} << 60;
  EXPECT_THAT(check(), HasSubstr("its table is damaged"));
  plugin.component_count = 0;
  EXPECT_EQ(check(), "holds no component");
  plugin.component_count = 1, plugin.components = nullptr;
  EXPECT_EQ(check(), "holds no component");
}

}  // namespace
}  // namespace qonduit::plugin

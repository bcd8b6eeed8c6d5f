// The veneer, seen through the C tables of a plugin that was built with it.
#include <qonduit/testing/adapter_driver.hpp>
#include <qonduit/testing/sample_batches.hpp>

#include <gtest/gtest.h>

#include "tests/paths.hpp"

namespace qonduit::testing {
namespace {

const qonduit_component& component(std::string_view name, bool adapter = false) {
  static const auto plugin = load_plugin(paths::build("sdk/tests/qonduit_sdk_sample.so"));
  if (!plugin) throw std::runtime_error(plugin.error().message());
  return *find_component(**plugin, name, adapter);
}

TEST(Plugin, SaysWhatItIs) {
  const auto plugin = load_plugin(paths::build("sdk/tests/qonduit_sdk_sample.so"));
  ASSERT_TRUE(plugin) << plugin.error().message();
  EXPECT_EQ((*plugin)->struct_size, sizeof(qonduit_plugin));
  EXPECT_EQ((*plugin)->host_size, sizeof(qonduit_host));
  EXPECT_EQ(text_of((*plugin)->name), "sample");
  EXPECT_EQ((*plugin)->component_count, 3u);
  EXPECT_EQ(component("echo").adapter, nullptr);
  EXPECT_EQ(component("numbers", true).sink, nullptr);
}

TEST(Plugin, TurnsWhateverIsThrownIntoInternal) {
  auto sink = SinkDriver::create(*component("throwing").sink, {});
  ASSERT_TRUE(sink) << sink.error().message();
  EXPECT_EQ(sink->guarantees(), 0u);
  const auto internal = [](const Status& status, std::string_view word) {
    EXPECT_EQ(status.code(), Code::internal);
    EXPECT_NE(status.message().find(word), std::string::npos) << status.message();
  };
  internal(sink->probe(), "thrown by probe");
  ASSERT_TRUE(sink->open({}, {{{"a", Type::int64}}}).ok());
  const auto sample = sample_batches_named("ManyRows");
  EXPECT_EQ(sink->write(*sample.make(0)).code(), Code::invalid_argument);  // two columns, the schema has one
  ASSERT_TRUE(sink->open({}, sample.schema).ok());
  internal(sink->write(*sample.make(0)), "unknown type");
  internal(sink->commit(), "exception in the plugin");
  internal(sink->abort(), "thrown by abort");
  internal(sink->committed("x").status(), "thrown by committed");
  internal(sink->delivery().status(), "thrown by delivery");
}

TEST(Plugin, CreatesThroughAStaticFunctionWhereThereIsOne) {
  const auto& api = *component("throwing").sink;
  const auto thrown = SinkDriver::create(api, {{"at-create", "yes"}});
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.error().code(), Code::internal);
  const auto half = SinkDriver::create(api, {{"pair-of", "x"}});
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().code(), Code::invalid_config);
  EXPECT_TRUE(SinkDriver::create(api, {{"pair-of", "x"}, {"pair-with", "y"}}));
}

TEST(Plugin, TakesNoOptionsWhereItHasNone) {
  EXPECT_TRUE(SinkDriver::create(*component("echo").sink, {}));
  const auto refused = SinkDriver::create(*component("echo").sink, {{"path", "x"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::invalid_config);
}

TEST(Plugin, LogsThroughTheHost) {
  auto sink = SinkDriver::create(*component("echo").sink, {});
  ASSERT_TRUE(sink);
  FakeHost::instance().take_log();
  ASSERT_TRUE(sink->open({}, {{{"a", Type::int64}}}).ok());
  const auto log = FakeHost::instance().take_log();
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0].fields, (Options{{"app", "Consumer Sales"}, {"reload", "2026-01-31T06:00:00.000Z"}, {"columns", "1"}}));
}

TEST(Plugin, ReadsOfARunOnlyWhatTheHostHas) {
  const auto& api = *component("echo").sink;
  void* self = api.create(nullptr, 0, nullptr);
  const SampleRun sample;
  auto run = sample.borrowed();
  run.struct_size = offsetof(qonduit_run, reload_time);
  run.reload_time = {"not there", 9};
  const ExportedSchema schema({{{"a", Type::int64}}});
  FakeHost::instance().take_log();
  EXPECT_EQ(api.open(self, &run, schema.get(), nullptr), static_cast<qonduit_code>(QONDUIT_OK));
  api.destroy(self);
  EXPECT_EQ(FakeHost::instance().take_log().at(0).fields.at(1).second, "");
}

TEST(Plugin, CarriesCodeAndWords) {
  auto sink = SinkDriver::create(*component("echo").sink, {});
  ASSERT_TRUE(sink);
  const auto status = sink->probe();
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_EQ(status.message(), "nobody is there");
}

TEST(Plugin, RefusesAHostThatIsTooSmall) {
  qonduit_host host = *FakeHost::instance().table();
  host.struct_size = 8;
  void* library = ::dlopen(paths::build("sdk/tests/qonduit_sdk_sample.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr);
  const auto entry = reinterpret_cast<qonduit_plugin_function>(::dlsym(library, QONDUIT_PLUGIN_SYMBOL));
  EXPECT_EQ(entry(&host), nullptr);
}

}  // namespace
}  // namespace qonduit::testing

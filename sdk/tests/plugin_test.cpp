// The veneer, seen through the C tables of a plugin that was built with it.
#include <qonduit/testing/adapter_driver.hpp>
#include <qonduit/testing/sample_batches.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "tests/paths.hpp"

namespace qonduit::testing {
namespace {

const std::string kFile = paths::build("sdk/tests/qonduit_sdk_sample.so");

host::Component component(std::string_view name, bool adapter = false) {
  auto found = shared_host().find(kFile, name, adapter);
  if (!found) throw std::runtime_error(found.error().message());
  return *found;
}

TEST(Plugin, SaysWhatItIs) {
  const auto plugin = shared_host().load(kFile);
  ASSERT_TRUE(plugin) << plugin.error().message();
  EXPECT_EQ((*plugin)->struct_size, sizeof(qonduit_plugin));
  EXPECT_EQ((*plugin)->host_size, QONDUIT_SIZE_UP_TO(qonduit_host, error_set)) << "the smallest it can work with";
  EXPECT_EQ((*plugin)->minor, std::uint32_t{QONDUIT_ABI_MINOR});
  EXPECT_EQ(component("echo").plugin_name(), "sample");
  EXPECT_EQ((*plugin)->component_count, 3u);
  EXPECT_FALSE(component("echo").is_adapter());
  EXPECT_TRUE(component("numbers", true).is_adapter());
}

TEST(Plugin, TurnsWhateverIsThrownIntoInternal) {
  auto sink = SinkDriver::create(component("throwing"), {});
  ASSERT_TRUE(sink) << sink.error().message();
  const auto internal = [](const Status& status, std::string_view word) {
    EXPECT_EQ(status.code(), Code::internal);
    EXPECT_NE(status.message().find(word), std::string::npos) << status.message();
  };
  internal(SinkDriver::create(component("throwing"), {{"no-promise", "yes"}}).status(), "promises nothing");
  internal(sink->probe(), "thrown by probe");
  const auto sample = sample_batches_named("ManyRows");
  ASSERT_TRUE(sink->open({}, sample.schema).ok());
  internal(sink->write(*sample.make(0)), "unknown type");
  internal(sink->commit(), "exception in the plugin");
  internal(sink->abort(), "thrown by abort");
  internal(sink->committed("x").status(), "thrown by committed");
  internal(sink->delivery().status(), "thrown by delivery");
}

TEST(Plugin, CreatesThroughAStaticFunctionWhereThereIsOne) {
  const auto thrown = SinkDriver::create(component("throwing"), {{"at-create", "yes"}});
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.error().code(), Code::internal);
  const auto half = SinkDriver::create(component("throwing"), {{"pair-of", "x"}});
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().code(), Code::invalid_config);
  EXPECT_TRUE(SinkDriver::create(component("throwing"), {{"pair-of", "x"}, {"pair-with", "y"}}));
}

TEST(Plugin, TakesNoOptionsWhereItHasNone) {
  EXPECT_TRUE(SinkDriver::create(component("echo"), {}));
  const auto refused = SinkDriver::create(component("echo"), {{"path", "x"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::invalid_config);
}

TEST(Plugin, LogsThroughTheHostWhoItIs) {
  auto sink = SinkDriver::create(component("echo"), {});
  ASSERT_TRUE(sink);
  shared_host().take_log();
  ASSERT_TRUE(sink->open({}, {{{"a", Type::int64}}}).ok());
  ASSERT_TRUE(sink->abort().ok());
  const auto log = shared_host().take_log();
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0].fields, (Options{{"app", "Consumer Sales"}, {"reload", "2026-01-31T06:00:00.000Z"}, {"columns", "1"}}));
  EXPECT_EQ(log[1].message, "aborted") << "by a thread of the plugin's";
  for (const auto& line : log) {
    EXPECT_EQ(line.origin.plugin, "sample");
    EXPECT_EQ(line.origin.component, "echo");
    EXPECT_EQ(line.origin.name, "tested");
    EXPECT_EQ(line.origin.pipeline, "sales");
    EXPECT_EQ(line.origin.run, SampleRun().run_id);
  }
}

TEST(Plugin, LogsThroughTheHostThatCalls) {
  FakeHost other;
  const auto there = other.find(kFile, "echo", false);
  ASSERT_TRUE(there) << there.error().message();
  auto of_other = SinkDriver::create(*there, {});
  auto of_shared = SinkDriver::create(component("echo"), {});
  ASSERT_TRUE(of_other && of_shared);
  shared_host().take_log();
  ASSERT_TRUE(of_other->open({}, {{{"a", Type::int64}}}).ok());
  EXPECT_TRUE(shared_host().take_log().empty());
  EXPECT_EQ(other.take_log().size(), 1u);
  ASSERT_TRUE(of_shared->open({}, {{{"a", Type::int64}}}).ok());
  EXPECT_EQ(shared_host().take_log().size(), 1u);
  EXPECT_TRUE(other.take_log().empty());
}

TEST(Plugin, ReadsOfARunOnlyWhatTheHostHas) {
  const auto echo = component("echo");
  const auto place = echo.place();
  void* self = echo.sink().create(place->context(), nullptr, 0, nullptr);
  const SampleRun sample;
  const host::WireRun wire(sample.borrowed());
  auto run = *wire.get();
  run.struct_size = offsetof(qonduit_run, reload_time);
  run.reload_time = {"not there", 9};
  const host::WireSchema schema({{{"a", Type::int64}}});
  shared_host().take_log();
  EXPECT_EQ(echo.sink().open(self, &run, &schema.get(), nullptr), static_cast<qonduit_code>(QONDUIT_OK));
  echo.sink().destroy(self);
  EXPECT_EQ(shared_host().take_log().at(0).fields.at(1).second, "");
}

TEST(Plugin, CarriesCodeAndWords) {
  auto sink = SinkDriver::create(component("echo"), {});
  ASSERT_TRUE(sink);
  const auto status = sink->probe();
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_EQ(status.message(), "nobody is there");
}

TEST(Plugin, IsCancelledFromAnotherThread) {
  auto sink = SinkDriver::create(component("echo"), {});
  ASSERT_TRUE(sink);
  ASSERT_TRUE(sink->open({}, {{{"a", Type::int64}}}).ok());
  std::thread other([&] { sink->cancel(); });
  const auto status = sink->commit();
  other.join();
  EXPECT_EQ(status.code(), Code::cancelled);
  EXPECT_EQ(status.message(), "told to stop while it committed");
}

TEST(Plugin, HasTheExtensionsOfItsClassAndNoOthers) {
  auto sink = SinkDriver::create(component("echo"), {});
  ASSERT_TRUE(sink);
  shared_host().take_log();
  EXPECT_TRUE(sink->end_run("run-7", true).ok());
  EXPECT_EQ(shared_host().take_log().at(0).fields, (Options{{"run", "run-7"}, {"complete", "yes"}, {"name", "tested"}}));
  EXPECT_EQ(sink->dead_letters().error().code(), Code::unsupported);
  auto without = SinkDriver::create(component("throwing"), {});
  ASSERT_TRUE(without);
  EXPECT_TRUE(without->end_run("run-7", true).ok()) << "it has no end of a run";
}

TEST(Plugin, GetsNoFormatItDoesNotTake) {
  auto sink = SinkDriver::create(component("echo"), {});
  ASSERT_TRUE(sink);
  const auto refused = sink->open({}, {{{"day", Type::date32}}});
  EXPECT_EQ(refused.code(), Code::type_mismatch);
  EXPECT_EQ(refused.message(),
            "sink 'echo': column 'day' is of type date32 (Arrow format tdD), which it does not take; it takes: l u. "
            "Give the column another type in the pipeline");
  EXPECT_EQ(sink->plan({}, {{{"day", Type::date32}}}).error().code(), Code::type_mismatch);
}

TEST(Plugin, GetsPlainTextsForADictionaryItDoesNotTake) {
  auto sink = SinkDriver::create(component("echo"), {});
  ASSERT_TRUE(sink);
  const auto sample = sample_batches_named("Dictionary");
  ASSERT_TRUE(sink->open({}, sample.schema).ok());
  const auto batch = sample.make(0);
  ASSERT_TRUE(sink->write(*batch).ok());
  const BatchView view(sample.schema, *batch);
  std::string texts;
  for (std::int64_t row = 0; row < view.rows(); ++row)
    texts += view.column(0).is_null(row) ? "-" : std::string(view.column(0).text(row)) + ";";
  EXPECT_EQ(sink->delivery()->target, texts);
}

// A host of before this SDK's: it is asked for no more than it has, and says itself when that is too little.
TEST(Plugin, WorksForASmallerHostThatHasWhatItNeeds) {
  qonduit_host host = host::Host::table();
  host.struct_size = QONDUIT_SIZE_UP_TO(qonduit_host, error_set);
  qonduit_context context{};
  context.struct_size = sizeof context, context.host = &host;
  void* library = ::dlopen(kFile.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr);
  const auto entry = reinterpret_cast<qonduit_plugin_function>(::dlsym(library, QONDUIT_PLUGIN_SYMBOL));
  const auto* plugin = entry(&context);
  ASSERT_NE(plugin, nullptr);
  EXPECT_LE(plugin->host_size, host.struct_size);
  EXPECT_FALSE(Context(&context).cancelled());
  EXPECT_EQ(Context(&context).time_left(), std::nullopt);
}

}  // namespace
}  // namespace qonduit::testing

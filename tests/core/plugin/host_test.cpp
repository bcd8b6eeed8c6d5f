#include "qonduit/host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

#include "qonduit/context.hpp"
#include "tests/core/plugin/fake_components.hpp"

namespace qonduit::plugin {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Pair;

Status answer(qonduit_code code, std::string_view text) {
  host::Host host;
  const host::Place place(host, {});
  return host::call("sink 'x'", place, "probe", [&](qonduit_error* error) {
    place.context()->host->error_set(place.context(), error, code, text_of(text));
    return code;
  });
}

TEST(Hosts, CleanWhatPluginsSay) {
  EXPECT_EQ(host::clean_text({"a\xFFz", 3}), "a\uFFFDz");
  EXPECT_EQ(host::clean_text({nullptr, 5}), "");
  const std::string longest(100'000, 'x');
  EXPECT_EQ(host::clean_text({longest.data(), longest.size()}).size(), 65'539u);
}

TEST(Hosts, DoNotCutThroughACharacter) {
  std::string text((64 << 10) - 1, 'x');
  text += "\xC3\xA4\xC3\xA4";
  EXPECT_THAT(host::clean_text(text_of(text)), EndsWith("xxx..."));
}

TEST(Hosts, KeepWellFormedText) {
  const std::string text = "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x8C\x8D";
  EXPECT_EQ(host::clean_text(text_of(text)), text);
  EXPECT_EQ(host::clean_text(text_of("\xC0\xAF")), "\uFFFD\uFFFD") << "an overlong form";
  EXPECT_EQ(host::clean_text(text_of("\xED\xA0\x80")), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
}

TEST(Hosts, HandOnTheCodeAndTheWords) {
  const auto status = answer(QONDUIT_UNAVAILABLE, "the broker is away");
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_EQ(status.message(), "the broker is away");
}

TEST(Hosts, NameWhoGaveACodeWithoutWords) { EXPECT_EQ(answer(QONDUIT_IO, "").message(), "sink 'x' answered 'io' without saying why"); }

TEST(Hosts, TurnUnknownCodesIntoInternal) {
  const auto status = answer(77, "why");
  EXPECT_EQ(status.code(), Code::internal);
  EXPECT_EQ(status.message(), "sink 'x' answered the unknown code 77: why");
}

TEST(Hosts, CatchWhatIsThrown) {
  host::Host host;
  const host::Place place(host, {});
  const auto status = host::call("sink 'x'", place, "probe", [](qonduit_error*) -> qonduit_code { throw std::runtime_error("?"); });
  EXPECT_EQ(status.code(), Code::internal);
  EXPECT_EQ(status.message(), "sink 'x' threw an exception through the plugin boundary");
}

TEST(Hosts, PassLogLinesOnWithTheirFields) {
  std::uint32_t level = 99;
  std::string message;
  host::Fields fields;
  host::Origin origin;
  host::Host host([&](const host::Origin& from, std::uint32_t at, std::string_view text, const host::Fields& pairs) {
    origin = from, level = at, message = text, fields = pairs;
  });
  host::Place place(host, {"the-plugin", "csv", "lake", "sales", {}});
  place.in_run("run-1");
  const auto* context = place.context();
  const qonduit_pair given[] = {{text_of("rows"), text_of("7")}};
  context->host->log(context, QONDUIT_LOG_WARN, text_of("wrote"), given, 1);
  EXPECT_EQ(level, static_cast<std::uint32_t>(QONDUIT_LOG_WARN));
  EXPECT_EQ(message, "wrote");
  EXPECT_THAT(fields, ElementsAre(Pair("rows", "7")));
  EXPECT_EQ(origin.plugin + " " + origin.component + " " + origin.name + " " + origin.pipeline + " " + origin.run,
            "the-plugin csv lake sales run-1");
  context->host->log(context, 4711, {nullptr, 5}, nullptr, 3);
  EXPECT_EQ(level, static_cast<std::uint32_t>(QONDUIT_LOG_ERROR));
  EXPECT_EQ(message, "");
  EXPECT_TRUE(fields.empty());
  host.log_to([](const auto&, std::uint32_t, std::string_view, const auto&) { throw std::runtime_error("a full disk"); });
  context->host->log(context, QONDUIT_LOG_INFO, text_of("the plugin does not notice"), nullptr, 0);
  context->host->log(nullptr, QONDUIT_LOG_INFO, text_of("from nowhere"), nullptr, 0);
}

TEST(Hosts, SayWhatAnInstanceIsCalledAndHowLongTheyWait) {
  host::Host host;
  host::Place place(host, {"p", "csv", "lake", "sales", {}}, {"/state/lake", "/tmp"});
  const Context context(place.context());
  EXPECT_EQ(context.name(), "lake");
  EXPECT_EQ(context.pipeline(), "sales");
  EXPECT_EQ(context.state_folder(), "/state/lake");
  EXPECT_EQ(context.temporary_folder(), "/tmp");
  EXPECT_FALSE(context.cancelled());
  place.cancel();
  EXPECT_TRUE(context.cancelled());
  EXPECT_EQ(context.time_left(), std::nullopt);
  place.wait_until(host::Place::Clock::now() + std::chrono::hours(1));
  EXPECT_GT(context.time_left(), std::chrono::minutes(59));
  place.wait_until(host::Place::Clock::now() - std::chrono::hours(1));
  EXPECT_EQ(context.time_left(), std::chrono::milliseconds(0));
  place.wait_until(std::nullopt);
  EXPECT_EQ(context.time_left(), std::nullopt);
}

TEST(Hosts, BearAnErrorThatIsNotThereOrIsNone) {
  const auto& table = host::Host::table();
  table.error_set(nullptr, nullptr, QONDUIT_IO, text_of("lost"));
  qonduit_error error;
  table.error_set(nullptr, &error, QONDUIT_IO, text_of("the disk"));
  table.error_set(nullptr, &error, QONDUIT_OK, text_of("fine"));
  EXPECT_EQ(error.code, static_cast<qonduit_code>(QONDUIT_IO));
  EXPECT_EQ(error.message, "the disk");
}

}  // namespace
}  // namespace qonduit::plugin

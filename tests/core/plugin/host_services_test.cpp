#include "core/plugin/host_services.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/core/plugin/fake_components.hpp"

namespace qonduit::plugin {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Pair;

Status answer(qonduit_code code, std::string_view text) {
  return call_plugin("sink 'x'", [&](qonduit_error* error) {
    host_table().error_set(error, code, text_of(text));
    return code;
  });
}

TEST(HostServices, CleanWhatPluginsSay) {
  EXPECT_EQ(clean_text({"a\xFFz", 3}), "a?z");
  EXPECT_EQ(clean_text({nullptr, 5}), "");
  const std::string longest(100'000, 'x');
  EXPECT_EQ(clean_text({longest.data(), longest.size()}).size(), 65'539u);
}

TEST(HostServices, DoNotCutThroughACharacter) {
  std::string text((64 << 10) - 1, 'x');
  text += "\xC3\xA4\xC3\xA4";
  EXPECT_THAT(clean_text(text_of(text)), EndsWith("xxx..."));
}

TEST(HostServices, KeepWellFormedText) {
  const std::string text = "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x8C\x8D";
  EXPECT_EQ(clean_text(text_of(text)), text);
  EXPECT_EQ(clean_text(text_of("\xC0\xAF")), "??") << "an overlong form";
  EXPECT_EQ(clean_text(text_of("\xED\xA0\x80")), "???") << "a surrogate";
}

TEST(HostServices, HandOnTheCodeAndTheWords) {
  const auto status = answer(QONDUIT_UNAVAILABLE, "the broker is away");
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_EQ(status.message(), "the broker is away");
}

TEST(HostServices, NameWhoGaveACodeWithoutWords) {
  EXPECT_EQ(answer(QONDUIT_IO, "").message(), "sink 'x' answered 'io' without saying why");
}

TEST(HostServices, TurnUnknownCodesIntoInternal) {
  const auto status = answer(77, "why");
  EXPECT_EQ(status.code(), Code::internal);
  EXPECT_EQ(status.message(), "sink 'x' answered the unknown code 77: why");
}

TEST(HostServices, CatchWhatIsThrown) {
  const auto status = call_plugin("sink 'x'", [](qonduit_error*) -> qonduit_code { throw std::runtime_error("?"); });
  EXPECT_EQ(status.code(), Code::internal);
  EXPECT_EQ(status.message(), "sink 'x' threw an exception through the plugin boundary");
}

TEST(HostServices, PassLogLinesOnWithTheirFields) {
  std::uint32_t level = 99;
  std::string message;
  std::vector<std::pair<std::string, std::string>> fields;
  set_log_sink([&](std::uint32_t at, std::string_view text, const auto& pairs) { level = at, message = text, fields = pairs; });
  const qonduit_pair given[] = {{text_of("rows"), text_of("7")}};
  host_table().log(QONDUIT_LOG_WARN, text_of("wrote"), given, 1);
  EXPECT_EQ(level, static_cast<std::uint32_t>(QONDUIT_LOG_WARN));
  EXPECT_EQ(message, "wrote");
  EXPECT_THAT(fields, ElementsAre(Pair("rows", "7")));
  host_table().log(4711, {nullptr, 5}, nullptr, 3);
  EXPECT_EQ(level, static_cast<std::uint32_t>(QONDUIT_LOG_ERROR));
  EXPECT_EQ(message, "");
  EXPECT_TRUE(fields.empty());
  set_log_sink([](std::uint32_t, std::string_view, const auto&) { throw std::runtime_error("a full disk"); });
  host_table().log(QONDUIT_LOG_INFO, text_of("the plugin does not notice"), nullptr, 0);
  set_log_sink({});
}

TEST(HostServices, BearAnErrorThatIsNotThere) { host_table().error_set(nullptr, QONDUIT_IO, text_of("lost")); }

}  // namespace
}  // namespace qonduit::plugin

// Every way in which a plugin can be wrong, one library each: refused with a sentence of its own, and harmless to the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <link.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/plugin/library.hpp"
#include "core/plugin/registry.hpp"
#include "qonduit/host/adapter.hpp"
#include "qonduit/host/sink.hpp"
#include "tests/core/plugin/folder.hpp"

namespace qonduit::plugin {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

struct Defect {
  const char* name;
  const char* sentence;

  friend void PrintTo(const Defect& defect, std::ostream* out) { *out << defect.name; }
};

class Broken : public ::testing::TestWithParam<Defect> {};

TEST_P(Broken, IsRefusedWithItsOwnSentenceAndHarmsNoOther) {
  const Folder folder({"good", GetParam().name});
  Registry registry;
  const auto refusals = registry.load({folder.path()});
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_THAT(refusals[0].status.message(), HasSubstr(GetParam().sentence));
  EXPECT_THAT(refusals[0].status.message(), HasSubstr(std::string(GetParam().name) + ".so"));
  ASSERT_NE(registry.find_sink("good"), nullptr);
  auto sink = host::Sink::create(*registry.find_sink("good"), host::WirePairs());
  ASSERT_TRUE(sink);
  EXPECT_TRUE(sink->probe().ok());
}

INSTANTIATE_TEST_SUITE_P(Defects, Broken,
                         ::testing::Values(Defect{"no-symbol", "does not export qonduit_plugin_v0"},
                                           Defect{"other-major", "is built for ABI 2, this host speaks ABI 0"},
                                           Defect{"older-minor", "built for an older minor of ABI 0: its table of a sink"},
                                           Defect{"tiny-table", "built for an older minor of ABI 0: its table of the plugin"},
                                           Defect{"needs-newer-host", "needs a newer host"}, Defect{"no-table", "gave no table"},
                                           Defect{"bad-name", "no usable plugin name"},
                                           Defect{"null-component", "null table for component 1"},
                                           Defect{"neither", "says of component 'good' neither sink nor adapter"},
                                           Defect{"missing-function", "leaves out 'commit', which every sink must have (component 'good')"},
                                           Defect{"duplicate", "holds two components named 'good'"},
                                           Defect{"throws-in-entry", "threw an exception in qonduit_plugin_v0"},
                                           Defect{"missing-dependency", "needs 'libqonduit-test-dependency.so', which is not installed"}),
                         [](const auto& tested) {
                           std::string name = tested.param.name;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Plugins, OfALaterMinorAreLoaded) {
  const Folder folder({"later-minor"});
  Registry registry;
  EXPECT_THAT(registry.load({folder.path()}), IsEmpty());
  EXPECT_NE(registry.find_sink("later"), nullptr);
}

TEST(Plugins, ThatRepeatAComponentOfAnotherAreRefused) {
  const Folder first({"good"});
  const Folder second({"good"});
  Registry registry;
  const auto refusals = registry.load({first.path(), second.path()});
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_EQ(refusals[0].status.code(), Code::already_exists);
  EXPECT_THAT(refusals[0].status.message(), HasSubstr("'good', as '" + (first.path() / "good.so").string()));
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// What the registry says of a file of these bytes, next to a good plugin that must load all the same.
std::string refusal_of(const std::string& bytes) {
  const Folder folder({"good"});
  std::ofstream(folder.path() / "spoiled.so", std::ios::binary) << bytes;
  Registry registry;
  const auto refusals = registry.load({folder.path()});
  EXPECT_NE(registry.find_sink("good"), nullptr);
  return refusals.empty() ? "" : refusals[0].status.message();
}

TEST(Plugins, ThatAreNoLibraryAreRefused) {
  EXPECT_THAT(refusal_of(""), HasSubstr("spoiled.so' is no shared library"));
  EXPECT_THAT(refusal_of("this is a text, longer than the header of a library: 0123456789 0123456789 0123456789"),
              HasSubstr("spoiled.so' is no shared library"));
  EXPECT_THAT(refusal_of(bytes_of("/proc/self/exe").substr(0, 10)), HasSubstr("is no shared library"));
}

// Mapping such a file and touching what is not there would end the process.
TEST(Plugins, ThatAreCutShortAreRefused) {
  const Folder folder({"good"});
  const auto whole = bytes_of(folder.path() / "good.so");
  for (const std::size_t size : {std::size_t{64}, std::size_t{1000}, whole.size() / 4, whole.size() / 2, whole.size() - 1})
    EXPECT_THAT(refusal_of(whole.substr(0, size)), HasSubstr("is cut short: it has " + std::to_string(size) + " bytes")) << size;
}

TEST(Plugins, WithASegmentThatIsNotInTheFileAreRefused) {
  const Folder folder({"good"});
  auto bytes = bytes_of(folder.path() / "good.so");
  ElfW(Ehdr) header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    const auto at = header.e_phoff + i * sizeof(ElfW(Phdr));
    ElfW(Phdr) segment{};
    std::memcpy(&segment, &bytes.at(at), sizeof segment);
    if (segment.p_type != PT_LOAD) continue;
    segment.p_filesz = bytes.size() + 1;
    std::memcpy(&bytes.at(at), &segment, sizeof segment);
  }
  EXPECT_THAT(refusal_of(bytes), HasSubstr("is cut short"));
}

TEST(Plugins, ForAnotherMachineAreRefused) {
  const Folder folder({"good"});
  auto bytes = bytes_of(folder.path() / "good.so");
  bytes.at(18) = '\x28', bytes.at(19) = '\0';  // e_machine: EM_ARM
  EXPECT_THAT(refusal_of(bytes), HasSubstr("is built for another machine: its ELF machine is 40"));
}

TEST(Plugins, OfAnotherMajorAreRefusedBeforeTheirCodeRuns) {
  const Folder folder({"canary-other-major"});
  const auto song = folder.path() / "song";
  ::setenv("QONDUIT_TEST_CANARY", song.c_str(), 1);
  Registry registry;
  EXPECT_THAT(registry.load({folder.path()}), SizeIs(1));
  EXPECT_FALSE(fs::exists(song)) << "a constructor of a plugin for another ABI ran";
  ::unsetenv("QONDUIT_TEST_CANARY");
}

TEST(Plugins, ThatAreBrokenInEveryWayTogetherHarmNotTheGoodOne) {
  const std::vector<std::string> broken = {"bad-name",    "duplicate",       "missing-dependency", "missing-function", "needs-newer-host",
                                           "neither",     "no-symbol",       "no-table",           "null-component",   "older-minor",
                                           "other-major", "throws-in-entry", "tiny-table"};
  Folder folder(broken);
  folder.add("good");
  Registry registry;
  EXPECT_THAT(registry.load({folder.path()}), SizeIs(broken.size()));
  ASSERT_THAT(registry.components(), SizeIs(1));
  auto sink = host::Sink::create(*registry.find_sink("good"), host::WirePairs());
  ASSERT_TRUE(sink);
  EXPECT_TRUE(sink->commit().ok());
}

TEST(Plugins, ThatThrowEverywhereBecomeErrors) {
  const Folder folder({"throws-everywhere"});
  Registry registry;
  ASSERT_THAT(registry.load({folder.path()}), IsEmpty());
  auto sink = host::Sink::create(*registry.find_sink("throws"), host::WirePairs());
  ASSERT_TRUE(sink);
  sink->cancel();
  host::SchemaHandle schema;
  arrow::export_schema({}, schema.get());
  const ArrowArray array{};
  Replayed replayed;
  for (const auto& status : {sink->probe(), sink->open(qonduit::Run(), *schema), sink->write(array), sink->commit(), sink->abort(),
                             sink->committed("x").status(), sink->delivery().status(), sink->dead_letters().status(),
                             sink->replay("x", replayed), sink->end_run("x", true), sink->plan(qonduit::Run(), *schema).status()}) {
    EXPECT_EQ(status.code(), Code::internal);
    EXPECT_THAT(status.message(), HasSubstr("threw an exception through the plugin boundary"));
  }
}

TEST(Plugins, ThatThrowAsAdaptersBecomeErrors) {
  const Folder folder({"throws-as-adapter"});
  Registry registry;
  ASSERT_THAT(registry.load({folder.path()}), IsEmpty());
  const auto& component = *registry.find_adapter("throws");
  EXPECT_EQ(host::Adapter::accepts(component, host::WirePairs(), "table", "{}"), 0u);
  EXPECT_EQ(host::Adapter::datasets(component, host::WirePairs(), "table", "{}").error().code(), Code::internal);
  auto adapter = host::Adapter::create(component, host::WirePairs());
  ASSERT_TRUE(adapter);
  EXPECT_EQ(adapter->prepare(qonduit::Run(), "{}", "{}").error().code(), Code::internal);
  EXPECT_EQ(adapter->open(qonduit::Run(), "{}").error().code(), Code::internal);
  EXPECT_EQ(adapter->next_request().error().code(), Code::internal);
  EXPECT_EQ(adapter->decode({}, "{}").error().code(), Code::internal);
  EXPECT_EQ(adapter->widen({}, "{}").code(), Code::internal);
}

TEST(Plugins, ThatAnswerACodeWithoutWordsAreNamed) {
  const Folder folder({"silent", "unknown-code"});
  Registry registry;
  ASSERT_THAT(registry.load({folder.path()}), IsEmpty());
  auto silent = host::Sink::create(*registry.find_sink("silent"), host::WirePairs());
  EXPECT_EQ(silent->commit().message(), "sink 'silent' answered 'io' without saying why");
  auto unknown = host::Sink::create(*registry.find_sink("unknown-code"), host::WirePairs());
  ArrowArray array{};
  EXPECT_EQ(unknown->write(array).message(), "sink 'unknown-code' answered the unknown code 4711");
}

TEST(Registry, SaysThatAFolderIsNotThere) {
  Registry registry;
  const auto refusals = registry.load({"/no/such/folder"});
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_THAT(refusals[0].status.message(), HasSubstr("cannot be read"));
}

TEST(Registry, LoadsAFolderThatIsNamedTwiceOnce) {
  const Folder folder({"good"});
  Registry registry;
  EXPECT_THAT(registry.load({folder.path(), folder.path() / "."}), IsEmpty());
  EXPECT_THAT(registry.components(), SizeIs(1));
}

TEST(Registry, RefusesANameThatIsTakenByTheOtherKind) {
  const Folder folder({"throws-as-adapter", "throws-everywhere"});
  Registry registry;
  const auto refusals = registry.load({folder.path()});
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_EQ(refusals[0].path.filename(), "throws-everywhere.so") << "the later one, in lexical order";
  EXPECT_EQ(registry.find_sink("throws"), nullptr);
}

TEST(Registry, SuggestsNamesThatComeNear) {
  const Folder folder({"good"});
  Registry registry;
  registry.load({folder.path()});
  EXPECT_EQ(registry.unknown_sink("goood"), "there is no sink 'goood' (did you mean 'good'?)");
}

}  // namespace
}  // namespace qonduit::plugin

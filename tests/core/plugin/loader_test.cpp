// Every way in which a plugin can be wrong, one library each: refused with a sentence of its own, and harmless to the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/plugin/host_services.hpp"
#include "core/plugin/library.hpp"
#include "core/plugin/registry.hpp"
#include "core/plugin/remote_adapter.hpp"
#include "core/plugin/remote_sink.hpp"

namespace qonduit::plugin {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

// A folder nobody else can write, with copies of the libraries asked for.
class Folder {
 public:
  explicit Folder(const std::vector<std::string>& names) {
    std::string pattern = (fs::temp_directory_path() / "qonduit-plugins-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    for (const auto& name : names) add(name);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path add(const std::string& name, mode_t mode = 0755) {
    const auto target = path_ / (name + ".so");
    fs::copy_file(fs::path(QONDUIT_BROKEN_PLUGINS) / (name + ".so"), target, fs::copy_options::overwrite_existing);
    ::chmod(target.c_str(), mode);
    return target;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Defect {
  const char* name;
  const char* sentence;
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
  auto sink = RemoteSink::create(*registry.find_sink("good"), {});
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
                                           Defect{"neither", "neither or both of sink and adapter"},
                                           Defect{"missing-function", "leaves out a function that every sink must have"},
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

TEST(Plugins, ThatAreNoLibraryAreRefused) {
  const Folder folder({"good"});
  std::ofstream(folder.path() / "text.so") << "this is a text";
  std::ofstream(folder.path() / "cut.so", std::ios::binary) << std::string(
      "\x7F"
      "ELF\x02\x01\x01",
      7);
  Registry registry;
  const auto refusals = registry.load({folder.path()});
  ASSERT_THAT(refusals, SizeIs(2));
  for (const auto& refusal : refusals) EXPECT_THAT(refusal.status.message(), HasSubstr("cannot be loaded"));
  EXPECT_NE(registry.find_sink("good"), nullptr);
}

TEST(Plugins, ThatThrowEverywhereBecomeErrors) {
  const Folder folder({"throws-everywhere"});
  Registry registry;
  ASSERT_THAT(registry.load({folder.path()}), IsEmpty());
  auto sink = RemoteSink::create(*registry.find_sink("throws"), {});
  ASSERT_TRUE(sink);
  EXPECT_EQ(sink->guarantees(), 0u);
  ArrowSchema schema{};
  ArrowArray array{};
  for (const auto& status : {sink->probe(), sink->open(qonduit::Run(), schema), sink->write(array), sink->commit(), sink->abort(),
                             sink->committed("x").status(), sink->delivery().status()}) {
    EXPECT_EQ(status.code(), Code::internal);
    EXPECT_THAT(status.message(), HasSubstr("threw an exception through the plugin boundary"));
  }
}

TEST(Plugins, ThatThrowAsAdaptersBecomeErrors) {
  const Folder folder({"throws-as-adapter"});
  Registry registry;
  ASSERT_THAT(registry.load({folder.path()}), IsEmpty());
  const auto& component = *registry.find_adapter("throws");
  EXPECT_EQ(RemoteAdapter::accepts(component, "table", "{}"), 0u);
  EXPECT_EQ(RemoteAdapter::datasets(component, "table", "{}").error().code(), Code::internal);
  auto adapter = RemoteAdapter::create(component, {});
  ASSERT_TRUE(adapter);
  EXPECT_EQ(adapter->prepare("{}").error().code(), Code::internal);
  EXPECT_EQ(adapter->open(qonduit::Run(), "{}").error().code(), Code::internal);
  EXPECT_EQ(adapter->next_request().error().code(), Code::internal);
  EXPECT_EQ(adapter->decode({}, "{}").error().code(), Code::internal);
  EXPECT_EQ(adapter->widen({}, "{}").code(), Code::internal);
}

TEST(Plugins, ThatAnswerACodeWithoutWordsAreNamed) {
  const Folder folder({"silent", "unknown-code"});
  Registry registry;
  ASSERT_THAT(registry.load({folder.path()}), IsEmpty());
  auto silent = RemoteSink::create(*registry.find_sink("silent"), {});
  EXPECT_EQ(silent->commit().message(), "sink 'silent' answered 'io' without saying why");
  auto unknown = RemoteSink::create(*registry.find_sink("unknown-code"), {});
  ArrowArray array{};
  EXPECT_EQ(unknown->write(array).message(), "sink 'unknown-code' answered the unknown code 4711");
}

class Untrusted : public ::testing::Test {
 protected:
  // Loads the folder; the canary must not have sung.
  void expect_refused(const std::string& sentence) {
    const auto song = folder.path() / "song";
    ::setenv("QONDUIT_TEST_CANARY", song.c_str(), 1);
    Registry registry;
    const auto refusals = registry.load({folder.path()});
    ASSERT_THAT(refusals, SizeIs(1));
    EXPECT_THAT(refusals[0].status.message(), HasSubstr(sentence));
    EXPECT_FALSE(fs::exists(song)) << "a constructor of an untrusted library ran";
    ::unsetenv("QONDUIT_TEST_CANARY");
  }
  Folder folder{{}};
};

TEST_F(Untrusted, FileThatItsGroupCanWrite) {
  folder.add("canary", 0775);
  expect_refused("is writable by its group; chmod go-w it");
}

TEST_F(Untrusted, FileThatEverybodyCanWrite) {
  folder.add("canary", 0757);
  expect_refused("is writable by everybody");
}

TEST_F(Untrusted, FolderThatEverybodyCanWrite) {
  folder.add("canary");
  ::chmod(folder.path().c_str(), 0777);
  expect_refused("is a folder above a plugin and is writable by everybody");
}

TEST_F(Untrusted, FolderAboveThatEverybodyCanWrite) {
  fs::create_directory(folder.path() / "inner");
  const auto library = folder.add("canary");
  fs::rename(library, folder.path() / "inner/canary.so");
  ::chmod(folder.path().c_str(), 0777);
  const auto refused = open_trusted(folder.path() / "inner/canary.so");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("is a folder above a plugin"));
}

TEST_F(Untrusted, SymbolicLink) {
  const Folder elsewhere({"canary"});
  fs::create_symlink(elsewhere.path() / "canary.so", folder.path() / "canary.so");
  expect_refused("is a symbolic link");
}

TEST_F(Untrusted, FileOfAnotherUser) {
  const auto library = folder.add("canary");
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(library.c_str(), 12345, 12345), 0);
    expect_refused("belongs to user 12345");
  } else {
    // Without root nothing can be given away; a file of root's is fine for everybody.
    EXPECT_TRUE(open_trusted("/bin/sh"));
  }
}

TEST_F(Untrusted, CanaryThatSingsWhenItIsTrusted) {
  folder.add("canary");
  const auto song = folder.path() / "song";
  ::setenv("QONDUIT_TEST_CANARY", song.c_str(), 1);
  Registry registry;
  EXPECT_THAT(registry.load({folder.path()}), IsEmpty());
  EXPECT_TRUE(fs::exists(song)) << "the tests above prove nothing if the canary is dumb";
  ::unsetenv("QONDUIT_TEST_CANARY");
}

TEST(Registry, SaysThatAFolderIsNotThere) {
  Registry registry;
  const auto refusals = registry.load({"/no/such/folder"});
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_THAT(refusals[0].status.message(), HasSubstr("cannot be read"));
}

TEST(Registry, SuggestsNamesThatComeNear) {
  const Folder folder({"good"});
  Registry registry;
  registry.load({folder.path()});
  EXPECT_EQ(registry.unknown_sink("goood"), "there is no sink 'goood' (did you mean 'good'?)");
}

TEST(HostServices, CleanWhatPluginsSay) {
  EXPECT_EQ(clean_text({"a\xFFz", 3}), "a?z");
  EXPECT_EQ(clean_text({nullptr, 5}), "");
  const std::string longest(100'000, 'x');
  EXPECT_EQ(clean_text({longest.data(), longest.size()}).size(), 65'539u);
}

}  // namespace
}  // namespace qonduit::plugin

// Whose files are loaded, and that nothing of another's runs: the canary is a library whose constructor writes a file.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "core/plugin/library.hpp"
#include "core/plugin/registry.hpp"
#include "tests/core/plugin/folder.hpp"

namespace qonduit::plugin {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

constexpr uid_t kSomebody = 12345;

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
  EXPECT_TRUE(open_trusted("/usr/bin/env")) << "root's files are fine for everybody";
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(library.c_str(), kSomebody, kSomebody), 0);
  expect_refused("belongs to user 12345");
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

TEST_F(Untrusted, FolderOfAnotherUser) {
  folder.add("canary");
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  ASSERT_EQ(::chown(folder.path().c_str(), kSomebody, kSomebody), 0);
  expect_refused("is a folder above a plugin and belongs to user 12345");
}

TEST_F(Untrusted, StickyFolderThatHoldsThePluginItself) {
  folder.add("canary");
  ::chmod(folder.path().c_str(), 01777);
  expect_refused("is a folder above a plugin and is writable by everybody");
}

TEST_F(Untrusted, SpecialFile) {
  ASSERT_EQ(::mkfifo((folder.path() / "canary.so").c_str(), 0600), 0);
  expect_refused("is not a regular file");
}

TEST_F(Untrusted, FolderReachedThroughALinkIsCheckedWhereItIs) {
  const Folder elsewhere({"canary"});
  fs::create_directory_symlink(elsewhere.path(), folder.path() / "link");
  const auto trusted = open_trusted(folder.path() / "link/canary.so");
  ASSERT_TRUE(trusted) << trusted.error().message();
  ::close(*trusted);
  ::chmod(elsewhere.path().c_str(), 0777);
  const auto refused = open_trusted(folder.path() / "link/canary.so");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr(elsewhere.path().string() + "' is a folder above a plugin"));
}

TEST_F(Untrusted, FileThatIsNotThereIsSaidToBeSo) {
  EXPECT_EQ(open_trusted(folder.path() / "none.so").error().code(), Code::not_found);
  EXPECT_EQ(open_trusted(folder.path() / "no/none.so").error().code(), Code::not_found);
}

// Somebody who swaps the file between a good and a writable one, as fast as they can.
class Swapper {
 public:
  Swapper(fs::path good, fs::path writable, fs::path target) : target_(std::move(target)) {
    fs::create_hard_link(good, target_);
    thread_ = std::thread([this, good = std::move(good), writable = std::move(writable)] {
      const auto next = target_.string() + ".next";
      std::error_code ignored;
      for (bool bad = true; !stop_; bad = !bad) {
        fs::create_hard_link(bad ? writable : good, next, ignored);
        fs::rename(next, target_, ignored);
        fs::remove(next, ignored);  // a rename onto another link of the same file leaves both
      }
    });
  }
  ~Swapper() {
    stop_ = true;
    thread_.join();
  }
  Swapper(const Swapper&) = delete;
  Swapper& operator=(const Swapper&) = delete;

 private:
  fs::path target_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

TEST_F(Untrusted, FileSwappedDuringTheCheckIsNeverOpened) {
  const auto target = folder.path() / "target.so";
  const Swapper swapper(folder.add("good", 0755), folder.add("canary", 0777), target);
  for (int i = 0; i < 10'000; ++i) {
    const auto fd = open_trusted(target);
    if (!fd) continue;
    struct stat info {};
    EXPECT_EQ(::fstat(*fd, &info), 0);
    EXPECT_EQ(info.st_mode & 022u, 0u) << "a file that everybody can write was taken";
    ::close(*fd);
  }
}

TEST_F(Untrusted, FileSwappedBetweenCheckAndLoadNeverRuns) {
  const auto target = folder.path() / "target.so";
  const auto song = folder.path() / "song";
  ::setenv("QONDUIT_TEST_CANARY", song.c_str(), 1);
  {
    const Swapper swapper(folder.add("good", 0755), folder.add("canary", 0777), target);
    // The loader knows what it has loaded by path, so each attempt goes by a path of its own. Each library that loads keeps a
    // descriptor, of which a process has some thousand.
    for (int i = 0, loaded = 0; i < 2'000 && loaded < 400; ++i) {
      const auto way = folder.path() / ("way" + std::to_string(i));
      fs::create_directory_symlink(folder.path(), way);
      loaded += load_library(way / target.filename()) ? 1 : 0;
    }
  }
  EXPECT_FALSE(fs::exists(song)) << "other bytes were loaded than those that were checked";
  ::unsetenv("QONDUIT_TEST_CANARY");
}

}  // namespace
}  // namespace qonduit::plugin

// Whose files are loaded, and that nothing of another's runs: the canary is a library whose constructor writes a file.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

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

// Somebody swaps the file between a good and a writable one, as fast as they can: what is opened is never the writable one.
TEST_F(Untrusted, FileSwappedDuringTheCheckIsNeverOpened) {
  const auto good = folder.add("good", 0755);
  const auto writable = folder.add("canary", 0777);
  const auto target = folder.path() / "target.so";
  fs::create_hard_link(good, target);
  std::atomic<bool> stop = false;
  std::thread swapper([&] {
    const auto next = folder.path() / "next";
    for (bool bad = true; !stop; bad = !bad) {
      fs::create_hard_link(bad ? writable : good, next);
      fs::rename(next, target);
      // A link renamed over another to the same file stays.
      std::error_code ignored;
      fs::remove(next, ignored);
    }
  });
  int opened = 0, refused = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto fd = open_trusted(target);
    if (!fd) {
      ++refused;
      continue;
    }
    ++opened;
    struct stat info {};
    EXPECT_EQ(::fstat(*fd, &info), 0);
    EXPECT_EQ(info.st_mode & 022u, 0u) << "a file that everybody can write was taken";
    ::close(*fd);
  }
  stop = true;
  swapper.join();
  EXPECT_EQ(opened + refused, 10'000);
}

}  // namespace
}  // namespace qonduit::plugin

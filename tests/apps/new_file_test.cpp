#include "apps/qonduit/new_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace qonduit::app {
namespace {

namespace fs = std::filesystem;

struct NewFile : ::testing::Test {
  NewFile() {
    auto pattern = (fs::temp_directory_path() / "qonduit-new-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder = pattern;
  }
  ~NewFile() override { fs::remove_all(folder); }
  std::string text() const {
    std::ostringstream all;
    all << std::ifstream(folder / "file").rdbuf();
    return all.str();
  }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {})); }

  fs::path folder;
};

TEST_F(NewFile, IsForItsOwnerOnly) {
  ASSERT_TRUE(write_new_file(folder / "file", "text", Existing::keep).ok());
  struct stat info {};
  ASSERT_EQ(::stat((folder / "file").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
  EXPECT_EQ(text(), "text");
  EXPECT_EQ(files(), 1u);
}

TEST_F(NewFile, KeepsWhatIsThereUnlessToldToReplaceIt) {
  ASSERT_TRUE(write_new_file(folder / "file", "first", Existing::keep).ok());
  const auto refused = write_new_file(folder / "file", "second", Existing::keep);
  EXPECT_EQ(refused.code(), Code::already_exists);
  EXPECT_EQ(text(), "first");
  ASSERT_TRUE(write_new_file(folder / "file", "third", Existing::replace).ok());
  EXPECT_EQ(text(), "third");
  EXPECT_EQ(files(), 1u) << "nothing else stays behind";
}

TEST_F(NewFile, SaysWhyItCannotBeWritten) {
  const auto status = write_new_file(folder / "nowhere" / "file", "text", Existing::keep);
  EXPECT_EQ(status.code(), Code::io);
  EXPECT_NE(status.message().find("No such file or directory"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace qonduit::app

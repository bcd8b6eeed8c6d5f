#include "core/recording/cassette_writer.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace qonduit::recording {
namespace {

namespace fs = std::filesystem;

class CassetteWriterTest : public testing::Test {
 protected:
  CassetteWriterTest() {
    auto pattern = (fs::temp_directory_path() / "qonduit-writer-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    file_ = folder_ / "a.cassette";
  }
  ~CassetteWriterTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  [[nodiscard]] std::string text() const {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder_, file_;
};

TEST_F(CassetteWriterTest, WritesAFileThatOnlyItsOwnerReads) {
  auto writer = CassetteWriter::create(file_, false);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->line("one").ok());
  ASSERT_TRUE((*writer)->line(std::string(3 << 20, 'x')).ok());
  EXPECT_FALSE(fs::exists(file_)) << "not before it is whole";
  ASSERT_TRUE((*writer)->finish().ok());
  EXPECT_EQ(text(), "one\n" + std::string(3 << 20, 'x') + "\n");
  struct stat info {};
  ASSERT_EQ(::stat(file_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(files(), 1u);
}

TEST_F(CassetteWriterTest, LeavesNothingWhenItIsNotFinished) {
  {
    auto writer = CassetteWriter::create(file_, false);
    ASSERT_TRUE((*writer)->line(std::string(2 << 20, 'x')).ok());
    EXPECT_EQ(files(), 1u);
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(CassetteWriterTest, ReplacesOnlyWhenAsked) {
  std::ofstream(file_) << "precious";
  EXPECT_EQ(CassetteWriter::create(file_, false).error().code(), Code::already_exists);
  auto writer = CassetteWriter::create(file_, true);
  ASSERT_TRUE((*writer)->finish().ok());
  EXPECT_EQ(text(), "");
}

TEST_F(CassetteWriterTest, DoesNotReplaceWhatAppearedMeanwhile) {
  auto writer = CassetteWriter::create(file_, false);
  std::ofstream(file_) << "precious";
  EXPECT_EQ((*writer)->finish().code(), Code::already_exists);
  EXPECT_EQ(text(), "precious");
}

TEST_F(CassetteWriterTest, SaysThatTheFolderIsNotThere) {
  EXPECT_EQ(CassetteWriter::create(folder_ / "none" / "a", false).error().code(), Code::not_found);
}

}  // namespace
}  // namespace qonduit::recording

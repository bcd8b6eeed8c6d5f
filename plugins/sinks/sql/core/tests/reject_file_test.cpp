#include "plugins/sinks/sql/core/reject_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

namespace qonduit::sql {
namespace {

using ::testing::HasSubstr;

TEST(Reject, IsFailOrAFile) {
  EXPECT_FALSE(parse_reject("fail")->has_value());
  EXPECT_EQ(**parse_reject("skip-to /var/lib/rejects.jsonl"), "/var/lib/rejects.jsonl");
  for (const auto* wrong : {"", "skip", "skip-to", "skip-to ", "drop"})
    EXPECT_EQ(parse_reject(wrong).error().code(), Code::invalid_config) << wrong;
}

class RejectFileTest : public ::testing::Test {
 protected:
  RejectFileTest() {
    columns_.emplace_back(Type::utf8), columns_.emplace_back(Type::float64);
    columns_[0].append_text("a \"b\""), columns_[1].append_float64(0.5);
    columns_[0].append_null(), columns_[1].append_float64(std::numeric_limits<double>::infinity());
    finish_batch(columns_, &array_);
    std::filesystem::remove(path_);
  }
  ~RejectFileTest() override {
    array_.release(&array_);
    std::filesystem::remove(path_);
  }
  std::string text() const {
    std::stringstream out;
    out << std::ifstream(path_).rdbuf();
    return out.str();
  }

  Schema schema_{{{"name", Type::utf8}, {"n", Type::float64}}};
  std::vector<Column> columns_;
  ArrowArray array_{};
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("qonduit-reject-" + std::to_string(::getpid()));
};

TEST_F(RejectFileTest, HoldsARowAsJsonOnceItIsPublished) {
  RejectFile file(path_, 5);
  file.begin("run-1", "t");
  const BatchView batch(schema_, array_);
  ASSERT_TRUE(file.add(batch, 0, 7, "name", "too long").ok());
  ASSERT_TRUE(file.add(batch, 1, 8, "", "a constraint").ok());
  EXPECT_FALSE(std::filesystem::exists(path_)) << "an aborted delivery leaves nothing";
  ASSERT_TRUE(file.publish().ok());
  EXPECT_EQ(text(),
            "{\"run\":\"run-1\",\"table\":\"t\",\"row\":7,\"column\":\"name\",\"reason\":\"too long\",\"values\":{\"name\":\"a "
            "\\\"b\\\"\",\"n\":0.5}}\n"
            "{\"run\":\"run-1\",\"table\":\"t\",\"row\":8,\"column\":null,\"reason\":\"a "
            "constraint\",\"values\":{\"name\":null,\"n\":\"Infinity\"}}\n");
  file.begin("run-2", "t");
  ASSERT_TRUE(file.add(batch, 0, 1, "name", "again").ok());
  ASSERT_TRUE(file.publish().ok());
  EXPECT_THAT(text(), ::testing::AllOf(HasSubstr("run-1"), HasSubstr("run-2"))) << "what was there stays";
}

TEST_F(RejectFileTest, RefusesMoreThanItsLimitAndAFolderThatIsNone) {
  RejectFile file("/no/such/folder/rejects.jsonl", 1);
  file.begin("run-1", "t");
  const BatchView batch(schema_, array_);
  ASSERT_TRUE(file.add(batch, 0, 1, "name", "x").ok());
  const auto status = file.add(batch, 1, 2, "name", "the reason");
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr("reject-limit = 1"), HasSubstr("row 2"), HasSubstr("the reason")));
  EXPECT_EQ(file.publish().code(), Code::io);
}

TEST_F(RejectFileTest, SaysBeforeTheFirstRowWhetherItCanBeWritten) {
  EXPECT_TRUE(RejectFile(path_, 1).check_folder().ok()) << "it is made when it is needed";
  EXPECT_FALSE(std::filesystem::exists(path_));
  const auto status = RejectFile("/no/such/ordner/Ablehnung.jsonl", 1).check_folder();
  EXPECT_EQ(status.code(), Code::not_found);
  EXPECT_THAT(status.message(), HasSubstr("reject: '/no/such/ordner/Ablehnung.jsonl' cannot be written: its folder: "));
}

}  // namespace
}  // namespace qonduit::sql

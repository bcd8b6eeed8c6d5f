#include "session/faults.hpp"

#include <Poco/Exception.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace qonduit::simulator {
namespace {

using ::testing::HasSubstr;

class Profile : public ::testing::Test {
 protected:
  ~Profile() override { std::filesystem::remove(path_); }

  Faults read(const std::string& text) {
    std::ofstream(path_) << text;
    Faults faults;
    apply_profile(path_.string(), faults);
    return faults;
  }

  std::string refusal(const std::string& text) {
    try {
      (void)read(text);
    } catch (const Poco::Exception& error) {
      return error.message();
    }
    return "accepted";
  }

  std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("qonduit-profile-" + std::to_string(::getpid()) + ".properties");
};

TEST_F(Profile, SetsWhatAFileSays) {
  const auto faults = read(
      "latency = 20\npages.short=7\nout-of-order = true\nsize.offset = -3\nnotify = OnSessionClosed\n"
      "error.GetLayout = 2:15, every 5:11000\n");
  EXPECT_EQ(faults.latency_ms, 20U);
  EXPECT_EQ(faults.short_pages, 7U);
  EXPECT_TRUE(faults.out_of_order);
  EXPECT_EQ(faults.size_offset, -3);
  EXPECT_EQ(faults.notify, "OnSessionClosed");
  ASSERT_EQ(faults.errors.size(), 2U);
  EXPECT_EQ(faults.errors[1].code, 11000);
  EXPECT_TRUE(faults.errors[1].repeats);
}

TEST_F(Profile, RefusesWhatItDoesNotKnowByName) {
  EXPECT_THAT(refusal("latncy = 20\n"), HasSubstr("latncy: there is no such key"));
  EXPECT_THAT(refusal("latency = soon\n"), HasSubstr("latency: 'soon' is not a number"));
  EXPECT_THAT(refusal("no-data = perhaps\n"), HasSubstr("'perhaps' is not true or false"));
  EXPECT_THAT(refusal("error.GetLayout = 15\n"), HasSubstr("'15' is not N:CODE"));
  Faults faults;
  EXPECT_THROW(apply_profile("no-such-profile", faults), Poco::NotFoundException);
}

TEST_F(Profile, EveryBuiltInOneCanBeRead) {
  EXPECT_GE(profile_names().size(), 8U);
  for (const auto& name : profile_names()) {
    Faults faults;
    EXPECT_NO_THROW(apply_profile(name, faults)) << name;
    EXPECT_NO_THROW((void)read(profile_text(name))) << "a copy of it is a profile too: " << name;
  }
}

TEST(FaultCounter, DelaysTheSameWayForTheSameSeed) {
  Faults faults;
  faults.latency_ms = 10;
  faults.jitter_ms = 50;
  FaultCounter first(faults);
  FaultCounter second(faults);
  bool varies = false;
  for (int i = 0; i < 100; ++i) {
    const auto delay = first.delay();
    EXPECT_EQ(delay, second.delay());
    EXPECT_GE(delay, 10U);
    EXPECT_LE(delay, 60U);
    varies = varies || delay != 10;
  }
  EXPECT_TRUE(varies);
}

TEST(FaultCounter, CountsStormsErrorsAndFrames) {
  Faults faults;
  faults.abort_after = 1;
  faults.abort_count = 2;
  faults.drop_at_frame = 2;
  faults.errors = {{"GetLayout", 2, false, 15}, {"OpenDoc", 3, true, 5}};
  faults.notify = "OnMaxParallelSessionsExceeded";
  faults.refuse_first = 1;
  FaultCounter counter(faults);
  EXPECT_FALSE(counter.data_call().abort);
  EXPECT_TRUE(counter.data_call().abort);
  EXPECT_TRUE(counter.data_call().abort);
  EXPECT_FALSE(counter.data_call().abort);
  EXPECT_FALSE(counter.drops_frame());
  EXPECT_TRUE(counter.drops_frame());
  EXPECT_FALSE(counter.drops_frame());
  EXPECT_FALSE(counter.method_error("GetLayout").has_value());
  EXPECT_EQ(counter.method_error("GetLayout"), 15);
  EXPECT_FALSE(counter.method_error("GetLayout").has_value());
  for (int i = 1; i <= 6; ++i) EXPECT_EQ(counter.method_error("OpenDoc").has_value(), i % 3 == 0) << i;
  EXPECT_TRUE(counter.refuses());
  EXPECT_FALSE(counter.refuses());
}

}  // namespace
}  // namespace qonduit::simulator

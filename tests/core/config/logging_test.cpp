#include "core/logging/logging.hpp"
#include "core/logging/masked_output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace qonduit::logging {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(LogLine, IsOneLineWhateverAValueHolds) {
  const Fields hostile{{"title", "a\r\nINFO forged\x1b[2J\x07"}};
  for (const auto& line : {format_text("T", Level::info, "read a page", hostile), format_json("T", Level::info, "read a page", hostile)}) {
    EXPECT_TRUE(std::none_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) << line;
  }
}

TEST(LogLine, BoundsLongValues) {
  const auto line = format_text("T", Level::warn, "m", {{"value", std::string(1 << 20, 'x')}});
  EXPECT_LT(line.size(), 5000u);
  EXPECT_THAT(line, HasSubstr("1048576 bytes"));
}

TEST(LogLine, QuotesValuesThatWouldBeMisread) {
  EXPECT_EQ(format_text("T", Level::error, "m", {{"a", "b c"}, {"d", "e"}, {"empty", ""}}), "T error m a=\"b c\" d=e");
}

TEST(LogLine, IsJsonForMachines) {
  EXPECT_EQ(format_json("T", Level::info, "m", {{"a", "b \"c\""}}), R"({"time":"T","level":"info","message":"m","a":"b \"c\""})");
}

TEST(LogLine, EscapesTerminalCodesAndMarksOfDirection) {
  const Fields hostile{{"a",
                        "\xc2\x9b"
                        "2J"},
                       {"b",
                        "\xe2\x80\xae"
                        "gpj"},
                       {"c", "\xff\xfe"},
                       {"d", "\xe6\x9d\xb1 \xf0\x9f\x8e\x89"}};
  EXPECT_EQ(format_text("T", Level::info, "m", hostile),
            "T info m a=\\xc2\\x9b2J b=\\xe2\\x80\\xaegpj c=\\xff\\xfe d=\"\xe6\x9d\xb1 \xf0\x9f\x8e\x89\"");
}

TEST(LogLine, IsBoundedHoweverManyFieldsThereAre) {
  const Fields many(100, {"", std::string(5000, '"')});
  auto distinct = many;
  for (std::size_t i = 0; i < distinct.size(); ++i) distinct[i].first = "key" + std::to_string(i);
  for (const auto& line : {format_text("T", Level::info, "m", distinct), format_json("T", Level::info, "m", distinct)}) {
    EXPECT_LT(line.size(), 64u << 10);
    EXPECT_THAT(line, HasSubstr("omitted"));
  }
}

TEST(LogLine, KeepsOneFieldOfEachName) {
  EXPECT_EQ(format_json("T", Level::info, "m", {{"run", "1"}, {"run", "2"}, {"time", "x"}}),
            R"({"time":"T","level":"info","message":"m","run":"2","field_time":"x"})");
}

TEST(Redaction, MasksTheLongerSecretFirst) {
  never_print(config::Secret("opensesame"));
  never_print(config::Secret("opensesame-and-more"));
  never_print(config::Secret("ab"));
  EXPECT_EQ(redacted("x opensesame-and-more opensesame ab"), "x ******** ******** ab");
}

// Libraries show parts of an address decoded, formats escape, connection strings double.
TEST(Redaction, MasksWhatLibrariesAndFormatsMakeOfASecret) {
  never_print(config::Secret("pa%25ss \"w}rd"));
  for (const std::string form : {"pa%25ss \"w}rd", "pa%ss \"w}rd", "pa%25ss \\\"w}rd", "pa%25ss \"w}}rd", "pa%2525ss%20%22w%7Drd"})
    EXPECT_EQ(redacted("<" + form + ">"), "<********>") << form;
}

TEST(MaskedOutput, LetsNoSecretThroughHoweverItIsWritten) {
  never_print(config::Secret("tell-nobody"));
  std::ostringstream target;
  {
    std::ostream stream(target.rdbuf());
    stream.setf(std::ios_base::unitbuf);
    const MaskedOutput masked(stream);
    stream << "a tell-"
           << "nobody b\n"
           << 't';
    EXPECT_EQ(target.str(), "a ******** b\n") << "a line is handed on when it is whole";
    stream << "ell-nobody" << std::flush;
    EXPECT_EQ(target.str(), "a ******** b\n********");
    stream << " and tell-nobody";
  }
  EXPECT_EQ(target.str(), "a ******** b\n******** and ********");
}

// The log's destination is a file here; what is checked is that a secret is in none of its bytes, and that lines stay whole.
class LogFile : public ::testing::Test {
 protected:
  LogFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "qonduit-log-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~LogFile() override {
    init(config::Logging{.level = "error"});
    std::filesystem::remove_all(folder_);
  }
  std::vector<std::string> lines() const {
    std::ifstream file(folder_ / "log");
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  std::filesystem::path folder_;
};

TEST_F(LogFile, NeverHoldsASecretOfTheConfiguration) {
  init({.level = "info", .format = "json", .file = folder_ / "log", .secrets = {config::Secret("correct horse")}});
  log(Level::info, "said correct horse", {{"why", "because correct horse"}, {"correct horse", "x"}});
  ASSERT_EQ(lines().size(), 1u);
  EXPECT_THAT(lines()[0], Not(HasSubstr("horse")));
}

TEST_F(LogFile, GetsTheFieldsOfEnclosingScopesOfItsOwnThread) {
  init({.level = "info", .format = "text", .file = folder_ / "log"});
  {
    const LogContext outer(Fields{{"pipeline", "sales"}});
    const LogContext inner(Fields{{"run", "7"}, {"component", "csv"}});
    log(Level::info, "inside");
    std::thread([] { log(Level::info, "beside"); }).join();
  }
  log(Level::info, "after");
  log(Level::debug, "too quiet");
  ASSERT_EQ(lines().size(), 3u);
  EXPECT_THAT(lines()[0], HasSubstr("inside pipeline=sales run=7 component=csv"));
  EXPECT_THAT(lines()[1], ::testing::EndsWith("beside"));
  EXPECT_THAT(lines()[2], ::testing::EndsWith("after"));
}

TEST_F(LogFile, StaysWholeWhenThreadsWriteAtOnce) {
  init({.level = "info", .format = "text", .file = folder_ / "log"});
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 100; ++i) log(Level::info, "wrote", {{"value", std::string(200, 'x')}});
      });
    }
  }
  ASSERT_EQ(lines().size(), 400u);
  for (const auto& line : lines()) EXPECT_THAT(line, ::testing::EndsWith("value=" + std::string(200, 'x')));
}

TEST_F(LogFile, ThatCannotBeOpenedDoesNotStopTheHost) { EXPECT_NO_THROW(init({.level = "error", .format = "text", .file = folder_})); }

}  // namespace
}  // namespace qonduit::logging

#include "core/logging/logging.hpp"
#include "core/logging/masked_output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

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

TEST(LogLine, HoldsNumbersThatAreNumbers) {
  const Fields fields{{"rows", std::int64_t{25300}}, {"seconds", Value::seconds(1.5)}, {"text", "25300"}, {"bytes", std::uint64_t{0}}};
  EXPECT_EQ(format_json("T", Level::info, "m", fields),
            R"({"time":"T","level":"info","message":"m","rows":25300,"seconds":1.500,"text":"25300","bytes":0})");
  EXPECT_EQ(format_text("T", Level::info, "m", fields), "T info m rows=25300 seconds=1.500 text=25300 bytes=0");
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

void begin(const config::Logging& settings) {
  const auto status = init(settings);
  EXPECT_TRUE(status.ok()) << status.message();
}

// Counts, ids and lengths may look like a secret; in JSON a mask in their place would be no JSON.
TEST(MaskedOutput, TakesWhatIsMaskedAlreadyAsItIs) {
  never_print(config::Secret("4711"));
  std::ostringstream target;
  std::ostream stream(target.rdbuf());
  MaskedOutput masked(stream);
  stream << "4711 ";
  write_masked(stream, "{\"rows\": 4711}\n");
  EXPECT_EQ(masked.finish(), 0);
  EXPECT_EQ(target.str(), "******** {\"rows\": 4711}\n");
}

TEST(MaskedOutput, KnowsWhatWasNotTaken) {
  std::ofstream full("/dev/full");
  MaskedOutput masked(full);
  full << "a line\n" << std::flush << "another";
  EXPECT_EQ(masked.finish(), ENOSPC);
}

// The log's destination is a file here; what is checked is that a secret is in none of its bytes, and that lines stay whole.
class LogFile : public ::testing::Test {
 protected:
  LogFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "qonduit-log-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~LogFile() override {
    begin(config::Logging{.level = "error"});
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
  begin({.level = "info", .format = "json", .file = folder_ / "log", .secrets = {config::Secret("correct horse")}});
  log(Level::info, "said correct horse", {{"why", "because correct horse"}, {"correct horse", "x"}});
  ASSERT_EQ(lines().size(), 1u);
  EXPECT_THAT(lines()[0], Not(HasSubstr("horse")));
}

TEST_F(LogFile, GetsTheFieldsOfEnclosingScopesOfItsOwnThread) {
  begin({.level = "info", .format = "text", .file = folder_ / "log"});
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
  begin({.level = "info", .format = "text", .file = folder_ / "log"});
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

TEST_F(LogFile, ThatCannotBeOpenedIsAnErrorThatSaysWhy) {
  const auto pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::pair<std::filesystem::path, std::string> cases[] = {
      {folder_, "Is a directory"}, {folder_ / "nowhere/in/log", "its folder is not there"}, {pipe, "nobody reads this pipe"}};
  for (const auto& [path, why] : cases) {
    const auto status = init({.level = "error", .format = "text", .file = path});
    EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr(path.string()), HasSubstr(why)));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "nowhere")) << "no folder is made of a mistyped path";
}

TEST_F(LogFile, IsForItsOwnerAndGroupAlone) {
  const auto umask = ::umask(0);
  begin({.level = "info", .format = "text", .file = folder_ / "log"});
  ::umask(umask);
  log(Level::info, "said");
  EXPECT_EQ(std::filesystem::status(folder_ / "log").permissions(), std::filesystem::perms(0640));
}

TEST_F(LogFile, IsOpenedAnewUnderItsNameAfterItWasMovedAway) {
  begin({.level = "info", .format = "text", .file = folder_ / "log"});
  log(Level::info, "before");
  std::filesystem::rename(folder_ / "log", folder_ / "log.1");
  log(Level::info, "between");
  reopen();
  log(Level::info, "after");
  ASSERT_EQ(lines().size(), 2u);
  EXPECT_THAT(lines()[0], ::testing::EndsWith("opened the log anew"));
  EXPECT_THAT(lines()[1], ::testing::EndsWith("after"));
  std::ifstream old(folder_ / "log.1");
  std::string text((std::istreambuf_iterator<char>(old)), {});
  EXPECT_THAT(text, ::testing::AllOf(HasSubstr("before"), HasSubstr("between"), Not(HasSubstr("after"))));
}

TEST_F(LogFile, IsWrittenOnWhereItCannotBeOpenedAnew) {
  const auto inside = folder_ / "logs";
  std::filesystem::create_directory(inside);
  begin({.level = "info", .format = "text", .file = inside / "log"});
  std::filesystem::rename(inside, folder_ / "moved");
  reopen();
  log(Level::info, "after");
  std::ifstream old(folder_ / "moved/log");
  std::string text((std::istreambuf_iterator<char>(old)), {});
  EXPECT_THAT(text, ::testing::AllOf(HasSubstr("could not open the log anew"), HasSubstr("its folder is not there"), HasSubstr("after")));
}

TEST_F(LogFile, GetsDetailsOnlyWhereTheyAreAskedFor) {
  begin({.level = "info", .format = "text", .file = folder_ / "log"});
  EXPECT_FALSE(enabled(Level::debug));
  begin({.level = "trace", .format = "text", .file = folder_ / "log"});
  EXPECT_TRUE(enabled(Level::trace));
  least_on_stderr(Level::error);
  EXPECT_TRUE(enabled(Level::trace)) << "a file gets what it got";
}

}  // namespace
}  // namespace qonduit::logging

#include "core/plugin/option_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/plugin/fake_components.hpp"

namespace qonduit::plugin {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kDescription = R"({"summary": "A test.", "options": [
  {"name": "directory", "type": "string", "required": true, "help": "Where files go."},
  {"name": "columns", "type": "integer", "min": 1, "max": 16},
  {"name": "ratio", "type": "number"},
  {"name": "header", "type": "bool"},
  {"name": "delimiter", "type": "char"},
  {"name": "quoting", "type": "enum", "values": ["minimal", "always"]},
  {"name": "timeout", "type": "duration"},
  {"name": "buffer", "type": "size"},
  {"name": "dual.", "type": "enum", "values": ["text", "number"], "prefix": true},
  {"name": "key", "type": "list"},
  {"name": "password", "type": "string", "secret": true},
  {"name": "colour", "type": "a type of a later host"}]})";

config::Option option(std::string key, std::string value, int line, bool secret = false) {
  return {std::move(key), config::Secret(std::move(value)), secret, {"q.properties", line}};
}

class OptionCheck : public ::testing::Test {
 protected:
  std::vector<std::string> check(std::vector<config::Option> options) {
    options.push_back(option("directory", "/data", 1));
    return texts_of(check_options(fake_.get(), options, "sink.lake.", {"q.properties", 1}));
  }
  FakeComponent fake_{"csv", nullptr, nullptr, kDescription};
};

TEST_F(OptionCheck, AcceptsValuesOfEveryType) {
  EXPECT_THAT(check({option("columns", "16", 2), option("ratio", "0.5", 3), option("header", "yes", 4), option("delimiter", ";", 5),
                     option("quoting", "always", 6), option("timeout", "30s", 7), option("buffer", "64KiB", 8),
                     option("dual.Month", "text", 9), option("colour", "anything", 10)}),
              IsEmpty());
}

TEST_F(OptionCheck, ReportsEveryMistakeAtOnceWithItsLine) {
  EXPECT_THAT(
      check({option("columns", "many", 2), option("ratio", "half", 3), option("header", "maybe", 4), option("delimiter", "ab", 5),
             option("quoting", "never", 6), option("timeout", "30", 7), option("buffer", "64kb", 8), option("dual.Month", "both", 9)}),
      ElementsAre("q.properties:2: sink.lake.columns: 'many' is no whole number", "q.properties:3: sink.lake.ratio: 'half' is no number",
                  "q.properties:4: sink.lake.header: 'maybe' is neither true nor false",
                  AllOf(HasSubstr("q.properties:5: sink.lake.delimiter: 'ab' is not a single character")),
                  "q.properties:6: sink.lake.quoting: 'never' is none of: minimal, always",
                  HasSubstr("q.properties:7: sink.lake.timeout: '30' is no duration"),
                  HasSubstr("q.properties:8: sink.lake.buffer: '64kb' is no size"),
                  "q.properties:9: sink.lake.dual.Month: 'both' is none of: text, number"));
}

TEST_F(OptionCheck, KnowsTheRangeOfANumber) {
  EXPECT_THAT(check({option("columns", "17", 2)}), ElementsAre("q.properties:2: sink.lake.columns: '17' is out of range: 1 to 16"));
}

TEST_F(OptionCheck, SuggestsTheKeyThatWasMeant) {
  EXPECT_THAT(check({option("quotign", "always", 2)}),
              ElementsAre("q.properties:2: sink.lake.quotign: is unknown to 'csv' (did you mean 'quoting'?)"));
}

TEST_F(OptionCheck, MissesWhatIsRequired) {
  EXPECT_THAT(texts_of(check_options(fake_.get(), {}, "sink.lake.", {"q.properties", 7})),
              ElementsAre("q.properties:7: sink.lake.directory: is missing: Where files go."));
}

TEST_F(OptionCheck, TakesNothingForNoValueOfWhatIsRequired) {
  EXPECT_THAT(texts_of(check_options(fake_.get(), {option("directory", "", 3)}, "sink.lake.", {"q.properties", 7})),
              ElementsAre("q.properties:3: sink.lake.directory: is empty: Where files go."));
}

TEST_F(OptionCheck, DoesNotQuoteASecret) {
  EXPECT_THAT(check({option("columns", "hunter2", 2, true), option("quoting", "hunter3", 3, true)}),
              ElementsAre(Not(HasSubstr("hunter2")), Not(HasSubstr("hunter3"))));
}

TEST_F(OptionCheck, WantsSecretsByReference) {
  EXPECT_THAT(check({option("password", "hunter2", 2)}), ElementsAre(HasSubstr("sink.lake.password: must be a reference, ${file:/path}")));
  EXPECT_THAT(check({option("password", "hunter2", 2, true)}), IsEmpty());
  EXPECT_THAT(check({option("password", "", 2)}), IsEmpty()) << "none";
}

TEST_F(OptionCheck, TakesQuotesOffTextsAndNamesAndLeavesThemInLists) {
  EXPECT_THAT(check({option("columns", "\"16\"", 2), option("delimiter", "\" \"", 3), option("quoting", "\"always\"", 4),
                     option("dual.\"Net, Sales\"", "text", 5), option("key", "a, \"b, c\"", 6)}),
              IsEmpty());
  EXPECT_THAT(check({option("colour", "\"red", 2), option("dual.\"a", "text", 3), option("key", "a, \"b", 4), option("key", "a,,b", 5)}),
              ElementsAre(HasSubstr("sink.lake.colour: a quote is not closed"), HasSubstr("sink.lake.dual.\"a: a quote is not closed"),
                          HasSubstr("sink.lake.key: a quote is not closed"), HasSubstr("a comma too many")));
  const auto description = read_description(kDescription);
  const auto taken = [&](std::string key, std::string value, bool verbatim = false) {
    auto given = option(std::move(key), std::move(value), 1);
    given.verbatim = verbatim;
    take_quotes(description->options, given);
    return given.key + "=" + std::string(given.value.reveal());
  };
  EXPECT_EQ(taken("colour", "\" say \"\"so\"\" \""), "colour= say \"so\" ");
  EXPECT_EQ(taken("dual.\"月, x\"", "text"), "dual.月, x=text");
  EXPECT_EQ(taken("key", "\"a, b\""), "key=\"a, b\"");
  EXPECT_EQ(taken("password", "\"x\"", true), "password=\"x\"") << "the secret's own";
}

TEST(OptionCheckOfADescription, ThatCannotBeReadSaysSo) {
  const FakeComponent fake("csv", nullptr, nullptr, R"({"options": {"name": 1}})");
  EXPECT_THAT(texts_of(check_options(fake.get(), {}, "sink.lake.")),
              ElementsAre(HasSubstr("describes its options in a way that cannot be read")));
}

}  // namespace
}  // namespace qonduit::plugin

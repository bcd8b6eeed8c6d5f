#include "core/pipeline/value_match.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace qonduit::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr double kText = std::numeric_limits<double>::quiet_NaN();

struct Given {
  const char* text;
  double number;
};

class Match {
 public:
  explicit Match(const std::string& patterns) : patterns_(*config::parse_values(patterns)), match_(patterns_) {}
  Match& over(const std::vector<Given>& values) {
    std::int64_t element = 0;
    for (const auto& [text, number] : values) match_.see({text, number, element++, false, true});
    return *this;
  }
  [[nodiscard]] std::vector<std::int64_t> elements() const { return match_.elements(); }
  [[nodiscard]] std::vector<std::string> unmatched() const {
    std::vector<std::string> made;
    for (const auto* pattern : match_.unmatched()) made.push_back(pattern->written);
    return made;
  }

 private:
  std::vector<config::ValuePattern> patterns_;
  ValueMatch match_;
};

const std::vector<Given> kCities = {{"Oslo", kText}, {"Göteborg", kText}, {"GÖTEBORG", kText}, {"Roma", kText}, {"R*ma", kText}};
const std::vector<Given> kDays = {{"01.01.2024", 45292}, {"02.01.2024", 45293}, {"45292", kText}};

TEST(ValueMatch, FindsTextsExactly) {
  EXPECT_THAT(Match("Roma, Oslo").over(kCities).elements(), ElementsAre(0, 3));
  EXPECT_THAT(Match("roma").over(kCities).elements(), IsEmpty());
  EXPECT_THAT(Match("\"R*ma\"").over(kCities).elements(), ElementsAre(4));
}

TEST(ValueMatch, SearchesWhateverTheCase) {
  EXPECT_THAT(Match("göte*").over(kCities).elements(), ElementsAre(1, 2));
  EXPECT_THAT(Match("G?teborg").over(kCities).elements(), ElementsAre(1, 2)) << "one character, though two bytes";
}

TEST(ValueMatch, PrefersWhatQlikShowsToANumber) {
  EXPECT_THAT(Match("45292").over(kDays).elements(), ElementsAre(2));
  EXPECT_THAT(Match("45293").over(kDays).elements(), ElementsAre(1)) << "nothing shows it, one is it";
  EXPECT_THAT(Match("2024-01-01").over(kDays).elements(), ElementsAre(0));
}

TEST(ValueMatch, LeavesOutWhatIsExcluded) {
  EXPECT_THAT(Match("!Roma").over(kCities).elements(), ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(Match("*o*, !Oslo").over(kCities).elements(), ElementsAre(1, 2, 3)) << "only what is asked for, less the excluded";
  EXPECT_THAT(Match("Oslo, !*").over(kCities).elements(), IsEmpty());
}

TEST(ValueMatch, SaysWhatNothingFits) {
  EXPECT_THAT(Match("Oslo, Ulm, 1..2, !Bern").over(kCities).unmatched(), ElementsAre("Ulm", "1..2", "!Bern"));
  EXPECT_THAT(Match("Oslo").over(kCities).unmatched(), IsEmpty());
}

}  // namespace
}  // namespace qonduit::pipeline

// What scrambling keeps, and that it changes the rest. One fixed key, so that a test says the same every time.
#include "core/recording/scrambler.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "core/recording/letters.hpp"

namespace qonduit::recording {
namespace {

constexpr Key kScramblerKey{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
const Scrambler kScrambler(kScramblerKey);

// Digit, capital, small letter, or the character itself.
std::u32string form(std::string_view text) {
  std::u32string made;
  for (const char32_t c : code_points(text)) {
    const auto alphabet = alphabet_of(c);
    made += is_digit(c) ? U'9' : alphabet.letters == 0 ? c : alphabet.first;
  }
  return made;
}

// The number a text shows, without knowing its locale: the last separator that stands alone, with other than three digits behind it, is
// the decimal's.
double shown(std::string text) {
  std::string digits;
  std::size_t decimals = std::string::npos;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) digits += c;
    if (c == '.' || c == ',') decimals = digits.size();
  }
  const auto behind = decimals == std::string::npos ? 0 : digits.size() - decimals;
  return std::stod(digits) / std::pow(10, behind == 3 ? 0 : static_cast<double>(behind));
}

int magnitude(double value) { return static_cast<int>(std::floor(std::log10(std::fabs(value)))); }

TEST(KeyedHash, IsSipHash24) {
  // The first vectors of the authors' own table: key 00 01 .. 0f, messages of no byte, of 00, and of 00 01 .. 0e.
  Key key{};
  std::string message;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(keyed_hash(key, message), 0x726fdb47dd0e0e31ULL);
  EXPECT_EQ(keyed_hash(key, std::string(1, '\0')), 0x74f839c593dc67fdULL);
  for (char c = 0; c < 15; ++c) message.push_back(c);
  EXPECT_EQ(keyed_hash(key, message), 0xa129ca6149be45e5ULL);
}

TEST(Scrambler, ReplacesTextsByOthersOfTheSameForm) {
  for (const std::string text : {"North", "South-East 4", "Müller & Söhne GmbH", "X-12/34", "日本語テキスト", "Ελλάδα", "Ünïcödé",
                                 "a@b.example", "+49 (0) 30 1234567", "007", "x"}) {
    const auto made = kScrambler.text(text);
    EXPECT_NE(made, text);
    EXPECT_EQ(form(made), form(text)) << made;
    EXPECT_EQ(made.size(), text.size());
  }
}

TEST(Scrambler, LeavesWhatSaysNothing) {
  for (const std::string text : {"", "-", "—", " ", "***", "0", "…"}) EXPECT_EQ(kScrambler.text(text), text);
}

TEST(Scrambler, GivesTheSameValueTheSameReplacementAndOthersOthers) {
  std::set<std::string> made;
  for (int i = 0; i < 5000; ++i) {
    const auto text = "Customer " + std::to_string(10'000 + i);
    const auto one = kScrambler.text(text);
    EXPECT_EQ(one, kScrambler.text(text));
    made.insert(one);
  }
  EXPECT_EQ(made.size(), 5000u);
}

TEST(Scrambler, DependsOnTheKey) {
  const Scrambler other(Key{42});
  EXPECT_NE(kScrambler.text("Consumer Sales"), other.text("Consumer Sales"));
  EXPECT_NE(kScrambler.number(322356.56), other.number(322356.56));
}

TEST(Scrambler, KeepsSignSizeAndDecimalsOfNumbers) {
  for (const double value : {1.0, -1.0, 7.0, 10.0, 42.0, -643.3088581607146, 0.125, 1e-9, 322356.56, 1e15, 9007199254740991.0, 6.02e23}) {
    const double made = kScrambler.number(value);
    EXPECT_NE(made, value);
    EXPECT_EQ(std::signbit(made), std::signbit(value));
    EXPECT_EQ(magnitude(made), magnitude(value)) << made;
    EXPECT_EQ(std::floor(made) == made, std::floor(value) == value) << made;
    if (std::fabs(value) <= 9007199254740992.0) {
      EXPECT_LE(std::fabs(made), 9007199254740992.0);
    }
  }
  EXPECT_EQ(kScrambler.number(0), 0);
  EXPECT_TRUE(std::isnan(kScrambler.number(std::nan(""))));
  EXPECT_TRUE(std::isinf(kScrambler.number(std::numeric_limits<double>::infinity())));
}

struct Formatted {
  const char* text;
  double number;
  double scale;  // of what is shown
};

TEST(Scrambler, WritesANewNumberTheWayTheOldOneWasWritten) {
  for (const auto& [text, number, scale] : {Formatted{"$322,356.56", 322356.56, 1},
                                            {"1.234.567,50 €", 1234567.5, 1},
                                            {"1\u202F234,5", 1234.5, 1},
                                            {"1\u00A0234\u00A0567", 1234567, 1},
                                            {"12,5 %", 0.125, 100},
                                            {"643.30886", 643.3088581607146, 1},
                                            {"(1.234,50)", -1234.5, 1},
                                            {"-7", -7, 1},
                                            {"1'234.50", 1234.5, 1},
                                            {"00042", 42, 1},
                                            {"1,2214", 1.22142857, 1},
                                            {"12,34,567", 1234567, 1},
                                            {"2.1M", 2'134'000, 1e-6}}) {
    const auto made = kScrambler.dual(text, number);
    EXPECT_EQ(form(made.text), form(text)) << made.text;
    EXPECT_NE(made.text, text);
    const auto decimals = std::string(text).find('%') != std::string::npos ? 0.1 : 0.5;
    EXPECT_NEAR(shown(made.text), std::fabs(made.number) * scale, scale == 1 && std::fabs(number) > 1000 ? 0.1 : decimals) << made.text;
  }
}

TEST(Scrambler, CarriesWhenRoundingAddsADigit) {
  const auto made = kScrambler.dual("1,000.0", 999.96);
  EXPECT_NEAR(shown(made.text), made.number, 0.05);
  EXPECT_EQ(magnitude(made.number), 2);
}

std::string iso(double serial) {
  const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(static_cast<int>(serial) - 25'569))};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()));
  return text;
}

TEST(Scrambler, MakesOtherDatesOfDates) {
  for (int serial = 44'000; serial < 45'500; serial += 7) {
    const auto made = kScrambler.dual(iso(serial), serial);
    EXPECT_EQ(made.text, iso(made.number)) << "the text is the date of the number";
    EXPECT_NE(made.number, serial);
    EXPECT_NEAR(made.number, serial, 3000) << "about the same time";
    EXPECT_EQ(made.number, std::floor(made.number));
  }
}

// What a field shows and what stands alone, in a member that has no number, is one value.
TEST(Scrambler, MakesOtherDatesOfIsoDatesThatStandAlone) {
  for (const auto& [text, number] : {std::pair("2024-05-17T06:30:00.000Z", 45429.2708333333),
                                     {"2024-05-17", 45429.0},
                                     {"2023-11-09 23:59:01", 45239.9993171296},
                                     {"2024-02-29T12:12", 45351.5083333333}}) {
    const auto made = kScrambler.text(text);
    EXPECT_EQ(form(made), form(text)) << made;
    EXPECT_NE(made, text);
    EXPECT_EQ(made, kScrambler.dual(text, number).text) << "as where its number is known";
    const std::chrono::year_month_day day{std::chrono::year(std::stoi(made)),
                                          std::chrono::month(static_cast<unsigned>(std::stoi(made.substr(5)))),
                                          std::chrono::day(static_cast<unsigned>(std::stoi(made.substr(8))))};
    EXPECT_TRUE(day.ok()) << made;
    EXPECT_NEAR(static_cast<int>(day.year()), std::stoi(text), 9) << made;
    EXPECT_EQ(made.substr(10, 1), std::string(text).substr(10, 1));
    if (made.size() > 11) {
      EXPECT_LT(std::stoi(made.substr(11)), 24) << made;
      EXPECT_LT(std::stoi(made.substr(14)), 60) << made;
    }
  }
}

TEST(Scrambler, KeepsTheZoneOfIsoDatesAndTheFormOfOldOnes) {
  for (const std::string text : {"2024-05-17T06:30:00+05:30", "1821-03-25", "0001-01-01T00:00:00", "2024-05-17T06:30:00.1234567Z"}) {
    const auto made = kScrambler.text(text);
    EXPECT_EQ(made.size(), text.size());
    EXPECT_NE(made, text);
    const std::chrono::year_month_day day{std::chrono::year(std::stoi(made)),
                                          std::chrono::month(static_cast<unsigned>(std::stoi(made.substr(5)))),
                                          std::chrono::day(static_cast<unsigned>(std::stoi(made.substr(8))))};
    EXPECT_TRUE(day.ok()) << made;
    EXPECT_NEAR(static_cast<int>(day.year()), std::stoi(text), 9) << made;
    if (text.ends_with("+05:30")) {
      EXPECT_TRUE(made.ends_with("+05:30")) << made;
    }
    if (text.ends_with('Z')) {
      EXPECT_TRUE(made.ends_with('Z')) << made;
    }
  }
  for (const std::string text : {"2024-13-45", "2024-05-17X", "2024-05-17T99:00", "12024-05-17"}) EXPECT_NE(kScrambler.text(text), text);
}

TEST(Scrambler, TreatsANumberAloneAndAsTextAlike) {
  for (const auto& [text, number] : {std::pair("01", 1.0), {"-17.25", -17.25}, {"0.173", 0.173}, {"1200.50", 1200.5}, {"-3", -3.0}})
    EXPECT_EQ(kScrambler.text(text), kScrambler.dual(text, number).text);
}

TEST(Scrambler, MakesADateOfItsOwnOfEachDate) {
  std::set<std::string> days;
  std::set<std::string> moments;
  for (int serial = 44'000; serial < 46'000; ++serial) {
    days.insert(kScrambler.text(iso(serial)));
    const auto minute = serial % 60;
    moments.insert(kScrambler.text(iso(serial) + "T" + (serial % 24 < 10 ? "0" : "") + std::to_string(serial % 24) + ":" +
                                   (minute < 10 ? "0" : "") + std::to_string(minute) + ":30"));
  }
  EXPECT_GE(days.size(), 1980u) << "but for rare collisions";
  EXPECT_GE(moments.size(), 1980u);
}

TEST(Scrambler, KeepsThePatternOfDates) {
  for (const auto& [text, number] : {std::pair("5/17/2024", 45429.0),
                                     {"17.05.2024 14:35:09", 45429.6077430556},
                                     {"17. Mai 2024", 45429.0},
                                     {"Mai 2024", 45413.0},
                                     {"5/5/2024", 45417.0},
                                     {"2024-05", 45413.0},
                                     {"17-05-24", 45429.0}}) {
    const auto made = kScrambler.dual(text, number);
    EXPECT_EQ(form(made.text), form(text)) << made.text;
    EXPECT_NE(made.text, text);
    EXPECT_NE(made.number, number);
    EXPECT_NEAR(made.number, number, 3000);
    EXPECT_EQ(made.number == std::floor(made.number), number == std::floor(number));
  }
}

TEST(Scrambler, KeepsWordsInDatesTrue) {
  // The month that stands in letters is the month of the number, and so is the weekday.
  const auto made = kScrambler.dual("Fri 17 May 2024", 45429);
  EXPECT_TRUE(made.text.starts_with("Fri ")) << made.text;
  EXPECT_NE(made.text.find("May"), std::string::npos);
  EXPECT_EQ(iso(made.number).substr(5, 2), "05");
  EXPECT_EQ(std::llround(made.number - 45429) % 7, 0);
}

TEST(Scrambler, MakesOtherTimesOfTimes) {
  for (const auto& [text, number] : {std::pair("14:35:00", 0.607638888889), {"2:35:00 PM", 0.607638888889}, {"36:15:00", 1.510416666667}}) {
    const auto made = kScrambler.dual(text, number);
    EXPECT_EQ(form(made.text), form(text));
    EXPECT_NE(made.text, text);
    EXPECT_EQ(std::floor(made.number), std::floor(number)) << "a time stays within its day";
    const auto seconds = std::llround((made.number) * 86'400);
    const auto minutes = made.text.substr(made.text.find(':') + 1, 2);
    EXPECT_EQ(std::stoi(minutes), seconds / 60 % 60) << made.text;
  }
}

TEST(Scrambler, ScramblesATextThatIsNotItsNumber) {
  const auto made = kScrambler.dual("January", 1);
  EXPECT_EQ(form(made.text), form("January"));
  EXPECT_NE(made.text, "January");
  EXPECT_GE(made.number, 2);
  EXPECT_LE(made.number, 9);
}

TEST(Scrambler, TreatsAWholeNumberAloneAndAsTextAlike) { EXPECT_EQ(kScrambler.text("2024"), kScrambler.dual("2024", 2024).text); }

TEST(Scrambler, BoundsEveryReplacementBetweenItsMinAndMax) {
  for (const auto& [lowest, highest] : {std::pair(3.0, 98'765.0), {0.25, 812.5}, {-5'000.0, -2.5}, {-17.0, 42.0}, {100.0, 250.75}}) {
    const double low = Scrambler::lowest(lowest, Scrambler::Kind::number);
    const double high = Scrambler::highest(highest, Scrambler::Kind::number);
    EXPECT_EQ(low == std::floor(low), lowest == std::floor(lowest)) << "what is whole stays whole";
    EXPECT_EQ(high == std::floor(high), highest == std::floor(highest));
    for (int i = 0; i <= 1000; ++i) {
      const double value = lowest + (highest - lowest) * i / 1000;
      EXPECT_GE(kScrambler.number(value), low) << value;
      EXPECT_LE(kScrambler.number(value), high) << value;
    }
  }
  for (int serial = 44'000; serial < 46'000; serial += 11) {
    const double made = kScrambler.dual(iso(serial), serial).number;
    EXPECT_GE(made, Scrambler::lowest(44'000, Scrambler::Kind::date));
    EXPECT_LE(made, Scrambler::highest(46'000, Scrambler::Kind::date));
  }
}

TEST(Scrambler, ReplacesTheLiteralsOfExpressions) {
  const std::string source = "Sum({<Region={'North',\"So*\"},Year={2024}>} [Sales Amount]) * 0.173 > Left(x,3)";
  const auto made = kScrambler.expression(source, false);
  EXPECT_EQ(form(made), form(source));
  for (const std::string kept : {"Sum({<Region={'", "[Sales Amount]", "> Left(x,3)", ",Year={"})
    EXPECT_NE(made.find(kept), std::string::npos) << made;
  for (const std::string gone : {"North", "So*", "2024", "0.173"}) EXPECT_EQ(made.find(gone), std::string::npos) << made;
  EXPECT_NE(made.find(kScrambler.text("North")), std::string::npos) << "as in the data";
}

// Between the braces of a set, too, $(NAME) names a variable, and $(= is followed by an expression.
TEST(Scrambler, KnowsVariablesAndExpressionsAmongTheValuesOfASet) {
  const std::string source = "Sum({<Έτος={$(vΈτος), $(=Max(Year) - 20)}, Πόλη={Αθήνα, \"$(v Πόλη)*\", $(f(12,Βόλος))}>} Ποσό)";
  const auto values = kScrambler.expression(source, false);
  for (const std::string kept : {"{$(vΈτος), $(=Max(Year) - ", "$(f(", "Πόλη={", ">} Ποσό)"})
    EXPECT_NE(values.find(kept), std::string::npos) << values;
  for (const std::string gone : {"Αθήνα", "Βόλος", "20)", "12"}) EXPECT_EQ(values.find(gone), std::string::npos) << values;
  const auto names = kScrambler.expression(source, true);
  EXPECT_NE(names.find("$(" + kScrambler.text("vΈτος") + "), $(=Max(" + kScrambler.text("Year") + ") - "), std::string::npos) << names;
  for (const std::string gone : {"vΈτος", "Year", "Αθήνα", "Βόλος", "Ποσό", "Πόλη"})
    EXPECT_EQ(names.find(gone), std::string::npos) << names;
  EXPECT_EQ(kScrambler.expression("$(my var)", true), "$(" + kScrambler.text("my var") + ")") << "as it is called by itself";
}

TEST(Scrambler, ReplacesFieldsOfExpressionsWithTheNames) {
  const auto made = kScrambler.expression("If(Region like 'N*' and [Sales Amount] > 10, Sum(total Sales))", true);
  EXPECT_TRUE(made.starts_with("If(" + kScrambler.text("Region") + " like '")) << made;
  EXPECT_NE(made.find("[" + kScrambler.text("Sales Amount") + "]"), std::string::npos) << made;
  EXPECT_NE(made.find("Sum(total " + kScrambler.text("Sales") + ")"), std::string::npos) << made;
}

TEST(Scrambler, KeepsNamesUnlessAsked) {
  EXPECT_EQ(kScrambler.name("Order Date", false), "Order Date");
  EXPECT_EQ(kScrambler.name("Order Date", true), kScrambler.text("Order Date"));
  EXPECT_EQ(kScrambler.name("[Order Date]", true), "[" + kScrambler.text("Order Date") + "]");
  // A column without a label is titled by its expression.
  EXPECT_EQ(kScrambler.name("Sum({<City={'Oslo'}>} X)", false).find("Oslo"), std::string::npos);
}

}  // namespace
}  // namespace qonduit::recording

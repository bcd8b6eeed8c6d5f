#include "core/config/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace qonduit::config {
namespace {

using ::testing::HasSubstr;

ValuePattern one(const std::string& text) {
  auto parsed = parse_values(text);
  EXPECT_TRUE(parsed) << text << ": " << parsed.status().message();
  EXPECT_EQ(parsed ? parsed->size() : 0, 1u) << text;
  return parsed && !parsed->empty() ? parsed->front() : ValuePattern();
}

std::string problem(const std::string& text) {
  const auto parsed = parse_values(text);
  return parsed ? "" : parsed.error().message();
}

TEST(SelectionValues, AreTextsUnlessTheyReadAsSomethingElse) {
  EXPECT_EQ(one("North").kind, Wanted::text);
  EXPECT_EQ(one("North").text, "North");
  EXPECT_EQ(one("New York").text, "New York");
  EXPECT_EQ(one("42").kind, Wanted::number);
  EXPECT_EQ(one("-1.5e3").numbers.low, -1500);
  EXPECT_EQ(one("Nor*").kind, Wanted::search);
  EXPECT_EQ(one("v1..v2").kind, Wanted::text) << "neither side is a number";
  EXPECT_EQ(one("inf").kind, Wanted::text);
  EXPECT_EQ(one("12:30").kind, Wanted::text);
}

TEST(SelectionValues, AreTextsInQuotesWhateverTheyHold) {
  for (const std::string text : {"a*b", "42", "10..20", ">=5", "!x", "null", "a, b", ""}) {
    const auto pattern = one("\"" + text + "\"");
    EXPECT_EQ(pattern.kind, Wanted::text) << text;
    EXPECT_EQ(pattern.text, text);
    EXPECT_FALSE(pattern.exclude);
  }
  EXPECT_EQ(one(R"("say ""so""")").text, R"(say "so")");
}

TEST(SelectionValues, ExcludeBehindAMark) {
  const auto pattern = one("! \"South\"");
  EXPECT_TRUE(pattern.exclude);
  EXPECT_EQ(pattern.text, "South");
  const auto list = parse_values("*d*, !Bread");
  ASSERT_TRUE(list);
  EXPECT_FALSE(list->at(0).exclude);
  EXPECT_TRUE(list->at(1).exclude);
}

TEST(SelectionValues, RangesHoldBothEnds) {
  const auto range = one("10..20").numbers;
  EXPECT_TRUE(range.holds(10) && range.holds(20) && !range.holds(9.999) && !range.holds(20.001));
  EXPECT_TRUE(one("10..").numbers.holds(1e300) && !one("10..").numbers.holds(9));
  EXPECT_TRUE(one("..-1").numbers.holds(-5) && !one("..-1").numbers.holds(0));
  EXPECT_TRUE(one(">10").numbers.holds(10.1) && !one(">10").numbers.holds(10));
  EXPECT_TRUE(one(">= 10").numbers.holds(10));
  EXPECT_TRUE(one("<10").numbers.holds(9) && !one("<10").numbers.holds(10));
  EXPECT_TRUE(one("<=10").numbers.holds(10) && !one("<=10").numbers.holds(10.1));
}

// 45292 is 2024-01-01: arithmetic by hand, the origin is 1899-12-30.
TEST(SelectionValues, DatesStandForTheWholeDay) {
  const auto day = one("2024-01-01").numbers;
  EXPECT_TRUE(day.holds(45292) && day.holds(45292.999) && !day.holds(45293) && !day.holds(45291.999));
  const auto quarter = one("2024-01-01..2024-03-31").numbers;
  EXPECT_TRUE(quarter.holds(45292) && quarter.holds(45382.75) && !quarter.holds(45383)) << "the evening of the last day is in it";
  EXPECT_TRUE(one(">2024-01-01").numbers.holds(45293) && !one(">2024-01-01").numbers.holds(45292.5));
  EXPECT_TRUE(one("<=2024-01-01").numbers.holds(45292.5) && !one("<=2024-01-01").numbers.holds(45293));
  EXPECT_TRUE(one("<2024-01-01").numbers.holds(45291.5) && !one("<2024-01-01").numbers.holds(45292));
}

TEST(SelectionValues, AMomentIsMetWithinHalfAMillisecond) {
  for (const std::string text : {"2024-01-01T06:00", "2024-01-01 06:00:00", "2024-01-01T06:00:00.000"}) {
    const auto moment = one(text).numbers;
    EXPECT_TRUE(moment.holds(45292.25) && moment.holds(45292.25 + 1e-9) && !moment.holds(45292.25 + 1e-6)) << text;
  }
}

TEST(SelectionValues, AreRefusedWithWhatWouldBeRight) {
  EXPECT_THAT(problem(""), HasSubstr("selects nothing"));
  EXPECT_THAT(problem("null"), HasSubstr("cannot select null"));
  EXPECT_THAT(problem(">=abc"), HasSubstr("a number or a date"));
  EXPECT_THAT(problem("10..x"), HasSubstr("LOW..HIGH"));
  EXPECT_THAT(problem("20..10"), HasSubstr("ends before it begins"));
  EXPECT_THAT(problem("a,,b"), HasSubstr("empty item"));
  EXPECT_THAT(problem("\"a"), HasSubstr("not closed"));
  EXPECT_THAT(problem("\"a\" b"), HasSubstr("something follows it"));
  EXPECT_EQ(one("2024-02-30").kind, Wanted::text) << "no date, so a text";
}

TEST(SelectionFields, MayNameAState) {
  EXPECT_EQ(parse_field("Region").state, "");
  EXPECT_EQ(parse_field("Region@Other").field, "Region");
  EXPECT_EQ(parse_field("Region@Other").text(), "Region@Other");
  EXPECT_EQ(parse_field("e@mail@$").field, "e@mail");
  EXPECT_EQ(parse_field("e@mail@$").text(), "e@mail");
  EXPECT_EQ(parse_field("@x").field, "@x");
}

TEST(VariableValues, AreNumbersWhereTheirPlainWritingIsTheText) {
  const auto number = [](const char* text) { return parse_variable("v", text)->number; };
  EXPECT_EQ(number("2.5"), 2.5);
  EXPECT_EQ(number("-1.5"), -1.5);
  EXPECT_EQ(number("0"), 0);
  EXPECT_EQ(number("100000"), 100000) << "shorter with an exponent, but nobody writes it so";
  EXPECT_EQ(number("20241231"), 20241231);
  for (const auto* text : {"01", "007", "-01", "1.50", "+1", "1e3", "1.", ".5", "-0", "12345678901234567890", "123456789012345",
                           "0.1234567890123456", "0.00001", "inf", "nan", "0x10", "\"2.5\"", "١٢"}) {
    EXPECT_TRUE(std::isnan(number(text))) << text;
  }
  EXPECT_EQ(parse_variable("v", "01")->text, "01");
  EXPECT_EQ(parse_variable("v", "\"2.5\"")->text, "2.5");
  EXPECT_EQ(parse_variable("v", "\" a \"")->text, " a ");
  EXPECT_EQ(parse_variable("v", "a, b")->text, "a, b") << "no list";
  EXPECT_EQ(parse_variable("v", "={\"x\"}")->text, "={\"x\"}");
  EXPECT_FALSE(parse_variable("v", "\"a"));
}

TEST(SelectionValues, WithLeadingZerosOrMoreDigitsThanNumbersHaveAreTexts) {
  EXPECT_EQ(one("01").kind, Wanted::text);
  EXPECT_EQ(one("-007").kind, Wanted::text);
  EXPECT_EQ(one("12345678901234567890").kind, Wanted::text);
  EXPECT_EQ(one("0.5").kind, Wanted::number);
  EXPECT_EQ(one("0").kind, Wanted::number);
  EXPECT_EQ(one("1.50").kind, Wanted::number);
}

TEST(LoopTerms, KeepTheZerosOfAVariablesValues) {
  const auto texts = [](const char* loop) {
    std::string all;
    const auto terms = parse_foreach(loop);
    for (const auto& value : terms->at(0).values) all += value.text + (std::isnan(value.number) ? "t " : " ");
    return all;
  };
  EXPECT_EQ(texts("variable(v; 01, 02, 10)"), "01t 02t 10 ");
  EXPECT_EQ(texts("variable(v; 08..11)"), "08t 09t 10 11 ");
  EXPECT_EQ(texts("variable(v; 8..11)"), "8 9 10 11 ");
  EXPECT_EQ(texts("variable(v; 12345678901234567890)"), "12345678901234567890t ");
}

TEST(LoopTerms, AreReadWithTheirProducts) {
  const auto terms =
      parse_foreach("field(Region) x field(\"Sales (net); x\"; only: 10..20, a) x variable(v; 1..3, \"4\", b) x bookmark(Q1*, b-2)");
  ASSERT_TRUE(terms) << terms.status().message();
  ASSERT_EQ(terms->size(), 4u);
  EXPECT_EQ(terms->at(0).field.field, "Region");
  EXPECT_EQ(terms->at(1).field.field, "Sales (net); x");
  EXPECT_EQ(terms->at(1).only.at(0).kind, Wanted::range);
  ASSERT_EQ(terms->at(2).values.size(), 5u);
  EXPECT_EQ(terms->at(2).values[2].number, 3);
  EXPECT_TRUE(std::isnan(terms->at(2).values[3].number)) << "quoted: a text";
  ASSERT_EQ(terms->at(3).globs.size(), 2u);
  EXPECT_EQ(terms->at(3).globs[0].text, "Q1*");
  EXPECT_TRUE(terms->at(3).globs[0].is_glob());
  EXPECT_EQ(parse_foreach("field(Sales (net))")->at(0).field.field, "Sales (net)");
}

TEST(LoopTerms, AreRefusedWithWhatWouldBeRight) {
  const auto refused = [](const std::string& text) {
    const auto terms = parse_foreach(text);
    return terms ? "" : terms.error().message();
  };
  EXPECT_THAT(refused("Region"), HasSubstr("write field(NAME)"));
  EXPECT_THAT(refused("field(Region"), HasSubstr("write field(NAME)"));
  EXPECT_THAT(refused("field()"), HasSubstr("write field(NAME)"));
  EXPECT_THAT(refused("field(A) field(B)"), HasSubstr("' x '"));
  EXPECT_THAT(refused("field(A) x field(A)"), HasSubstr("twice"));
  EXPECT_THAT(refused("field(A; North)"), HasSubstr("only:"));
  EXPECT_THAT(refused("variable(v)"), HasSubstr("which values"));
  EXPECT_THAT(refused("variable(v; 5..1)"), HasSubstr("LOW..HIGH"));
  EXPECT_THAT(refused("variable(v; North, South, North)"), AllOf(HasSubstr("'North'"), HasSubstr("so does")));
  EXPECT_THAT(refused("variable(v; 7, \"7\")"), AllOf(HasSubstr("'\"7\"': sets v to '7'"), HasSubstr("so does '7'")));
  EXPECT_THAT(refused("variable(v; 1..4, 3)"), AllOf(HasSubstr("'3': sets v to '3'"), HasSubstr("so does '1..4'")));
  EXPECT_THAT(refused("variable(смена; ночь, \"ночь\")"), HasSubstr("sets смена to 'ночь'"));
  EXPECT_EQ(refused("variable(v; 7, 07, a, A)"), "") << "these are different texts";
}

}  // namespace
}  // namespace qonduit::config

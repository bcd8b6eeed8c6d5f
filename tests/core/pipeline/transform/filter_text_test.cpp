#include "core/pipeline/transform/filter_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::pipeline::transform {
namespace {

using ::testing::HasSubstr;

// p is a predicate, & | ! combine what is before them.
std::string shape(std::string_view text) {
  const auto filter = parse_filter(text);
  if (!filter) return filter.error().message();
  std::string out;
  for (const auto& step : filter->steps)
    out += step.kind == StepKind::predicate ? "abc"[step.predicate] : "p&|!"[static_cast<int>(step.kind)];
  return out;
}

std::string error_of(std::string_view text) {
  const auto filter = parse_filter(text);
  return filter ? "no error" : filter.error().message();
}

TEST(FilterText, BindsNotBeforeAndBeforeOr) {
  EXPECT_EQ(shape("x = 1"), "a");
  EXPECT_EQ(shape("a=1 or b=1 and c=1"), "abc&|");
  EXPECT_EQ(shape("(a=1 or b=1) and c=1"), "ab|c&");
  EXPECT_EQ(shape("not a=1 and b=1"), "a!b&");
  EXPECT_EQ(shape("NOT (a=1 AND NOT b=1)"), "ab!&!");
  EXPECT_EQ(shape("a=1 or b=1 or c=1"), "ab|c|");
}

TEST(FilterText, ReadsNamesAndLiteralsAsWritten) {
  const auto filter = parse_filter(R"([Net ]] Sales] >= -1.5e3 and Größe not in ("say ""no""", 'it''s') and d<2024-01-31 and t = 23:59:59.5
    and [and] is not null and f != TRUE)");
  ASSERT_TRUE(filter) << filter.error().message();
  const auto& predicates = filter->predicates;
  ASSERT_EQ(predicates.size(), 6u);
  EXPECT_EQ(predicates[0].column, "Net ] Sales");
  EXPECT_EQ(predicates[0].compare, Compare::greater_equal);
  EXPECT_EQ(predicates[0].literals[0].text, "-1.5e3");
  EXPECT_EQ(predicates[0].literals[0].position, 19u);
  EXPECT_EQ(predicates[1].column, "Größe");
  EXPECT_EQ(predicates[1].compare, Compare::not_in);
  EXPECT_EQ(predicates[1].literals[0].text, "say \"no\"");
  EXPECT_EQ(predicates[1].literals[1].text, "it's");
  EXPECT_EQ(predicates[2].literals[0].kind, LiteralKind::moment);
  EXPECT_EQ(predicates[2].literals[0].text, "2024-01-31");
  EXPECT_EQ(predicates[3].literals[0].text, "23:59:59.5");
  EXPECT_EQ(predicates[4].column, "and");
  EXPECT_EQ(predicates[4].compare, Compare::is_not_null);
  EXPECT_EQ(predicates[5].literals[0].text, "true");
}

TEST(FilterText, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(error_of("Sales == 1"), "at character 7: '==' is written = here");
  EXPECT_EQ(error_of("a <> 1"), "at character 3: '<>' is written != here");
  EXPECT_EQ(error_of("a=1 && b=1"), "at character 5: '&&' is written and here");
  EXPECT_EQ(error_of("!a=1"), "at character 1: '!' is written not here");
  EXPECT_EQ(error_of("a = "), "at character 5: expected a value, not the end");
  EXPECT_EQ(error_of(""), "at character 1: expected a column, not the end");
  EXPECT_EQ(error_of("Region = North"), "at character 10: expected a value (a text is written \"North\"), not 'North'");
  EXPECT_EQ(error_of("Net Sales > 1"), "at character 5: expected a comparison (a name with blanks is written [Net Sales]), not 'Sales'");
  EXPECT_EQ(error_of("a = null"), "at character 5: nothing equals null: write is null or is not null");
  EXPECT_EQ(error_of("(a=1 or b=1"), "at character 12: the parenthesis of character 1 is not closed");
  EXPECT_EQ(error_of("a = \"x"), "at character 5: the text is not closed: '\"' is missing");
  EXPECT_EQ(error_of("[a = 1"), "at character 1: the column's name is not closed: ']' is missing");
  EXPECT_EQ(error_of("a in 1"), "at character 6: expected '(' and the values, not '1'");
  EXPECT_EQ(error_of("a in (1 2)"), "at character 9: expected ',' or ')', not '2'");
  EXPECT_EQ(error_of("a in ()"), "at character 7: expected a value, not ')'");
  EXPECT_EQ(error_of("a = 1 b = 2"), "at character 7: expected and, or, or the end, not 'b'");
  EXPECT_EQ(error_of("a is 1"), "at character 6: expected null, not '1'");
  EXPECT_EQ(error_of("a not 1"), "at character 7: expected in, not '1'");
  EXPECT_EQ(error_of("\"a\" = 1"), "at character 1: expected a column (its name is written without quotes, or in [ ]), not 'a'");
  EXPECT_EQ(error_of("in = 1"), "at character 1: expected a column (one of that name is written [in]), not 'in'");
  EXPECT_THAT(error_of("a ; 1"), HasSubstr("';' has no meaning here"));
  EXPECT_THAT(error_of(std::string(100, '(') + "a=1" + std::string(100, ')')), HasSubstr("nested deeper than 64"));
  EXPECT_EQ(error_of("a=1 and a=1 and a=1 and a=1 or " + std::string(60, '(') + "a=1" + std::string(60, ')')), "no error");
}

}  // namespace
}  // namespace qonduit::pipeline::transform

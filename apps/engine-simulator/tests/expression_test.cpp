#include "expression/expression.hpp"

#include <gtest/gtest.h>

namespace qonduit::simulator {
namespace {

// Evaluates with every aggregation and bare field worth 6.
double value(const std::string& source) {
  const Parsed parsed = parse_expression(source);
  EXPECT_TRUE(parsed.expression) << source << ": " << parsed.error;
  if (!parsed.expression) return kNaN;
  return evaluate(*parsed.expression, Locale{}, [](const Expression&) { return Value{6, {}, false}; }).number;
}

TEST(Expression, FollowsPrecedenceAndParentheses) {
  EXPECT_EQ(value("=1+2*3"), 7);
  EXPECT_EQ(value("(1+2)*3"), 9);
  EXPECT_EQ(value("-2*-3"), 6);
  EXPECT_EQ(value("10-4-3"), 3);
  EXPECT_EQ(value("12/2/3"), 2);
  EXPECT_EQ(value(".5e1"), 5);
}

TEST(Expression, ReadsFieldsInBracketsQuotesAndBare) {
  const Parsed parsed = parse_expression("Sum([Line Sales]) + Max(\"Unit]Price\") / Count(distinct OrderID) - Región");
  ASSERT_TRUE(parsed.expression) << parsed.error;
  std::vector<std::string> fields;
  collect_fields(*parsed.expression, fields);
  EXPECT_EQ(fields, (std::vector<std::string>{"Line Sales", "Unit]Price", "OrderID", "Región"}));
  std::vector<const Expression*> aggregates;
  collect_aggregates(*parsed.expression, aggregates);
  ASSERT_EQ(aggregates.size(), 4U);
  EXPECT_TRUE(aggregates[2]->distinct);
  EXPECT_EQ(aggregates[3]->kind, Expression::Kind::field) << "a bare field is an Only()";
}

TEST(Expression, ComparesAndChooses) {
  EXPECT_EQ(value("Sum(A)=6"), -1) << "true is -1";
  EXPECT_EQ(value("1>2"), 0);
  EXPECT_EQ(value("If(Sum(A)>=6, 1, 2)"), 1);
  EXPECT_TRUE(std::isnan(value("If(0, 1)")));
  EXPECT_TRUE(std::isnan(value("1/0")));
}

TEST(Expression, JoinsTexts) {
  const Parsed parsed = parse_expression("'it''s ' & Sum(A)");
  ASSERT_TRUE(parsed.expression);
  EXPECT_EQ(evaluate(*parsed.expression, Locale{}, [](const Expression&) { return Value{2.5, {}, false}; }).text, "it's 2.5");
}

TEST(Expression, SaysWhatIsWrong) {
  for (const char* source : {"", "Sum(", "Sum(A", "1+", "Foo(A)", "Sum(Sum(A))", "[A", "1 2", "Sum()"}) {
    const Parsed parsed = parse_expression(source);
    EXPECT_FALSE(parsed.expression) << source;
    EXPECT_FALSE(parsed.error.empty()) << source;
  }
}

}  // namespace
}  // namespace qonduit::simulator

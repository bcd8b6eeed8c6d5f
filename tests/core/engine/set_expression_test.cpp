// The names in set expressions, as Qlik's help writes them.
#include "core/engine/set_expression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SetNames, OfModifiersAreTheFieldsLeftOfTheirSigns) {
  EXPECT_THAT(names_in_sets("Sum({<Yaer={2024}>} Amount)").fields, ElementsAre("Yaer"));
  EXPECT_THAT(names_in_sets("Sum({$<[Order Date]={\">=45292\"}, Region-={'North','South'}, \"Größe\"+={L}>} Amount)").fields,
              ElementsAre("Order Date", "Region", "Größe"));
  EXPECT_THAT(names_in_sets("Sum({<Год={2024}, 产品=>} Сумма) / Count({<Год>} 产品)").fields, ElementsAre("Год", "产品"));
  EXPECT_THAT(names_in_sets("{<Stadt={Köln}>} Sum(Umsatz)").fields, ElementsAre("Stadt")) << "in front of the aggregation";
}

TEST(SetNames, OfModifiersAreTheFieldsValuesComeFromToo) {
  const auto names = names_in_sets("Sum({<Year=Fiscal, Customer=P({1<Region={North}>} Buyer), Shop=E({Pinned}), Day=Other::Month>} X)");
  EXPECT_THAT(names.fields, ElementsAre("Year", "Fiscal", "Customer", "Region", "Buyer", "Shop", "Day", "Month"));
  EXPECT_THAT(names.identifiers, ElementsAre("Pinned", "Other"));
}

TEST(SetNames, OfIdentifiersAreThoseOfBookmarksAndStates) {
  EXPECT_THAT(names_in_sets("Sum({Nobookmark} Amount)").identifiers, ElementsAre("Nobookmark"));
  EXPECT_THAT(names_in_sets("Sum({[My State]<Year={2024}>} A) - Sum({\"Закладка 1\"} A)").identifiers,
              ElementsAre("My State", "Закладка 1"));
  EXPECT_THAT(names_in_sets("Sum({(BM01 + 收藏) * $ - (1 / BM01)} A)").identifiers, ElementsAre("BM01", "收藏"));
}

TEST(SetNames, OfTheEnginesOwnSetsAreNone) {
  for (const auto* expression : {"Sum({1} A)", "Sum({$} A)", "Sum({$1} A)", "Sum({$_2} A)", "Sum({1-$} A)", "Sum(A)", "", "{"})
    EXPECT_THAT(names_in_sets(expression).identifiers, IsEmpty()) << expression;
}

TEST(SetNames, AreNotLookedForInTextsCommentsValuesAndSearches) {
  const auto names = names_in_sets(
      "If(A = '{<X={1}>}', /* {B} */ [a {C} b], Sum({<Region={'O''Brien, {D}', \"=Sum({<E={1}>} F) > 5\"}>} G)) // {H}\n + Count({I} J)");
  EXPECT_THAT(names.fields, ElementsAre("Region"));
  EXPECT_THAT(names.identifiers, ElementsAre("I"));
}

TEST(SetNames, OfWhatBreaksOffAreThoseBeforeTheBreak) {
  for (const auto* expression : {"Sum({<Year={2024", "Sum({<Year=", "Sum({<Year=P({<", "Sum({<Year={'20", "Sum({<Year"})
    EXPECT_THAT(names_in_sets(expression).fields, ElementsAre("Year")) << expression;
}

TEST(SetNames, SearchesAreExpressions) {
  const auto names = names_in_sets(
      "Sum({<City={\"=Sum(Amount)>10\", \" = Max([Цена])=\"\"x\"\"\"}, Shop=P({<Region={\"=Count(X)\"}>} Shop), "
      "Y={\">=2024\",'=no',\"=\"}>} Z)");
  EXPECT_THAT(names.searches, ElementsAre("Sum(Amount)>10", " Max([Цена])=\"x\"", "Count(X)", ""));
}

}  // namespace
}  // namespace qonduit::engine

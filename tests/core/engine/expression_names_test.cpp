// The places names stand in, as Qlik's help writes expressions.
#include "core/engine/expression_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names_at(Place place, std::string_view expression) {
  std::vector<std::string> found;
  for (auto& name : names_in(expression)) {
    if (name.place == place) found.push_back(std::move(name.name));
  }
  return found;
}

TEST(ExpressionNames, StandInAggregationsOrOutside) {
  const auto* const expression = "Sum(Amount * (1 - [Rabatt %])) / count(distinct \"Заказ\") + [Net] - RangeSum(A, B) + Rank(C)";
  EXPECT_THAT(names_at(Place::aggregated, expression), ElementsAre("Amount", "Rabatt %", "Заказ"));
  EXPECT_THAT(names_at(Place::plain, expression), ElementsAre("Net", "A", "B", "C"));
  EXPECT_THAT(names_at(Place::aggregated, "Sum(If(Region = vRegion, 金额)) + TTest_t(Gruppe, Wert)"),
              ElementsAre("Region", "vRegion", "金额", "Gruppe", "Wert"));
}

TEST(ExpressionNames, StandInAggr) {
  const auto* const expression = "Avg(Aggr([Umsatz] + Sum(Preis), Stadt)) + Max(X)";
  EXPECT_THAT(names_at(Place::nested, expression), ElementsAre("Umsatz", "Stadt"));
  EXPECT_THAT(names_at(Place::aggregated, expression), ElementsAre("Preis", "X"));
}

TEST(ExpressionNames, StandInTotal) {
  const auto* const expression = "Sum(TOTAL <Ort, [Order Date]> Amount) / Sum(total Amount) < Sum(A)";
  EXPECT_THAT(names_at(Place::grouped, expression), ElementsAre("Ort", "Order Date"));
  EXPECT_THAT(names_at(Place::aggregated, expression), ElementsAre("Amount", "A"));
}

TEST(ExpressionNames, AreTextsWhereAFunctionTakesAFieldsName) {
  const auto* const expression = "FieldValue ( 'Città', 1) & FieldIndex('Jour d''achat', 'Lun') & fieldvaluecount('金额') & Upper('Net')";
  EXPECT_THAT(names_at(Place::grouped, expression), ElementsAre("Città", "Jour d'achat", "金额"));
  EXPECT_THAT(names_in("FieldValue('Ci' & 'tta', 1) & FieldValue('', 1) & FieldValue('a"), IsEmpty());
  EXPECT_THAT(names_at(Place::plain, "FieldValue(vField, 1)"), ElementsAre("vField"));
}

TEST(ExpressionNames, AreNoNumbersTextsWordsCommentsAndSets) {
  EXPECT_THAT(names_in("2024 + .5 & 'Net' /* Net */ // Net"), IsEmpty());
  EXPECT_THAT(names_at(Place::aggregated, "Sum({<Net={\"=Sum(B)>1\"}> + {}} DISTINCT 2 * A and not Total)"), ElementsAre("A"));
  for (const auto* broken : {"", "(", ")))A", "Sum(", "Sum(TOTAL <", "{", "[", "Sum({<A"}) static_cast<void>(names_in(broken));
  EXPECT_THAT(names_at(Place::plain, ")))A"), ElementsAre("A"));
}

TEST(ExpressionNames, TellWhetherSomethingIsAggregated) {
  EXPECT_TRUE(aggregates("1 + sum (X)"));
  EXPECT_FALSE(aggregates("Amount * 2 + RangeSum(X) & 'Sum(X)'"));
}

}  // namespace
}  // namespace qonduit::engine

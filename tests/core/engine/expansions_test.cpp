// What $(...) names, as Qlik's help writes it.
#include "core/engine/expansions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Expansions, NameVariables) {
  EXPECT_THAT(expansions_in("Sum($(vField)) * $( vКурс ) + $(vField)").variables, ElementsAre("vField", "vКурс"));
  EXPECT_THAT(expansions_in("$(v$(vYear))").variables, ElementsAre("v$(vYear)", "vYear"));
  EXPECT_THAT(expansions_in("$(vTax(1, (2)))+$(#vRate)").variables, ElementsAre("vTax(1, (2))", "#vRate"));
  EXPECT_THAT(expansions_in("Sum(Amount)").variables, IsEmpty());
  for (const auto* none : {"$()", "$( )", "$(vOpen", "$", "(vRate)"}) EXPECT_THAT(expansions_in(none).variables, IsEmpty()) << none;
}

TEST(Expansions, AreFoundInTextsNamesAndSearchesAndNotInComments) {
  EXPECT_THAT(expansions_in("'a $(vA)'&[$(vB)]&Sum({<X={\">$(vC)\"}>} Y) /* $(vNo) */ // $(vNo)").variables, ElementsAre("vA", "vB", "vC"));
  EXPECT_THAT(expansions_in("'http://x'&$(vA)").variables, ElementsAre("vA")) << "no comment in a text";
  EXPECT_THAT(expansions_in("'it''s // '&$(vA)").variables, ElementsAre("vA"));
}

TEST(Expansions, HoldExpressions) {
  const auto found = expansions_in("Sum({<Year={$(=Max(Year)-$(vBack))}, City={$(= Only([Ort (neu]) )}>} Amount)&$(=')'&X)");
  EXPECT_THAT(found.expressions, ElementsAre("Max(Year)-$(vBack)", "Only([Ort (neu])", "')'&X"));
  EXPECT_THAT(found.variables, ElementsAre("vBack"));
}

TEST(Expansions, TellTheNameOfTheVariable) {
  EXPECT_EQ(variable_of("vTax(1, 2)"), "vTax");
  EXPECT_EQ(variable_of("#v Rate "), "v Rate");
  EXPECT_EQ(variable_of("&变量"), "变量");
  EXPECT_EQ(variable_of("Include=rates.txt"), "") << "a file";
}

}  // namespace
}  // namespace qonduit::engine

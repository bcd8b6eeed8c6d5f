#include "core/recording/listed_values.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace qonduit::recording {
namespace {

std::string listing(const std::string& field, const std::string& state) {
  return R"({"qInfo":{"qType":"x"},"qListObjectDef":{)" + (state.empty() ? "" : "\"qStateName\":\"" + state + "\",") +
         R"("qDef":{"qFieldDefs":[")" + field + "\"]}}}";
}

TEST(ListedValues, KeepsTheValuesOfTheFieldsItWasTold) {
  ListedValues values;
  values.keep("Πόλη]");
  values.made("session:1", listing("[Πόλη]]]", "Άλλη"));
  values.made("session:2", listing("[Έτος]", ""));
  values.page("session:1",
              R"({"qMatrix":[[{"qText":"Βόλος","qNum":"NaN","qElemNumber":7}],[{"qText":"2.5","qNum":2.5,"qElemNumber":1}]]})");
  values.page("session:1", R"({"qMatrix":[[{"qElemNumber":2}],[{"qText":"Βόλος","qNum":"NaN","qElemNumber":7}]]})");
  values.page("session:2", R"({"qMatrix":[[{"qText":"2024","qNum":2024,"qElemNumber":0}]]})");
  const auto found = values.of("Πόλη]", "Άλλη");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].text, "2.5");
  EXPECT_EQ(found[0].number, 2.5);
  EXPECT_EQ(found[1].text, "") << "an engine leaves an empty text out";
  EXPECT_EQ(found[2].text, "Βόλος");
  EXPECT_TRUE(std::isnan(found[2].number));
  EXPECT_TRUE(values.of("Πόλη]", "$").empty());
  EXPECT_TRUE(values.of("Έτος", "$").empty()) << "nobody asked for it";
}

TEST(ListedValues, TakesAListWithoutAStateForOneInTheDefaultState) {
  ListedValues values;
  values.keep("Έτος");
  values.made("session:1", listing("Έτος", ""));
  values.page("session:1", R"({"qMatrix":[[{"qText":"2024","qNum":2024,"qElemNumber":0}]]})");
  EXPECT_EQ(values.of("Έτος", "$").size(), 1u);
}

}  // namespace
}  // namespace qonduit::recording

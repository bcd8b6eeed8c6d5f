// Layouts of sheets and containers written by hand, after the protocol and after layouts seen in public code.
#include "core/engine/nesting.hpp"

#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>

namespace qonduit::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Sight = ObjectRef::Sight;

Poco::JSON::Object::Ptr parse(const std::string& json) { return Poco::JSON::Parser().parse(json).extract<Poco::JSON::Object::Ptr>(); }

std::vector<std::string> ids(const std::vector<Part>& parts) {
  std::vector<std::string> all;
  for (const auto& part : parts) all.push_back(part.id);
  return all;
}

bool shown(const Part& part) {
  return part.sight == Sight::visible &&
         std::all_of(part.conditions.begin(), part.conditions.end(), [](const Condition& condition) { return condition.holds; });
}

Condition condition(const std::string& json) { return condition_in(parse("{\"c\":" + json + "}"), "c"); }

TEST(Conditions, AreTruthValuesNumbersAndTextsOfThem) {
  for (const auto* holds : {"true", "1", "-1", "0.5", R"("")", R"("  ")", R"("1")", R"("-1")", R"("true")", R"("True")", "null", "{}"}) {
    EXPECT_TRUE(condition(holds).holds) << holds;
    EXPECT_THAT(condition(holds).expression, IsEmpty()) << holds;
  }
  for (const auto* fails : {"false", "0", "0.0", R"("0")", R"(" 0 ")", R"("false")", R"("FALSE")", R"("-")"}) {
    EXPECT_FALSE(condition(fails).holds) << fails;
  }
}

TEST(Conditions, AreExpressionsWhereNobodyHasEvaluatedThem) {
  for (const auto* raw :
       {R"x("=Sum(Amount)>5")x", R"x({"qStringExpression":"=Sum(Amount)>5"})x", R"x({"qStringExpression":{"qExpr":"=Sum(Amount)>5"}})x",
        R"x({"qValueExpression":{"qExpr":"=Sum(Amount)>5"}})x"}) {
    EXPECT_EQ(condition(raw).expression, "=Sum(Amount)>5") << raw;
  }
  EXPECT_TRUE(condition(R"({"qStringExpression":{"qExpr":""}})").holds);
  EXPECT_FALSE(condition(R"({"qStringExpression":"0"})").holds);
}

TEST(Sheets, PlaceObjectsByRowAndColumnThenThoseWithoutACell) {
  const auto parts = parts_of_sheet(parse(R"({
    "cells":[{"name":"c","type":"table","row":6,"col":0},{"name":"b","type":"kpi","row":0,"col":12},{"name":"a","type":"barchart","row":0,"col":0},
             {"name":"a","type":"barchart","row":9,"col":9},{"name":"","type":"kpi"}],
    "qChildList":{"qItems":[{"qInfo":{"qId":"late","qType":"listbox"},"qMeta":{"title":"Late"},"qData":{}},
                            {"qInfo":{"qId":"b","qType":"kpi"},"qData":{"title":"Sales","showCondition":"0"}}]}})"));
  EXPECT_THAT(ids(parts), ElementsAre("a", "b", "c", "late"));
  EXPECT_EQ(parts[1].title, "Sales");
  EXPECT_FALSE(shown(parts[1]));
  EXPECT_EQ(parts[3].title, "Late");
}

// As a container of public code looks: a master visualization by qExtendsId, an object of its own by containerChildId.
TEST(Containers, JoinTheirTabsWithTheirChildren) {
  const auto parts = parts_of_container(parse(R"({
    "children":[{"refId":"700c5c46","label":"Second in the list","isMaster":true,"cId":"LpPpcBz"},
                {"refId":"GmJHVvD","label":"Pie","isMaster":false,"cId":"JyrDhv","condition":"0"}],
    "qChildList":{"qItems":[
      {"qInfo":{"qId":"0c691b1e","qType":"piechart"},"qData":{"title":"","visualization":"piechart","containerChildId":"GmJHVvD","qExtendsId":"","showCondition":""}},
      {"qInfo":{"qId":"a21c88de","qType":"sn-bullet-chart"},"qData":{"title":"Bullets","visualization":"sn-bullet-chart","containerChildId":"","qExtendsId":"700c5c46","showCondition":""}}]}})"));
  ASSERT_THAT(ids(parts), ElementsAre("a21c88de", "0c691b1e"));
  EXPECT_EQ(parts[0].title, "Bullets");
  EXPECT_TRUE(shown(parts[0]));
  EXPECT_EQ(parts[1].title, "Pie") << "an object without a title is called as its tab";
  EXPECT_FALSE(shown(parts[1]));
}

TEST(Containers, OfTabsAndOfLayoutsNameTheirObjectsByChildRefId) {
  const auto parts = parts_of_container(parse(R"({
    "objects":[{"childRefId":"t2","label":"Two"},{"childRefId":"t1","label":"One","condition":{"qStringExpression":{"qExpr":"=1=0"}}}],
    "qChildList":{"qItems":[{"qInfo":{"qId":"x1","qType":"table"},"qData":{"childRefId":"t1"}},
                            {"qInfo":{"qId":"x2","qType":"kpi"},"qData":{"childRefId":"t2"}}]}})"));
  ASSERT_THAT(ids(parts), ElementsAre("x2", "x1"));
  EXPECT_EQ(parts[1].conditions.back().expression, "=1=0");
}

TEST(Containers, KeepWhatHasNoTabAndWhatATabNamesInVain) {
  const auto parts = parts_of_container(parse(R"({
    "children":[{"refId":"elsewhere","label":"Of another app","externalReference":{"app":"other"}}],
    "qChildList":{"qItems":[{"qInfo":{"qId":"orphan","qType":"kpi"},"qData":{"containerChildId":"gone"}}]}})"));
  ASSERT_THAT(ids(parts), ElementsAre("elsewhere", "orphan"));
  EXPECT_EQ(parts[0].sight, Sight::missing);
  EXPECT_EQ(parts[0].title, "Of another app");
  EXPECT_EQ(parts[1].sight, Sight::hidden);
}

TEST(FilterPanes, HoldTheirListBoxesInOrder) {
  const auto parts = parts_of_container(parse(
      R"({"qChildList":{"qItems":[{"qInfo":{"qId":"l2","qType":"listbox"},"qData":{}},{"qInfo":{"qId":"l1","qType":"listbox"},"qData":{}}]}})"));
  EXPECT_THAT(ids(parts), ElementsAre("l2", "l1"));
  EXPECT_THAT(parts_of_container(parse("{}")), IsEmpty());
}

TEST(Containers, AreKnownByTheirType) {
  for (const auto* type : {"container", "sn-tabbed-container", "sn-layout-container", "filterpane", "sn-filter-pane"}) {
    EXPECT_TRUE(is_container(type)) << type;
  }
  for (const auto* type : {"table", "listbox", "masterobject", ""}) EXPECT_FALSE(is_container(type)) << type;
}

}  // namespace
}  // namespace qonduit::engine

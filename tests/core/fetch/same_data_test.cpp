// Layouts of two looks at an object: what is only shown may differ, what decides the data may not.
#include "core/fetch/same_data.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace qonduit::fetch {
namespace {

// A table and a list in one layout, with a place for everything that is looked at.
const std::string kLayout =
    R"j({"qInfo":{"qId":"x","qType":"table"},"title":"Stand 06:00:01","subtitle":"s","footnote":"f","visualization":"table","qStateName":"A",
      "qMeta":{"title":"t"},"a":[{"qHyperCube":{"qMode":"S","qSize":{"qcx":2,"qcy":1},"qTitle":"ct","qColumnOrder":[1,0],"columnOrder":[0,1],
      "qDimensionInfo":[{"qFallbackTitle":"День","qGroupFallbackTitles":["День"],"cId":"c1","customLabel":"l","qTags":["$text"],"qGroupPos":0,
        "qAttrExprInfo":[{"id":"color","qFallbackTitle":"ae","qMin":1,"qMax":2}],"qAttrDimInfo":[{"id":"d","qFallbackTitle":"ad","qCardinal":3}]}],
      "qMeasureInfo":[{"qFallbackTitle":"Umsatz","qMin":5,"qMax":7.5,"qNumFormat":{"qType":"M"},"qMiniChart":{"n":1}}],
      "qGrandTotalRow":[{"qText":"gt","qNum":12.5,"qElemNumber":-1}],
      "qDataPages":[{"qMatrix":[[{"qText":"Mo","qNum":"NaN","qElemNumber":0,"qState":"O","qAttrExps":{"qValues":[{"qText":"red","qNum":1}]}},
        {"qText":"5 kr","qNum":5,"qElemNumber":0}],[{"qText":"Rest","qElemNumber":-3},{"qText":"9","qNum":9}]],"qArea":{"qTop":0}}]}}],
      "qListObject":{"qSize":{"qcx":1,"qcy":3},"frequencyEnabled":true,"title":"lt","qDimensionInfo":{"qFallbackTitle":"地域","qCardinal":3}},
      "p":{"qHyperCube":{"qMode":"P","qSize":{"qcx":1,"qcy":1},"qDimensionInfo":[],"qMeasureInfo":[],"qPivotDataPages":[{
        "qLeft":[{"qText":"Norr","qElemNo":4,"qType":"N","qSubNodes":[{"qText":"Netto 06:00","qElemNo":0,"qType":"P"}]},{"qText":"Totalt","qElemNo":-1,"qType":"T"}],
        "qData":[[{"qText":"77","qNum":77,"qLabel":"pl"}]]}]}}})j";

std::string with(const std::string& old_text, const std::string& new_text) {
  auto layout = kLayout;
  const auto at = layout.find(old_text);
  EXPECT_NE(at, std::string::npos) << old_text;
  return layout.replace(at, old_text.size(), new_text);
}

using Change = std::pair<const char*, const char*>;

TEST(SameData, DoesNotCareForTitlesAndLabels) {
  for (const auto& [was, is] : {Change{"Stand 06:00:01", "Stand 06:00:02"},
                                {R"("subtitle":"s")", R"("subtitle":"t")"},
                                {R"(,"footnote":"f")", ""},
                                {R"("qMeta":{"title":"t"})", R"("qMeta":{"title":"u"})"},
                                {R"("qTitle":"ct")", R"("qTitle":"cu")"},
                                {"\"qFallbackTitle\":\"День\"", "\"qFallbackTitle\":\"День 2\""},
                                {"[\"День\"]", "[\"День 3\"]"},
                                {R"("customLabel":"l")", R"("customLabel":"m")"},
                                {"Umsatz", "Umsatz um 06:00:02"},
                                {R"("qMiniChart":{"n":1})", R"("qMiniChart":{"n":2})"},
                                {R"("qText":"gt")", R"("qText":"gu")"},
                                {R"("qText":"Rest")", R"("qText":"Rest 06:00")"},
                                {"地域", "地域 6時"},
                                {R"("title":"lt")", R"("title":"lu")"},
                                {"Netto 06:00", "Netto 06:01"},
                                {"Totalt", "Totalt 06:01"},
                                {R"("qLabel":"pl")", R"("qLabel":"pm")"},
                                {R"("qFallbackTitle":"ae")", R"("qFallbackTitle":"af")"},
                                {R"("qFallbackTitle":"ad")", R"("qFallbackTitle":"ae")"}}) {
    EXPECT_TRUE(same_data(kLayout, with(was, is), Beside::delivered).ok()) << was;
  }
}

TEST(SameData, NamesWhatDecidesTheDataAndMoved) {
  const std::vector<std::pair<Change, const char*>> changes = {
      {{R"("qcy":1})", R"("qcy":2})"}, "/a/0/qHyperCube/qSize/qcy"},
      {{R"("qColumnOrder":[1,0])", R"("qColumnOrder":[0,1])"}, "/a/0/qHyperCube/qColumnOrder/0"},
      {{R"("columnOrder":[0,1])", R"("columnOrder":[1,0])"}, "/columnOrder/0"},
      {{R"("cId":"c1")", R"("cId":"c2")"}, "/qDimensionInfo/0/cId"},
      {{R"(["$text"])", R"(["$text","$ascii"])"}, "/qDimensionInfo/0/qTags"},
      {{R"("qGroupPos":0)", R"("qGroupPos":1)"}, "/qGroupPos"},
      {{R"("qMax":7.5)", R"("qMax":7.25)"}, "/qMeasureInfo/0/qMax"},
      {{R"("qNum":12.5)", R"("qNum":13.5)"}, "/qGrandTotalRow/0/qNum"},
      {{R"("qText":"Mo")", R"("qText":"Di")"}, "/qDataPages/0/qMatrix/0/0/qText"},
      {{R"("qText":"9","qNum":9)", R"("qText":"8","qNum":8)"}, "/qMatrix/1/1/qText"},
      {{R"("qcx":2,)", R"("qcx":2,"new":1,)"}, "/qSize/new"},
      {{R"("frequencyEnabled":true)", R"("frequencyEnabled":false)"}, "/qListObject/frequencyEnabled"},
      {{R"("qCardinal":3}})", R"("qCardinal":4}})"}, "/qListObject/qDimensionInfo/qCardinal"},
      {{"Norr", "Syd"}, "/p/qHyperCube/qPivotDataPages/0/qLeft/0/qText"},
      {{R"("qNum":77)", R"("qNum":78)"}, "/qData/0/0/qNum"},
      {{R"("qStateName":"A")", R"("qStateName":"B")"}, "/qStateName"},
      {{R"("qHyperCube":{"qMode":"S")", R"("qError":{"qErrorCode":1},"qHyperCube":{"qMode":"K")"}, "/qHyperCube/qMode"},
      {{R"("qListObject":)", R"("wasAList":)"}, "its layout"}};
  for (const auto& [change, what] : changes) {
    const auto status = same_data(kLayout, with(change.first, change.second), Beside::delivered);
    EXPECT_EQ(status.code(), Code::inconsistent) << change.second;
    EXPECT_NE(status.message().find(what), std::string::npos) << status.message();
  }
}

TEST(SameData, CountsColoursOnlyWhereTheyAreDelivered) {
  for (const auto& [was, is] : {Change{R"("qText":"red","qNum":1)", R"("qText":"blue","qNum":2)"},
                                {R"("qMin":1,"qMax":2)", R"("qMin":1,"qMax":3)"},
                                {R"("id":"d","qFallbackTitle":"ad","qCardinal":3)", R"("id":"d","qFallbackTitle":"ad","qCardinal":4)"}}) {
    EXPECT_TRUE(same_data(kLayout, with(was, is), Beside::shown).ok()) << was;
    EXPECT_FALSE(same_data(kLayout, with(was, is), Beside::delivered).ok()) << was;
  }
}

// Labels that say the time are new to all columns; one that was another column's tells that the columns were moved.
TEST(SameData, TakesALabelThatWasAnotherColumnsForAChange) {
  const auto cube = [](const std::string& first, const std::string& second) {
    return R"({"qHyperCube":{"qMeasureInfo":[{"qFallbackTitle":")" + first + R"("},{"qFallbackTitle":")" + second + R"("}]}})";
  };
  EXPECT_TRUE(same_data(cube("Нетто 1", "Брутто 1"), cube("Нетто 2", "Брутто 2"), Beside::shown).ok());
  EXPECT_TRUE(same_data(cube("Net", "Net"), cube("Net", "Net 2"), Beside::shown).ok());
  EXPECT_FALSE(same_data(cube("Нетто", "Брутто"), cube("Брутто", "Нетто"), Beside::shown).ok());
  EXPECT_FALSE(same_data(cube("Net", "Gross"), cube("Gross", "Cost"), Beside::shown).ok());
}

TEST(SameData, ComparesALayoutWithoutDataWhole) {
  EXPECT_TRUE(same_data(R"({"title":"a"})", R"({"title":"a"})", Beside::shown).ok());
  EXPECT_FALSE(same_data(R"({"title":"a"})", R"({"title":"b"})", Beside::shown).ok());
  EXPECT_FALSE(same_data("no json", "none either", Beside::shown).ok());
}

}  // namespace
}  // namespace qonduit::fetch

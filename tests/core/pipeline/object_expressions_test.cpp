#include "core/pipeline/object_expressions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> told(const std::string& layout, const std::string& properties, bool attributes = true) {
  const auto found = read_object_expressions(layout, properties, attributes);
  EXPECT_TRUE(found) << found.status().message();
  std::vector<std::string> lines;
  for (const auto& one : *found)
    lines.push_back(one.what + (one.field ? " field " : " = ") + one.expression + (one.library.empty() ? "" : "of " + one.library));
  return lines;
}

TEST(ObjectExpressions, AreThoseOfMeasuresUnderTheTitlesOfTheLayout) {
  const auto lines =
      told(R"j({"qHyperCube":{"qMeasureInfo":[{"qFallbackTitle":"Umsatz 2024"},{"qFallbackTitle":"Выручка"},{"qFallbackTitle":"売上"}]}})j",
           R"j({"qHyperCubeDef":{"qMeasures":[{"qDef":{"qLabel":"='Umsatz ' & vJahr","qDef":"=Sum(Umsatz)"}},
          {"qLibraryId":"m1","qDef":{}},{"qDef":{"qDef":" Sum(売上)"}}]}})j");
  EXPECT_THAT(lines, ElementsAre("measure 'Umsatz 2024' = Sum(Umsatz)", "measure 'Выручка' = of m1", "measure '売上' = Sum(売上)"));
}

TEST(ObjectExpressions, AreFieldsOrCalculatedDimensionsAndThoseOfMasterDimensionsAsTheLayoutHasThem) {
  const auto lines = told(
      R"j({"qHyperCube":{"qDimensionInfo":[{"qFallbackTitle":"Region"},{"qFallbackTitle":"Year","qGroupFieldDefs":["=Year([Order Date])"]},
          {"qFallbackTitle":"Waar","qGroupFieldDefs":["Land","[Stad of dorp]"]}]}})j",
      R"j({"qHyperCubeDef":{"qDimensions":[{"qDef":{"qFieldDefs":["Region"]}},{"qDef":{"qFieldDefs":["=Year([Order Date])"]}},
          {"qLibraryId":"d1"}]}})j");
  EXPECT_THAT(lines, ElementsAre("dimension 'Region' field [Region]", "dimension 'Year' = Year([Order Date])",
                                 "dimension 'Waar' field [Land]", "dimension 'Waar' field [Stad of dorp]"));
}

TEST(ObjectExpressions, KnowTheLabelsOfTheOtherMeasures) {
  const auto found = read_object_expressions(
      R"j({"qHyperCube":{"qMeasureInfo":[{"qFallbackTitle":"A"},{"qFallbackTitle":"N"},{"qFallbackTitle":"Ø"}]}})j",
      R"j({"qHyperCubeDef":{"qMeasures":[{"qDef":{"qDef":"Sum(X)"}},{"qDef":{"qDef":"Count(X)"}},{"qDef":{"qDef":"A/N"}}]}})j", false);
  ASSERT_TRUE(found);
  EXPECT_THAT((*found)[2].labels, ElementsAre("A", "N"));
  EXPECT_THAT((*found)[0].labels, ElementsAre("N", "Ø")) << "none is its own value";
}

TEST(ObjectExpressions, OfWhatIsNotDeliveredAreLeftOut) {
  EXPECT_THAT(told(R"j({"qHyperCube":{"qMeasureInfo":[{"qFallbackTitle":"Hidden","qError":{"qErrorCode":7005}}],
                       "qDimensionInfo":[{"qFallbackTitle":"Gone","qError":{"qErrorCode":7005}}]}})j",
                   R"j({"qHyperCubeDef":{"qMeasures":[{"qDef":{"qDef":"Sum(Nope)"}}],"qDimensions":[{"qDef":{"qFieldDefs":["Nope"]}}],
                       "qLayoutExclude":{
  "qHyperCubeDef" : { "qMeasures" : [ {"qDef" : {"qDef" : "Sum(Aside)"}} ] }}}})j"),
              IsEmpty());
}

TEST(ObjectExpressions, AreFoundInEveryCubeAndList) {
  const auto lines = told(
      R"j({"layers":[{},{"qHyperCube":{"qMeasureInfo":[{"qFallbackTitle":"Dichte"}]}}],"qListObject":{"qDimensionInfo":{"qFallbackTitle":"Город"}}})j",
      R"j({"layers":[{"qHyperCubeDef":{"qMeasures":[{"qDef":{"qDef":"Count(Ort)"}}]}},{"qHyperCubeDef":{"qMeasures":[{"qDef":{"qDef":"Avg(D)"}}]}}],
          "qListObjectDef":{
  "qDef" : { "qFieldDefs" : ["Город"] }}})j");
  EXPECT_THAT(lines, ElementsAre("measure 'Count(Ort)' = Count(Ort)", "measure 'Dichte' = Avg(D)", "dimension 'Город' field [Город]"));
}

TEST(ObjectExpressions, AreThoseOfAttributesWhereTheyAreDelivered) {
  const std::string layout =
      R"j({"qHyperCube":{"qDimensionInfo":[{"qFallbackTitle":"Город"}],"qMeasureInfo":[{"qFallbackTitle":"Umsatz"},
          {"qFallbackTitle":"Weg","qError":{"qErrorCode":7005}}]}})j";
  const std::string properties =
      R"j({"qHyperCubeDef":{"qDimensions":[{"qDef":{"qFieldDefs":["Город"]},
            "qAttributeExpressions":[{"qExpression":"=Avg(Широта)","id":"latitude"},{"qExpression":""}],
            "qAttributeDimensions":[{"qDef":"Код","id":"code"},{"qDef":"=Left(Код,2)"}]}],
          "qMeasures":[{"qDef":{"qDef":"Sum(X)"},"qAttributeExpressions":[{"qExpression":"if(Umsatz>Ziel,green(),red())","id":"color"}]},
            {"qDef":{"qDef":"Sum(Y)"},"qAttributeExpressions":[{"qExpression":"Sum(Aside)"}]}]}})j";
  EXPECT_THAT(
      told(layout, properties),
      ElementsAre("dimension 'Город' field [Город]", "attribute 'latitude' of dimension 'Город' = Avg(Широта)",
                  "attribute 'code' of dimension 'Город' field [Код]", "attribute '=Left(Код,2)' of dimension 'Город' = Left(Код,2)",
                  "measure 'Umsatz' = Sum(X)", "attribute 'color' of measure 'Umsatz' = if(Umsatz>Ziel,green(),red())"));
  EXPECT_THAT(told(layout, properties, false), ElementsAre("dimension 'Город' field [Город]", "measure 'Umsatz' = Sum(X)"));
  const auto found = read_object_expressions(layout, properties, true);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->back().labels, ElementsAre("Umsatz", "Weg")) << "a colour may name the measure it is of";
}

// A condition that names what is not there never holds: the column is left out, and nobody hears of it.
TEST(ObjectExpressions, AreTheConditionsOfColumnsAlsoOfHiddenOnes) {
  EXPECT_THAT(told(R"j({"qHyperCube":{"qDimensionInfo":[{"qFallbackTitle":"Stad"},{"qFallbackTitle":"Wijk","qError":{"qErrorCode":7005}}],
               "qMeasureInfo":[{"qFallbackTitle":"Выручка","qError":{"qErrorCode":7005}}]}})j",
                   R"j({"qHyperCubeDef":{"qCalcCondition":{"qCond":{"qv":"=Count(DISTINCT Jaar)=1"},"qMsg":{"qv":"'kies ' & Jar"}},
               "qDimensions":[{"qDef":{"qFieldDefs":["Stad"]},"qCalcCond":{"qv":"vStad"}},
                 {"qDef":{"qFieldDefs":["Wijk"]},"qCalcCondition":{"qCond":{"qv":"GetSelectedCount(Stat)>0"}}}],
               "qMeasures":[{"qDef":{"qDef":"Sum(X)"},"qCalcCondition":{"qCond":{"qv":"1"}}},{"qDef":{"qDef":"Sum(Z)"},"qCalcCondition":{"qCond":{}}}]}})j"),
              ElementsAre("condition of the hypercube = Count(DISTINCT Jaar)=1", "condition of dimension 'Stad' = vStad",
                          "dimension 'Stad' field [Stad]", "condition of dimension 'Wijk' = GetSelectedCount(Stat)>0",
                          "measure 'Sum(Z)' = Sum(Z)"));
}

TEST(ObjectExpressions, AreTheLimitsThatMakeOthers) {
  const auto limited = [](const std::string& spec) {
    return told(R"({"qHyperCube":{"qDimensionInfo":[{"qFallbackTitle":"都市"}]}})",
                R"({"qHyperCubeDef":{"qDimensions":[{"qDef":{"qFieldDefs":["都市"]},"qOtherTotalSpec":)" + spec + "}]}}");
  };
  EXPECT_THAT(limited(R"j({"qOtherMode":"OTHER_COUNTED","qOtherCounted":{"qv":"=vTop"},"qOtherLimit":{"qv":"Sum(Aside)"}})j"),
              ElementsAre("dimension '都市' field [都市]", "limit of dimension '都市' = vTop"));
  EXPECT_THAT(
      limited(R"j({"qOtherMode":"OTHER_ABS_LIMITED","qOtherLimit":{"qv":"Max(売上)/2"},"qReferencedExpression":{"qv":"Sum(売上)"}})j"),
      ElementsAre("dimension '都市' field [都市]", "limit of dimension '都市' = Max(売上)/2", "limit of dimension '都市' = Sum(売上)"));
  EXPECT_THAT(limited(R"j({"qOtherMode":"OTHER_COUNTED","qOtherCounted":{"qv":"10"}})j"), ElementsAre("dimension '都市' field [都市]"));
  EXPECT_THAT(limited(R"j({"qOtherMode":"OTHER_OFF","qOtherCounted":{"qv":"vTop"}})j"), ElementsAre("dimension '都市' field [都市]"));
}

TEST(ObjectExpressions, ThatOnlySortOrLabelAreNotAmongThem) {
  EXPECT_THAT(told(R"j({"qHyperCube":{"qMeasureInfo":[{"qFallbackTitle":"Verkauf"}],"qDimensionInfo":[{"qFallbackTitle":"Ort"}]}})j",
                   R"j({"qHyperCubeDef":{"qDimensions":[{"qDef":{"qFieldDefs":["Ort"],"qLabelExpression":"'Ort ' & Jar",
                 "qSortCriterias":[{"qSortByExpression":1,"qExpression":{"qv":"Sum(Nope)"}}]}}],
               "qMeasures":[{"qDef":{"qDef":"Sum(X)"},"qSortBy":{"qSortByExpression":-1,"qExpression":{"qv":"Sum(Nope)"}}}]}})j"),
              ElementsAre("dimension 'Ort' field [Ort]", "measure 'Verkauf' = Sum(X)"));
}

TEST(ObjectExpressions, OfWhatIsNoJsonAreAnError) {
  EXPECT_EQ(read_object_expressions("{", "{}", true).error().code(), Code::bad_data);
  EXPECT_EQ(read_object_expressions("{}", "{", true).error().code(), Code::bad_data);
}

}  // namespace
}  // namespace qonduit::pipeline

#include "core/pipeline/object_expressions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> told(const std::string& layout, const std::string& properties) {
  const auto found = read_object_expressions(layout, properties);
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
      R"j({"qHyperCubeDef":{"qMeasures":[{"qDef":{"qDef":"Sum(X)"}},{"qDef":{"qDef":"Count(X)"}},{"qDef":{"qDef":"A/N"}}]}})j");
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

TEST(ObjectExpressions, OfWhatIsNoJsonAreAnError) {
  EXPECT_EQ(read_object_expressions("{", "{}").error().code(), Code::bad_data);
  EXPECT_EQ(read_object_expressions("{}", "{").error().code(), Code::bad_data);
}

}  // namespace
}  // namespace qonduit::pipeline

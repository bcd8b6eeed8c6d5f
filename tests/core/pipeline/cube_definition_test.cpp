#include "core/pipeline/cube_definition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qonduit::pipeline {
namespace {

using config::CubeColumn;
using config::CubeSort;
using config::FormatType;
using ::testing::HasSubstr;

CubeColumn column(CubeColumn::Kind kind, std::string source, std::string label = {}, config::NumberFormat format = {}) {
  return {kind, std::move(source), std::move(label), std::move(format)};
}

TEST(CubeDefinition, NamesFieldsInBracketsAndExpressionsBehindAnEqualsSign) {
  config::Cube cube;
  cube.dimensions = {column(CubeColumn::Kind::field, "Order Date"), column(CubeColumn::Kind::field, "a]b"),
                     column(CubeColumn::Kind::expression, "Year([Order Date])", "Year")};
  const auto json = cube_properties(cube, {});
  EXPECT_THAT(json, HasSubstr(R"j("qFieldDefs":["[Order Date]"],"qFieldLabels":["Order Date"])j"));
  EXPECT_THAT(json, HasSubstr(R"j("qFieldDefs":["[a]]b]"],"qFieldLabels":["a]b"])j"));
  EXPECT_THAT(json, HasSubstr(R"j("qFieldDefs":["=Year([Order Date])"],"qFieldLabels":["Year"])j"));
}

TEST(CubeDefinition, SortsByTheColumnThatIsNamedAndByItsCriteria) {
  config::Cube cube;
  cube.dimensions = {column(CubeColumn::Kind::field, "Region"), column(CubeColumn::Kind::field, "City")};
  cube.measures = {column(CubeColumn::Kind::expression, "Sum(A)", "A"), column(CubeColumn::Kind::expression, "Sum(B)", "B")};
  CubeSort by_b;
  by_b.column = 3;
  by_b.descending = true;
  CubeSort by_city;
  by_city.column = 1;
  by_city.by = CubeSort::By::load_order;
  cube.sort = {by_b, by_city};
  const auto json = cube_properties(cube, {});
  EXPECT_THAT(json, HasSubstr(R"j("qInterColumnSortOrder":[3,1,0,2])j"));
  EXPECT_THAT(json, HasSubstr(R"j({"qDef":{"qLabel":"B","qDef":"Sum(B)"},"qSortBy":{"qSortByNumeric":-1}})j"));
  EXPECT_THAT(json, HasSubstr(R"j("qFieldLabels":["City"],"qSortCriterias":[{"qSortByLoadOrder":1}])j"));
  EXPECT_THAT(json, HasSubstr(R"j({"qDef":{"qLabel":"A","qDef":"Sum(A)"},"qSortBy":{}})j"));
}

TEST(CubeDefinition, TakesMasterItemsByTheirIds) {
  config::Cube cube;
  cube.dimensions = {column(CubeColumn::Kind::master, "Where")};
  cube.measures = {column(CubeColumn::Kind::master, "Sales")};
  const auto json = cube_properties(cube, {{{"Where", "d1"}}, {{"Sales", "m1"}}});
  EXPECT_THAT(json, HasSubstr(R"j("qDimensions":[{"qLibraryId":"d1"}])j"));
  EXPECT_THAT(json, HasSubstr(R"j("qMeasures":[{"qLibraryId":"m1","qSortBy":{}}])j"));
}

TEST(CubeDefinition, SaysFormatsLimitsStatesAndSets) {
  config::Cube cube;
  cube.dimensions = {column(CubeColumn::Kind::field, "Region"), column(CubeColumn::Kind::field, "City")};
  cube.measures = {column(CubeColumn::Kind::expression, "Sum(A)", "A", {FormatType::money, "#,##0.00"})};
  cube.top = 5;
  cube.suppress_null = cube.suppress_zero = true;
  cube.state = "Other";
  cube.set = "{<Year={2024}>}";
  auto json = cube_properties(cube, {});
  EXPECT_THAT(json, HasSubstr(R"j("qNumFormat":{"qType":"M","qFmt":"#,##0.00","qDec":".","qThou":",","qUseThou":1})j"));
  EXPECT_THAT(json, HasSubstr(R"j("qOtherMode":"OTHER_COUNTED","qOtherCounted":{"qv":"5"})j"));
  EXPECT_THAT(json, HasSubstr(R"j("qSuppressOther":true)j"));
  EXPECT_EQ(json.find("qOtherTotalSpec"), json.rfind("qOtherTotalSpec")) << "only the first dimension is limited";
  EXPECT_THAT(json, HasSubstr(R"j("qSuppressZero":true,"qSuppressMissing":false)j"));
  EXPECT_THAT(json, HasSubstr(R"j("qMode":"S","qStateName":"Other","qContextSetExpression":"{<Year={2024}>}")j"));
  EXPECT_THAT(json, HasSubstr(R"j("qNullSuppression":true)j"));
  cube.others = cube.pivot = true;
  cube.left_dimensions = 1;
  json = cube_properties(cube, {});
  EXPECT_THAT(json, HasSubstr(R"j("qSuppressOther":false)j"));
  EXPECT_THAT(json, HasSubstr(R"j("qMode":"P","qAlwaysFullyExpanded":true,"qNoOfLeftDims":1)j"));
}

// What an app's own separators are does not matter where a pattern has its own.
TEST(CubeDefinition, SaysWhatAPatternSeparatesDigitsWith) {
  const auto format = [](FormatType type, const char* pattern) {
    config::Cube cube;
    cube.measures = {column(CubeColumn::Kind::expression, "Sum(A)", "A", {type, pattern})};
    const auto json = cube_properties(cube, {});
    const auto at = json.find(R"(,"qFmt":)");
    return json.substr(at, json.find('}', at) - at);
  };
  const auto fixed = FormatType::fixed;
  EXPECT_EQ(format(fixed, "#.##0,00"), R"(,"qFmt":"#.##0,00","qDec":",","qThou":".","qUseThou":1)");
  EXPECT_EQ(format(fixed, "# ##0,0000"), R"(,"qFmt":"# ##0,0000","qDec":",","qThou":" ","qUseThou":1)");
  EXPECT_EQ(format(fixed, "#'##0.00 CHF"), R"(,"qFmt":"#'##0.00 CHF","qDec":".","qThou":"'","qUseThou":1)");
  EXPECT_EQ(format(fixed, "0,000"), R"(,"qFmt":"0,000","qDec":",")");
  EXPECT_EQ(format(fixed, "0.0%"), R"(,"qFmt":"0.0%","qDec":".")");
  EXPECT_EQ(format(fixed, "#.##0"), R"(,"qFmt":"#.##0","qThou":".","qUseThou":1)");
  EXPECT_EQ(format(fixed, "#,###,##0.000"), R"(,"qFmt":"#,###,##0.000","qDec":".","qThou":",","qUseThou":1)");
  EXPECT_EQ(format(FormatType::money, "€ #.##0,00;-€ #.##0,00"), R"(,"qFmt":"€ #.##0,00;-€ #.##0,00","qDec":",","qThou":".","qUseThou":1)");
  EXPECT_EQ(format(fixed, "#,##0.##0"), R"(,"qFmt":"#,##0.##0","qDec":".","qThou":",","qUseThou":1)");
  EXPECT_EQ(format(fixed, "0000-0000"), R"(,"qFmt":"0000-0000")");
  EXPECT_EQ(format(fixed, "##0"), R"(,"qFmt":"##0")");
  EXPECT_EQ(format(FormatType::date, "D.M.YYYY"), R"(,"qFmt":"D.M.YYYY")");
  EXPECT_EQ(format(FormatType::timestamp, "hh:mm:ss.000"), R"(,"qFmt":"hh:mm:ss.000")");
}

TEST(CubeDefinition, AsksForFrequenciesAndAlternativesOfAField) {
  EXPECT_THAT(field_properties("Order \"Date\""),
              testing::AllOf(HasSubstr(R"j("qFieldDefs":["[Order \"Date\"]"])j"), HasSubstr(R"j("qFrequencyMode":"V")j"),
                             HasSubstr(R"j("qShowAlternatives":true)j")));
}

}  // namespace
}  // namespace qonduit::pipeline

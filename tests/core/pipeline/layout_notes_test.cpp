#include "core/pipeline/layout_notes.hpp"
#include "tests/paths.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace qonduit::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LayoutNotes, NameHiddenColumnsConditionsAndOthersOfEveryCube) {
  const auto notes = read_layout_notes(R"({
    "qHyperCube": {"qHasOtherValues": true,
      "qDimensionInfo": [{"qFallbackTitle": "Region"}, {"qFallbackTitle": "Broken", "qError": {"qErrorCode": 7003}}],
      "qMeasureInfo": [{"qFallbackTitle": "Margin", "qError": {"qErrorCode": 7005}}],
      "qDataPages": [{"qHyperCube": {"qHasOtherValues": true}}]},
    "qUndoExclude": {"box": {"qHyperCube": {"qError": {"qErrorCode": 7005}, "qCalcCondMsg": "Choose a year"}}}})");
  ASSERT_TRUE(notes);
  EXPECT_THAT(notes->left_out, ElementsAre("column 'Margin' is hidden: its show condition does not hold"));
  EXPECT_THAT(notes->warnings,
              ElementsAre("a dimension is limited: the values beyond the limit are one row, Others",
                          "column 'Broken': the engine reports error 7003",
                          "hypercube /qUndoExclude/box/qHyperCube: the calculation condition is not met (Choose a year): there is no data "
                          "until it holds, often after a selection"));
}

TEST(LayoutNotes, AreEmptyWhereThereIsNothingToSay) {
  const auto notes = read_layout_notes(R"({"qHyperCube": {"qHasOtherValues": false, "qError": null, "qMeasureInfo": [{"qError": null}]}})");
  ASSERT_TRUE(notes);
  EXPECT_THAT(notes->left_out, IsEmpty());
  EXPECT_THAT(notes->warnings, IsEmpty());
  EXPECT_EQ(read_layout_notes("{").error().code(), Code::bad_data);
}

// Pages are read all the same.
TEST(LayoutNotes, SayNothingOfAFirstFetchThatWasTooLarge) {
  const auto notes = read_layout_notes(R"({"qHyperCube": {"qError": {"qErrorCode": 7009}, "qDataPages": []}})");
  ASSERT_TRUE(notes);
  EXPECT_THAT(notes->warnings, IsEmpty());
}

TEST(Alternatives, AreNamedForEachCube) {
  const auto notes = read_alternatives(R"x({
    "qHyperCubeDef": {"qDimensions": [{"qDef": {"qFieldDefs": ["Region"]}}], "qLayoutExclude": {"qHyperCubeDef": {
      "qDimensions": [{"qDef": {"qFieldDefs": ["Город"]}}, {"qDef": {"qFieldDefs": ["Y"], "qFieldLabels": ["År"]}}, {"qLibraryId": "abc"}],
      "qMeasures": [{"qDef": {"qLabel": "Netto", "qDef": "Sum(N)"}}]}}},
    "layers": [{"qHyperCubeDef": {"qLayoutExclude": {"qHyperCubeDef": {"qDimensions": [], "qMeasures": [{"qDef": {"qDef": "Sum(X)"}}]}}}}],
    "qLayoutExclude": {"qHyperCubeDef": {"qLayoutExclude": {"qHyperCubeDef": {"qDimensions": [{}]}}}}})x");
  ASSERT_TRUE(notes);
  EXPECT_THAT(
      *notes,
      ElementsAre("alternatives that are not shown are left out: dimension 'Город', dimension 'År', dimension 'abc', measure 'Netto'",
                  "hypercube /layers/0/qHyperCubeDef: alternatives that are not shown are left out: measure 'Sum(X)'"));
  EXPECT_THAT(*read_alternatives(R"({"qHyperCubeDef": {"qLayoutExclude": {"qHyperCubeDef": {"qDimensions": [], "qMeasures": []}}}})"),
              IsEmpty());
}

TEST(LayoutNotes, FindOthersInACapturedLayout) {
  std::ifstream file(paths::source("tests/fixtures/layouts/dist-flow--distplot_with_others.json"));
  ASSERT_TRUE(file);
  std::ostringstream text;
  text << file.rdbuf();
  const auto notes = read_layout_notes(text.str());
  ASSERT_TRUE(notes);
  EXPECT_THAT(notes->warnings, ::testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace qonduit::pipeline

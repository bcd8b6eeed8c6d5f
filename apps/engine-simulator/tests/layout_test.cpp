// The captured layouts are the judge of structure: members present and absent, their order, their values where data can be rebuilt.
#include "cube/layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "apps/evaluator.hpp"
#include "cube/cube.hpp"
#include "fixtures.hpp"

namespace qonduit::simulator {
namespace {

std::vector<std::string> q_members(const JsonObject& of) {
  std::vector<std::string> names;
  for (const auto& name : of->getNames())
    if (name.starts_with('q') && name != "quarantine") names.push_back(name);
  return names;
}

std::vector<std::string> keys(const JsonObject& of) { return of->getNames(); }

DimensionInfo dimension_like(const JsonObject& captured) {
  DimensionInfo info;
  info.title = text_member(captured, "qFallbackTitle");
  info.cardinal = int_member(captured, "qCardinal");
  info.reverse_sort = bool_member(captured, "qReverseSort");
  info.continuous = bool_member(captured, "qContinuousAxes");
  info.calculated = bool_member(captured, "qIsCalculated");
  info.library_id = text_member(captured, "qLibraryId");
  const auto format = object_member(captured, "qNumFormat");
  info.format = {text_member(format, "qType"), 0, 0, text_member(format, "qFmt"), text_member(format, "qDec"),
                 text_member(format, "qThou")};
  return info;
}

MeasureInfo measure_like(const JsonObject& captured) {
  MeasureInfo info;
  info.reverse_sort = bool_member(captured, "qReverseSort");
  info.library_id = text_member(captured, "qLibraryId");
  const auto format = object_member(captured, "qNumFormat");
  info.format = {text_member(format, "qType"), 0, 0, text_member(format, "qFmt"), text_member(format, "qDec"),
                 text_member(format, "qThou")};
  return info;
}

TEST(CubeLayout, HasTheMembersOfCapturedCubesInTheirOrder) {
  int compared = 0;
  for (const auto& [file, captured, pages] : captured_cubes()) {
    SCOPED_TRACE(file);
    if (text_member(captured, "qMode") != "S") continue;
    CubeLayout cube;
    cube.has_others = bool_member(captured, "qHasOtherValues");
    const auto dimensions = array_member(captured, "qDimensionInfo");
    const auto measures = array_member(captured, "qMeasureInfo");
    for (const auto& info : *dimensions) cube.dimensions.push_back(dimension_like(as_object(info)));
    for (const auto& info : *measures) cube.measures.push_back(measure_like(as_object(info)));
    const auto made = to_layout(cube, array());

    auto expected = q_members(captured);
    auto actual = q_members(made);
    // Captures have qHasOtherValues in two places, and some were stripped of their pages.
    std::erase(expected, "qHasOtherValues");
    std::erase(actual, "qHasOtherValues");
    if (std::find(expected.begin(), expected.end(), "qDataPages") == expected.end()) std::erase(actual, "qDataPages");
    EXPECT_EQ(actual, expected);
    EXPECT_EQ(made->has("qHasOtherValues"), bool_member(captured, "qHasOtherValues"));
    for (unsigned i = 0; i < dimensions->size(); ++i) {
      const auto theirs = as_object(dimensions->get(i));
      const auto ours = as_object(array_member(made, "qDimensionInfo")->get(i));
      EXPECT_EQ(q_members(ours), q_members(theirs)) << "dimension " << i;
      EXPECT_EQ(keys(object_member(ours, "qStateCounts")), keys(object_member(theirs, "qStateCounts")));
      EXPECT_EQ(keys(object_member(ours, "qNumFormat")), keys(object_member(theirs, "qNumFormat")));
      EXPECT_EQ(keys(object_member(ours, "qCardinalities")), keys(object_member(theirs, "qCardinalities")));
    }
    for (unsigned i = 0; i < measures->size(); ++i) {
      const auto theirs = as_object(measures->get(i));
      // Two captured measures carry no qIsAutoFormat; they are not auto-formatted, which nothing here sets.
      if (!theirs->has("qIsAutoFormat")) continue;
      EXPECT_EQ(q_members(as_object(array_member(made, "qMeasureInfo")->get(i))), q_members(theirs)) << "measure " << i;
    }
    ++compared;
  }
  EXPECT_GT(compared, 10);
}

TEST(CubeLayout, WritesCellsWithTheMembersOfCapturedCells) {
  const auto names = [](const std::string& cell) { return keys(as_object(parse_json(cell))); };
  int nulls = 0;
  int null_measures = 0;
  int others = 0;
  for (const auto& [file, captured, pages] : captured_cubes()) {
    if (text_member(captured, "qMode") != "S" || pages.isNull() || file.find("binned") != std::string::npos) continue;
    SCOPED_TRACE(file);
    for (const auto& page : *pages) {
      EXPECT_EQ(keys(as_object(page)), (std::vector<std::string>{"qMatrix", "qTails", "qArea"}));
      const auto matrix = array_member(as_object(page), "qMatrix");
      for (const auto& row : *matrix) {
        const auto row_cells = as_array(row);
        for (const auto& item : *row_cells) {
          const auto cell = as_object(item);
          auto members = keys(cell);
          std::erase_if(members, [](const std::string& name) { return name == "qAttrExps" || name == "qAttrDims" || name == "qInExtRow"; });
          if (bool_member(cell, "qIsNull")) {
            const bool dimension = int_member(cell, "qElemNumber") == -2;
            EXPECT_EQ(to_text(cell->get("qElemNumber")), dimension ? "-2" : "0");
            EXPECT_EQ(members, names(dimension ? null_dimension_cell() : null_measure_cell()));
            ++(dimension ? nulls : null_measures);
          } else if (bool_member(cell, "qIsOtherCell")) {
            EXPECT_EQ(members, names(others_cell("Others")));
            ++others;
          } else {
            EXPECT_EQ(members, names(value_cell("a", 1, 0)));
          }
        }
      }
    }
    const auto totals = array_member(captured, "qGrandTotalRow");
    for (const auto& total : *totals) EXPECT_EQ(keys(as_object(total)), keys(total_cell("1", 1)));
  }
  EXPECT_GT(nulls, 0);
  EXPECT_GT(null_measures, 0);
  EXPECT_GT(others, 0);
}

// An app around one table, as small as can be, and a session's view of it.
class ModelApp final : public App {
 public:
  ModelApp(const std::string& csv, const std::vector<std::pair<std::string, FieldType>>& fields, const Locale& locale)
      : App("model", "Model") {
    auto model = std::make_shared<DataModel>(locale);
    model->load("T", csv, fields);
    model->link();
    model_ = std::move(model);
  }

  std::shared_ptr<const Evaluation> evaluate(const StoredObject& stored) {
    Scope scope(model(""), library());
    return App::evaluate(stored, scope, {});
  }
};

TEST(CubeLayout, RebuildsACapturedLayoutFromDataMemberByMember) {
  ModelApp app("xyz,numbers\nx,1\ny,2\ny,3\ny,4\nz,5\n", {{"xyz", FieldType::text}, {"numbers", FieldType::integer}}, Locale{});
  const auto properties = as_object(parse_json(R"j({"qInfo":{"qId":"object-using-inline","qType":"my-hypercube"},
    "qHyperCubeDef":{"qDimensions":[{"qDef":{"qFieldDefs":["xyz"]}}],"qMeasures":[{"qDef":{"qDef":"count(numbers)"},"qSortBy":{"qSortByNumeric":1}}],
    "qInitialDataFetch":[{"qLeft":0,"qTop":0,"qWidth":2,"qHeight":3}],"customProperty":"should be filtered by the minimum flag"}})j"));
  const auto made = app.evaluate({"object-using-inline", "my-hypercube", properties, {}, ""});
  EXPECT_EQ(made->layout, to_text(parse_json(read_fixture("wire/corectl-object-layout.json"))));
}

TEST(CubeLayout, RebuildsTheRowsOfACaptureWithDecimalCommas) {
  const auto frames = as_array(parse_json(read_fixture("wire/enigma-go-socket-traffic.json")));
  const auto captured = object_member(
      object_member(object_member(object_member(as_object(frames->get(static_cast<unsigned>(frames->size() - 1))), "Received"), "result"),
                    "qLayout"),
      "qHyperCube");
  Locale locale;
  locale.decimal = ",";
  locale.thousands = "\u00a0";
  ModelApp app("ID,Value\n1,0.6857977109029889\n3,0.8759140064939857\n5,0.41563083743676543\n",
               {{"ID", FieldType::integer}, {"Value", FieldType::real}}, locale);
  const auto properties =
      as_object(parse_json(R"j({"qInfo":{"qType":"my-straight-hypercube"},"qHyperCubeDef":{"qDimensions":[{"qDef":{"qFieldDefs":["ID"]}}],
    "qMeasures":[{"qDef":{"qDef":"=Sum(Value)"}}],"qInitialDataFetch":[{"qWidth":2,"qHeight":5}]}})j"));
  const auto made = object_member(as_object(parse_json(app.evaluate({"a", "b", properties, {}, ""})->layout)), "qHyperCube");
  EXPECT_EQ(to_text(made->get("qGrandTotalRow")), to_text(captured->get("qGrandTotalRow")));
  EXPECT_EQ(to_text(made->get("qSize")), to_text(captured->get("qSize")));
  const auto ours = array_member(as_object(array_member(made, "qDataPages")->get(0)), "qMatrix");
  const auto theirs = array_member(as_object(array_member(captured, "qDataPages")->get(0)), "qMatrix");
  ASSERT_EQ(ours->size(), theirs->size());
  for (unsigned row = 0; row < ours->size(); ++row)
    for (unsigned column = 0; column < 2; ++column) {
      const auto a = as_object(as_array(ours->get(row))->get(column));
      const auto b = as_object(as_array(theirs->get(row))->get(column));
      EXPECT_EQ(text_member(a, "qText"), text_member(b, "qText"));
      EXPECT_EQ(to_text(a->get("qNum")), to_text(b->get("qNum")));
    }
  const auto measure = as_object(array_member(made, "qMeasureInfo")->get(0));
  EXPECT_EQ(to_text(measure->get("qNumFormat")), to_text(as_object(array_member(captured, "qMeasureInfo")->get(0))->get("qNumFormat")));
}

TEST(ListLayout, CountsAFieldThatIsNamedInBrackets) {
  ModelApp app("Order Date,V\n1,10\n1,20\n2,30\n", {{"Order Date", FieldType::integer}, {"V", FieldType::integer}}, {});
  const auto properties = as_object(parse_json(R"j({"qInfo":{"qType":"list"},"qListObjectDef":{"qDef":{"qFieldDefs":["[Order Date]"]},
    "qFrequencyMode":"V","qInitialDataFetch":[{"qWidth":1,"qHeight":5}]}})j"));
  const auto list = object_member(as_object(parse_json(app.evaluate({"a", "list", properties, {}, ""})->layout)), "qListObject");
  const auto rows = array_member(as_object(array_member(list, "qDataPages")->get(0)), "qMatrix");
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ(text_member(as_object(as_array(rows->get(0))->get(0)), "qFrequency"), "2");
}

TEST(CubeLayout, HoldsWhatItsContextSetNames) {
  ModelApp app("K,V\n1,10\n2,20\n3,30\n", {{"K", FieldType::integer}, {"V", FieldType::integer}}, {});
  const auto properties = as_object(parse_json(R"j({"qInfo":{"qType":"cube"},"qHyperCubeDef":{"qDimensions":[{"qDef":{"qFieldDefs":["K"]}}],
    "qMeasures":[{"qDef":{"qDef":"Sum(V)"}},{"qDef":{"qDef":"Sum({1<K={2,3}>} V)"}}],"qContextSetExpression":"{<K={1,2}>}",
    "qInitialDataFetch":[{"qWidth":3,"qHeight":5}]}})j"));
  const auto cube = object_member(as_object(parse_json(app.evaluate({"a", "cube", properties, {}, ""})->layout)), "qHyperCube");
  const auto total = array_member(cube, "qGrandTotalRow");
  EXPECT_EQ(text_member(as_object(total->get(0)), "qText"), "30");
  EXPECT_EQ(text_member(as_object(total->get(1)), "qText"), "20") << "of both sets, what both name";
  EXPECT_EQ(int_member(object_member(cube, "qSize"), "qcy"), 2);
}

}  // namespace
}  // namespace qonduit::simulator

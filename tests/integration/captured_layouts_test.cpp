// Every captured straight hypercube goes the whole way: replayed by the simulator, read by the host, written to CSV, and compared cell by
// cell with what the capture says. The expectation is read from the capture here, by rules written out again, not by the adapter's code.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "tests/integration/harness.hpp"
#include "tests/paths.hpp"

namespace qonduit::integration {
namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;

struct Cube {
  Object::Ptr layout;
  std::vector<Array::Ptr> rows;
};

Object::Ptr parse(const std::string& text) { return Poco::JSON::Parser().parse(text).extract<Object::Ptr>(); }

void append_rows(const Array::Ptr& pages, std::vector<Array::Ptr>& rows) {
  for (unsigned p = 0; !pages.isNull() && p < pages->size(); ++p) {
    const auto matrix = pages->getObject(p)->getArray("qMatrix");
    for (unsigned r = 0; r < matrix->size(); ++r) rows.push_back(matrix->getArray(r));
  }
}

// Follows names and indices from the layout.
Poco::Dynamic::Var follow(Poco::Dynamic::Var at, const std::vector<std::string>& path) {
  for (const auto& step : path) {
    if (at.type() == typeid(Array::Ptr))
      at = at.extract<Array::Ptr>()->get(static_cast<unsigned>(std::stoul(step)));
    else
      at = at.extract<Object::Ptr>()->get(step);
  }
  return at;
}

Cube read_capture(const std::string& file, const std::vector<std::string>& path) {
  const auto capture = parse(read_text(paths::source("tests/fixtures/layouts/" + file + ".json")));
  const auto object = capture->getArray("objects")->getObject(0);
  Cube cube;
  cube.layout = follow(object->get("getLayout"), path).extract<Object::Ptr>();
  append_rows(cube.layout->getArray("qDataPages"), cube.rows);
  if (cube.rows.empty() && object->has("getHyperCubeData")) append_rows(object->getArray("getHyperCubeData"), cube.rows);
  return cube;
}

struct Captured {
  const char* file;
  std::vector<std::string> path;
  const char* csv;      // below the app's folder
  std::size_t rows;     // captured, counted by hand with jq
  std::size_t columns;  // qSize.qcx

  friend void PrintTo(const Captured& captured, std::ostream* out) { *out << captured.file; }
};

class CapturedLayout : public ::testing::TestWithParam<Captured> {};

TEST_P(CapturedLayout, ArrivesInTheFileCellByCell) {
  const auto& expected = GetParam();
  const auto cube = read_capture(expected.file, expected.path);
  ASSERT_EQ(cube.rows.size(), expected.rows);
  Host host(captures_engine().url());
  host.set("pipeline.p.app", expected.file).set("pipeline.p.objects", "sheet:*/*").set("pipeline.p.on-error", "continue");
  host.set("sink.f.file", "cube{dataset}").set("sink.f.null", "<null>");
  const auto outcome = host.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  const auto csv = read_csv(host.out() / expected.csv);
  ASSERT_EQ(csv.size(), expected.rows + 1) << outcome.out;
  const auto manifest = parse(read_text((host.out() / expected.csv).string() + ".manifest.json"));
  const auto schema = manifest->getArray("schema");

  for (std::size_t r = 0; r < cube.rows.size(); ++r) {
    ASSERT_GE(csv[r + 1].size(), expected.columns);
    for (std::size_t c = 0; c < expected.columns; ++c) {
      const auto cell = cube.rows[r]->getObject(static_cast<unsigned>(c));
      const auto type = schema->getObject(static_cast<unsigned>(c))->getValue<std::string>("type");
      const auto text = cell->getValue<std::string>("qText");
      const auto element = cell->getValue<int>("qElemNumber");
      const auto& got = csv[r + 1][c];
      SCOPED_TRACE("row " + std::to_string(r) + ", column " + std::to_string(c) + ", type " + type);
      if (element == -2 || cell->optValue<bool>("qIsNull", false)) {
        EXPECT_EQ(got.text, "<null>");
      } else if (type == "utf8") {
        EXPECT_EQ(got.text, text);
      } else if (type == "int64" || type == "float64") {
        EXPECT_EQ(std::strtod(got.text.c_str(), nullptr), cell->get("qNum").convert<double>());
      } else if (type == "date32") {
        // 2008-03-04: the serial's day, counted the slow way from 1899-12-30.
        std::tm parts{};
        ASSERT_EQ(*::strptime(got.text.c_str(), "%Y-%m-%d", &parts), '\0');
        EXPECT_EQ(static_cast<double>(::timegm(&parts)) / 86400.0 + 25569.0, cell->get("qNum").convert<double>());
      } else {
        ADD_FAILURE() << "a type no captured column has";
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Fixtures, CapturedLayout,
    ::testing::Values(Captured{"dist-flow--waterfall_basic", {"qHyperCube"}, "cube.csv", 1, 3},
                      Captured{"dist-flow--histogram_basic_2", {"qUndoExclude", "box", "qHyperCube"}, "cubehistogram.box.csv", 14, 2},
                      Captured{"dist-flow--boxplot_basic_4", {"qUndoExclude", "box", "qHyperCube"}, "cubeboxplot.box.csv", 15, 6},
                      Captured{"nebula.js--scenario-1", {"qHyperCube"}, "cube.csv", 26, 2},
                      Captured{"sn-map--scenario_1", {"gaLayers", "0", "qHyperCube"}, "cubemap.layer0.csv", 10, 1},
                      Captured{"sn-scatter-plot--mes_2_color_dim_dim_null", {"qHyperCube"}, "cube.csv", 7, 3},
                      Captured{"sn-scatter-plot--scatter_render_1", {"qHyperCube"}, "cube.csv", 5, 3},
                      Captured{"sn-scatter-plot--scatter_render_7", {"qHyperCube"}, "cube.csv", 825, 4},
                      Captured{"sn-table--default_paginated", {"qHyperCube"}, "cube.csv", 100, 5},
                      Captured{"sn-table--html-ascii-reference", {"qHyperCube"}, "cube.csv", 100, 3},
                      Captured{"sn-table--small_data_virtualized", {"qHyperCube"}, "cube.csv", 7, 3},
                      Captured{"sn-table--styled_paginated", {"qHyperCube"}, "cube.csv", 100, 5}),
    [](const auto& tested) {
      std::string name;
      for (const char* c = tested.param.file; *c != '\0'; ++c) name += std::isalnum(static_cast<unsigned char>(*c)) != 0 ? *c : '_';
      return name;
    });

TEST(CapturedLayouts, FailTheRunWhereTheCaptureEndsBeforeItsSize) {
  const Simulator engine({"--layouts", paths::source("tests/fixtures/layouts")});
  Host host(engine.url());
  const auto outcome = host.set("pipeline.p.app", "sn-table--default_paginated").set("pipeline.p.attempts", "2").run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, ::testing::HasSubstr("825"));
  EXPECT_THAT(host.files(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace qonduit::integration

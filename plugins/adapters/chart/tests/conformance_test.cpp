// The chart adapter keeps the promises of every adapter, on captured objects.
#include "plugins/adapters/chart/chart_adapter.hpp"
#include "plugins/adapters/straight/tests/captured_matrix.hpp"
#include "tests/paths.hpp"

namespace qonduit::chart {
namespace {

testing::AdapterTraits capture(const straight::Capture& what, const std::string& dataset = {}, const testing::Options& options = {}) {
  auto traits = straight::captured(what, paths::plugin("chart"), "chart", paths::source("tests/fixtures"));
  traits.dataset = dataset;
  traits.options = options;
  return traits;
}

TEST(ChartAdapter, AcceptsChartsAndUnknownExtensionsBeforeTheTableAdapterAndLeavesItTheTables) {
  const auto* straight_cube = R"({"qHyperCube":{"qMode":"S"}})";
  for (const auto* type : {"barchart", "linechart", "combochart", "piechart", "scatterplot", "sn-scatter-plot", "waterfallchart", "kpi",
                           "gauge", "sn-org-chart", "an-extension-of-somebody"}) {
    EXPECT_EQ(ChartAdapter::accepts(type, straight_cube), 80u) << type;
  }
  EXPECT_LT(ChartAdapter::accepts("table", straight_cube), 50u);
  EXPECT_LT(ChartAdapter::accepts("sn-table", straight_cube), 50u);
  EXPECT_EQ(ChartAdapter::accepts("treemap", R"({"qHyperCube":{"qMode":"K"}})"), 0u);
  EXPECT_EQ(ChartAdapter::accepts("barchart", "no json"), 0u);
}

}  // namespace
}  // namespace qonduit::chart

using qonduit::chart::capture;
QONDUIT_ADAPTER_CONFORMANCE(Captured, capture({"Bars", "nebula.js--scenario-1"}), capture({"Waterfall", "dist-flow--waterfall_basic"}),
                            capture({"Scatter", "sn-scatter-plot--scatter_render_7"}, "", {{"attributes", "columns"}}),
                            capture({"Map", "sn-map--scenario_1", 0, {"gaLayers", "0", "qHyperCube"}}, "map.layer0"),
                            capture({"Histogram", "dist-flow--histogram_basic_2", 0, {"qUndoExclude", "box", "qHyperCube"}},
                                    "histogram.box", {{"dual", "both"}}),
                            capture({"BoxPlot", "dist-flow--boxplot_basic_4", 0, {"qUndoExclude", "box", "qHyperCube"}}, "boxplot.box",
                                    {{"attributes", "columns"}}));

// The cube adapter keeps the promises of every adapter, on captured pivots and stacks, in each shape.
#include <qonduit/testing/adapter_conformance.hpp>

#include "captured_answer.hpp"
#include "tests/paths.hpp"

namespace {

qonduit::testing::AdapterTraits traits(std::string name, const std::string& file, const std::string& type, const std::string& pointer,
                                       qonduit::testing::Options options, std::int64_t rows, const std::string& dataset = "") {
  auto found = qonduit::cube::testing::captured(file, pointer);
  qonduit::testing::AdapterTraits made;
  made.name = std::move(name);
  made.plugin = qonduit::paths::plugin("cube");
  made.adapter = "cube";
  made.options = std::move(options);
  made.object_type = type;
  made.layout_json = found.layout;
  made.dataset = dataset;
  made.answer = std::move(found);
  made.rows = rows;
  made.strangers = {{"text-image", "{}"}, {"table", R"({"qHyperCube":{"qMode":"S"}})"}, {"listbox", R"({"qListObject":{}})"}};
  return made;
}

constexpr const char* kExpanded = "sn-pivot-table--2-rows-2-columns-Pseudo-dim-as-first-row-Fully-expanded";
constexpr const char* kColored = "sn-pivot-table--2-rows-2-columns-Pseudo-dim-as-last-col-Expanded-cells-Color-by-expr-Totals-below";

}  // namespace

// Rows counted by hand: 15 rows by 21 combinations, with 42 columns and 2 measures; 3 x 3 x 3 totals and values of a tree map.
QONDUIT_ADAPTER_CONFORMANCE(
    Captured, traits("TidyPivot", kColored, "sn-pivot-table", "/qHyperCube", {{"totals", "keep"}, {"dual.Month", "text"}}, 15 * 21),
    traits("WidePivot", kColored, "sn-pivot-table", "/qHyperCube", {{"shape", "wide"}, {"totals", "keep"}, {"dual.Month", "text"}}, 15),
    traits("CellsOfAPivot", kExpanded, "sn-pivot-table", "/qHyperCube", {{"shape", "cells"}, {"dual.Month", "text"}}, 48 * 50),
    traits("TreeMap", "sn-treemap--multi_scenario_1", "treemap", "/qHyperCube", {{"totals", "keep"}}, 27),
    traits("Distribution", "dist-flow--distplot_with_others", "distributionplot", "/qUndoExclude/qHyperCube", {{"attributes", "columns"}},
           8, "distributionplot"),
    traits("Outliers", "dist-flow--boxplot_basic_4", "boxplot", "/qUndoExclude/outliers/qHyperCube", {}, 17, "boxplot.outliers"));

// The table adapter keeps the promises of every adapter, on captured objects.
#include "plugins/adapters/straight/tests/captured_matrix.hpp"
#include "plugins/adapters/table/table_adapter.hpp"
#include "tests/paths.hpp"

namespace qonduit::table {
namespace {

testing::AdapterTraits capture(const straight::Capture& what) {
  return straight::captured(what, paths::plugin("table"), "table", paths::source("tests/fixtures"));
}

TEST(TableAdapter, AcceptsTablesBestAndOtherStraightCubesToo) {
  const auto* straight_cube = R"({"qHyperCube":{"qMode":"S"}})";
  EXPECT_EQ(TableAdapter::accepts("sn-table", straight_cube), 100u);
  EXPECT_EQ(TableAdapter::accepts("barchart", straight_cube), 50u);
  EXPECT_EQ(TableAdapter::accepts("table", R"({"qHyperCube":{"qMode":"P"}})"), 0u);
  EXPECT_EQ(TableAdapter::accepts("table", "no json"), 0u);
}

}  // namespace
}  // namespace qonduit::table

QONDUIT_ADAPTER_CONFORMANCE(Captured, qonduit::table::capture({"Table", "sn-table--default_paginated"}),
                            qonduit::table::capture({"WithNullsAndOthers", "nebula.js--scenario-1"}), [] {
                              auto traits = qonduit::table::capture({"WithAttributes", "sn-table--styled_paginated"});
                              traits.options = {{"attributes", "columns"}};
                              return traits;
                            }());

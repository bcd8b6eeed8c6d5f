// The list adapter keeps the promises of every adapter, on captured list boxes.
#include "plugins/adapters/straight/tests/captured_matrix.hpp"
#include "tests/paths.hpp"

namespace qonduit::list {
namespace {

testing::AdapterTraits capture(const char* name, const char* file, unsigned object, const testing::Options& options = {}) {
  auto traits = straight::captured({name, file, object, {"qListObject"}, "getListObjectData"}, paths::plugin("list"), "list",
                                   paths::source("tests/fixtures"));
  traits.options = options;
  return traits;
}

}  // namespace
}  // namespace qonduit::list

using qonduit::list::capture;
QONDUIT_ADAPTER_CONFORMANCE(Captured, capture("Months", "sn-list-objects--multi_scenario_1", 1, {{"dual", "both"}}),
                            capture("Counted", "sn-list-objects--multi_scenario_9", 1, {{"element-numbers", "true"}}),
                            capture("Customers", "sn-list-objects--multi_scenario_3", 7));

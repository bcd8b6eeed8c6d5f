#include "plugins/adapters/cube/session_copy.hpp"

#include <qonduit/json_text.hpp>

#include <simdjson.h>

#include <algorithm>
#include <vector>

#include "plugins/adapters/hypercube/cube_copy.hpp"

namespace qonduit::cube {
namespace {

namespace dom = simdjson::dom;
using hypercube::with_members;

// A row over as many columns as one call gives: the headers of shape wide.
constexpr const char* kHeaderFetch = R"([{"qLeft":0,"qTop":0,"qWidth":10000,"qHeight":1}])";

std::string dimension_copy(dom::element dimension, std::string_view total_mode) {
  dom::object members;
  if (dimension.get(members) != simdjson::SUCCESS) return std::string(simdjson::minify(dimension));
  if (total_mode.empty()) return std::string(simdjson::minify(dimension));
  std::string spec = R"("qTotalMode":")" + std::string(total_mode) + "\"";
  dom::object others;
  const bool has_others = members["qOtherTotalSpec"].get(others) == simdjson::SUCCESS;
  spec = has_others ? with_members(others, {"qTotalMode"}, spec) : "{" + spec + "}";
  return with_members(members, {"qOtherTotalSpec", "qShowTotal"}, R"("qShowTotal":false,"qOtherTotalSpec":)" + spec);
}

// What becomes of totals: switched off, on for a tree (whose inner nodes have values), or left as they are.
std::string_view total_mode(const LevelLayout& layout, const CubeOptions& options) {
  if (options.totals == Totals::drop) return "TOTAL_OFF";
  return layout.mode == 'T' ? "TOTAL_EXPR" : "";
}

// The order of the levels and how many of them are left. Dimensions stay on their side; the measures go innermost on top, except in shape
// wide, which is what the user sees. Hidden dimensions are named behind the others, where the engine drops them again.
std::string arrangement(const LevelLayout& layout, std::size_t dimensions, std::size_t measures, Shape shape) {
  std::vector<std::int64_t> order;
  const bool as_seen = shape == Shape::wide && layout.mode == 'P' && layout.measures > 1 && layout.place != MeasurePlace::top_innermost;
  const auto add = [&](const std::vector<std::size_t>& side) {
    for (const auto at : side) order.push_back(layout.dimension(at).index);
  };
  add(layout.left);
  auto left = order.size();
  add(layout.top);
  if (as_seen) {
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(layout.measure_level), -1);
    if (layout.measures_left) ++left;
  }
  for (std::size_t i = 0; i < dimensions; ++i) {
    if (std::find(order.begin(), order.end(), static_cast<std::int64_t>(i)) == order.end()) order.push_back(static_cast<std::int64_t>(i));
  }
  if (!as_seen && measures > 1) order.push_back(-1);
  std::string text;
  for (const auto level : order) text += (text.empty() ? "" : ",") + std::to_string(level);
  return R"("qInterColumnSortOrder":[)" + text + R"(],"qNoOfLeftDims":)" + std::to_string(left);
}

std::size_t size_of(dom::element cube, const char* member, dom::array& into) {
  return cube[member].get(into) == simdjson::SUCCESS ? into.size() : 0;
}

}  // namespace

Result<std::optional<std::string>> session_copy(const LevelLayout& layout, std::string_view properties_json, const CubeOptions& options) {
  dom::parser parser;
  dom::element properties;
  if (const auto error = parser.parse(properties_json.data(), properties_json.size()).get(properties)) {
    return Status(Code::bad_data, std::string("the object's properties are not valid JSON: ") + simdjson::error_message(error));
  }
  dom::element cube;
  dom::object members;
  if (properties.at_pointer(layout.cube.definition_path).get(cube) != simdjson::SUCCESS || cube.get(members) != simdjson::SUCCESS) {
    return std::optional<std::string>();
  }
  dom::array dimensions;
  dom::array measures;
  const auto dimension_count = size_of(cube, "qDimensions", dimensions);
  const auto measure_count = size_of(cube, "qMeasures", measures);
  if (dimension_count + measure_count == 0) return std::optional<std::string>();

  std::string copies;
  if (dimension_count > 0) {
    for (const auto dimension : dimensions) {
      copies += (copies.empty() ? "" : ",") + dimension_copy(dimension, total_mode(layout, options));
    }
  }
  std::string added = R"("qMode":"P","qAlwaysFullyExpanded":true,"qIndentMode":false,"qDimensions":[)" + copies + "]," +
                      arrangement(layout, dimension_count, measure_count, options.shape) + R"(,"qInitialDataFetch":)" +
                      (options.shape == Shape::wide ? kHeaderFetch : "[]");
  if (!layout.cube.state.empty()) added += R"(,"qStateName":)" + json_string(layout.cube.state);
  auto copy = with_members(members,
                           {"qMode", "qAlwaysFullyExpanded", "qIndentMode", "qDimensions", "qInterColumnSortOrder", "qNoOfLeftDims",
                            "qInitialDataFetch", "qExpansionState", "qPseudoDimPos", layout.cube.state.empty() ? "" : "qStateName"},
                           added);
  return std::optional(hypercube::object_copy(properties, layout.cube.definition_path, std::move(copy)));
}

}  // namespace qonduit::cube

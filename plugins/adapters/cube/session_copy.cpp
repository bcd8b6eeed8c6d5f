#include "plugins/adapters/cube/session_copy.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <vector>

namespace qonduit::cube {
namespace {

namespace dom = simdjson::dom;

// A row over as many columns as one call gives: the headers of shape wide.
constexpr const char* kHeaderFetch = R"([{"qLeft":0,"qTop":0,"qWidth":10000,"qHeight":1}])";

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string json_text(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      made += escape;
      continue;
    }
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + '"';
}

// An object with some members replaced: as it was, but for those named, and with the new ones at the end.
std::string with_members(dom::object object, std::initializer_list<std::string_view> without, const std::string& added) {
  std::string made = "{";
  for (const auto field : object) {
    if (one_of(field.key, without)) continue;
    made += json_text(field.key) + ":" + std::string(simdjson::minify(field.value)) + ",";
  }
  made += added;
  if (made.back() == ',') made.pop_back();
  return made + "}";
}

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

// {"a":{"b":CUBE}} for /a/b/qHyperCubeDef: the cube where it was. An index of an array becomes that many empty objects before it.
std::string nested(std::string_view path, std::string cube, std::string_view head) {
  std::vector<std::string_view> steps;
  for (path.remove_prefix(1); !path.empty();) {
    const auto end = std::min(path.find('/'), path.size());
    steps.push_back(path.substr(0, end));
    path.remove_prefix(std::min(path.size(), end + 1));
  }
  for (std::size_t i = steps.size(); i-- > 0;) {
    const auto step = steps[i];
    const bool index = i > 0 && std::all_of(step.begin(), step.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (index) {
      std::string items = "[";
      for (std::size_t n = 0; n < std::stoul(std::string(step)); ++n) items += "{},";
      cube = items + cube + "]";
    } else {
      cube = "{" + std::string(i == 0 ? head : "") + json_text(step) + ":" + cube + "}";
    }
  }
  return cube;
}

std::size_t size_of(dom::element cube, const char* member, dom::array& into) {
  return cube[member].get(into) == simdjson::SUCCESS ? into.size() : 0;
}

// The alternate state of the object, which its cubes inherit. What the engine evaluated wins: a state may come from the sheet.
std::string state_of(dom::element properties) {
  std::string_view state;
  if (properties["qStateName"].get(state) != simdjson::SUCCESS || state.empty()) return {};
  return R"("qStateName":)" + json_text(state) + ",";
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
  if (!layout.state.empty()) added += R"(,"qStateName":)" + json_text(layout.state);
  auto copy = with_members(members,
                           {"qMode", "qAlwaysFullyExpanded", "qIndentMode", "qDimensions", "qInterColumnSortOrder", "qNoOfLeftDims",
                            "qInitialDataFetch", "qExpansionState", "qPseudoDimPos", layout.state.empty() ? "" : "qStateName"},
                           added);
  const auto head = R"("qInfo":{"qType":")" + std::string(kCopyType) + R"("},)" + state_of(properties);
  return std::optional(nested(layout.cube.definition_path, std::move(copy), head));
}

}  // namespace qonduit::cube

#include "plugins/adapters/hypercube/cube_copy.hpp"

#include <qonduit/json_text.hpp>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace qonduit::hypercube {
namespace {

namespace dom = simdjson::dom;

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
      cube = "{" + std::string(i == 0 ? head : "") + json_string(step) + ":" + cube + "}";
    }
  }
  return cube;
}

// The alternate state of the object, which its cubes inherit. What the engine evaluated wins: a state may come from the sheet.
std::string state_of(dom::element properties) {
  std::string_view state;
  if (properties["qStateName"].get(state) != simdjson::SUCCESS || state.empty()) return {};
  return R"("qStateName":)" + json_string(state) + ",";
}

}  // namespace

std::string with_members(dom::object object, std::initializer_list<std::string_view> without, const std::string& added) {
  std::string made = "{";
  for (const auto field : object) {
    if (std::find(without.begin(), without.end(), field.key) != without.end()) continue;
    made += json_string(field.key) + ":" + std::string(simdjson::minify(field.value)) + ",";
  }
  made += added;
  if (made.back() == ',') made.pop_back();
  return made + "}";
}

std::string object_copy(dom::element properties, std::string_view definition_path, std::string cube_definition) {
  const auto head = R"("qInfo":{"qType":")" + std::string(kCopyType) + R"("},)" + state_of(properties);
  return nested(definition_path, std::move(cube_definition), head);
}

std::string layout_type(std::string_view layout_json) {
  dom::parser parser;
  dom::element layout;
  std::string_view type;
  if (parser.parse(layout_json.data(), layout_json.size()).get(layout) != simdjson::SUCCESS) return {};
  if (layout.at_pointer("/qInfo/qType").get(type) != simdjson::SUCCESS) return {};
  return std::string(type);
}

}  // namespace qonduit::hypercube

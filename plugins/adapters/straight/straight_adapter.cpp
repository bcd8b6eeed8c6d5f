#include "plugins/adapters/straight/straight_adapter.hpp"

#include <qonduit/log.hpp>

#include <simdjson.h>

#include <algorithm>

#include "plugins/adapters/hypercube/cube_layout.hpp"

namespace qonduit::straight {
namespace {

constexpr std::string_view kStraight = "S";

// The measures' expressions at a cube's definition, by index. Library measures carry only an id there and are left out.
std::map<int, std::string> measure_expressions(std::string_view properties_json, const std::string& definition_path) {
  std::map<int, std::string> expressions;
  simdjson::dom::parser parser;
  simdjson::dom::element properties;
  if (parser.parse(properties_json.data(), properties_json.size()).get(properties) != simdjson::SUCCESS) return expressions;
  simdjson::dom::array measures;
  if (properties.at_pointer(definition_path + "/qMeasures").get(measures) != simdjson::SUCCESS) return expressions;
  int index = 0;
  for (const auto measure : measures) {
    std::string_view expression;
    if (measure.at_pointer("/qDef/qDef").get(expression) == simdjson::SUCCESS && !expression.empty())
      expressions.emplace(index, expression);
    ++index;
  }
  return expressions;
}

}  // namespace

bool StraightAdapter::reads(std::string_view object_type, std::string_view layout_json) {
  const auto cubes = hypercube::find_cubes(object_type, layout_json, kStraight);
  return cubes && !cubes->empty();
}

Result<std::vector<std::string>> StraightAdapter::datasets(std::string_view object_type, std::string_view layout_json) {
  const auto cubes = hypercube::find_cubes(object_type, layout_json, kStraight);
  if (!cubes) return cubes.error();
  std::vector<std::string> names;
  for (const auto& cube : *cubes) names.push_back(cube.dataset);
  return names;
}

Result<std::optional<std::string>> StraightAdapter::prepare(std::string_view properties_json) {
  properties_ = std::string(properties_json);
  return std::optional<std::string>();
}

Result<Opened> StraightAdapter::open(const Run& run, std::string_view layout_json) {
  const auto cubes = hypercube::find_cubes(run.object_type, layout_json, kStraight);
  if (!cubes) return cubes.error();
  const auto place = std::find_if(cubes->begin(), cubes->end(), [&](const auto& candidate) { return candidate.dataset == run.dataset; });
  if (place == cubes->end()) {
    return Status(Code::not_found, "the object has no straight hypercube named '" + std::string(run.dataset) + "'");
  }
  auto cube = hypercube::read_cube(layout_json, place->path);
  if (!cube) return cube.error();
  for (const auto& hidden : cube->hidden) {
    log::info("left out a column whose show condition does not hold", {{"column", hidden.title}, {"object", std::string(run.object_id)}});
  }
  const auto expressions = measure_expressions(properties_, cube->definition_path);
  return reader_.open(std::move(*cube), "GetHyperCubeData", expressions);
}

}  // namespace qonduit::straight

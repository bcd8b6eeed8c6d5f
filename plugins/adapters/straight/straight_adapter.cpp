#include "plugins/adapters/straight/straight_adapter.hpp"

#include <qonduit/log.hpp>

#include <algorithm>

#include "plugins/adapters/hypercube/cube_layout.hpp"
#include "plugins/adapters/hypercube/measure_expressions.hpp"

namespace qonduit::straight {
namespace {

constexpr std::string_view kStraight = "S";

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
  const auto expressions = hypercube::measure_expressions(properties_, cube->definition_path);
  return reader_.open(std::move(*cube), "GetHyperCubeData", expressions);
}

}  // namespace qonduit::straight

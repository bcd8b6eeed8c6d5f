#include "table_adapter.hpp"

#include <qonduit/log.hpp>

#include <simdjson.h>

#include <algorithm>

#include "page_decoder.hpp"

namespace qonduit::table {
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

std::uint32_t TableAdapter::accepts(std::string_view object_type, std::string_view layout_json) {
  const auto cubes = hypercube::find_cubes(object_type, layout_json, kStraight);
  if (!cubes || cubes->empty()) return 0;
  return object_type == "table" || object_type == "sn-table" ? 100 : 50;
}

Result<std::vector<std::string>> TableAdapter::datasets(std::string_view object_type, std::string_view layout_json) {
  const auto cubes = hypercube::find_cubes(object_type, layout_json, kStraight);
  if (!cubes) return cubes.error();
  std::vector<std::string> names;
  for (const auto& cube : *cubes) names.push_back(cube.dataset);
  return names;
}

Result<std::optional<std::string>> TableAdapter::prepare(std::string_view properties_json) {
  properties_ = std::string(properties_json);
  return std::optional<std::string>();
}

Result<Opened> TableAdapter::open(const Run& run, std::string_view layout_json) {
  const auto cubes = hypercube::find_cubes(run.object_type, layout_json, kStraight);
  if (!cubes) return cubes.error();
  const auto place = std::find_if(cubes->begin(), cubes->end(), [&](const auto& candidate) { return candidate.dataset == run.dataset; });
  if (place == cubes->end()) {
    return Status(Code::not_found, "the object has no straight hypercube named '" + std::string(run.dataset) + "'");
  }
  auto cube = hypercube::read_cube(layout_json, place->path);
  if (!cube) return cube.error();
  cube_ = std::move(*cube);
  for (const auto& hidden : cube_.hidden) {
    log::info("left out a column whose show condition does not hold", {{"column", hidden.title}, {"object", std::string(run.object_id)}});
  }
  plan_ = plan_columns(cube_, options_, widening_, measure_expressions(properties_, cube_.definition_path));
  asked_ = false;
  return Opened{plan_.schema, cube_.rows, cube_.rows * cube_.columns};
}

Result<std::optional<Request>> TableAdapter::next_request() {
  if (asked_ || cube_.rows == 0 || cube_.columns == 0) return std::optional<Request>();
  asked_ = true;
  return std::optional<Request>(
      Request{"GetHyperCubeData", "[\"" + cube_.definition_path + "\"]", Page{0, 0, cube_.columns, cube_.rows}, 0});
}

Result<Decoded> TableAdapter::decode(const Request& request, std::string_view reply_json) const {
  return decode_page({&plan_, options_.special_rows}, request.page, reply_json);
}

Status TableAdapter::widen(const Request& request, std::string_view reply_json) {
  Contradiction contradiction;
  contradiction.column = plan_.columns.size();
  auto decoded = decode_page({&plan_, options_.special_rows}, request.page, reply_json, &contradiction);
  if (decoded) {
    decoded->array.release(&decoded->array);
    return {Code::internal, "asked to widen for a reply that fits"};
  }
  if (contradiction.special_row) {
    widening_.row_kind = true;
    return {};
  }
  if (contradiction.column >= plan_.columns.size()) return decoded.error();
  const auto& column = plan_.columns[contradiction.column];
  if (options_.type_conflict == Conflict::fail || !column.may_widen) return decoded.error();
  // A text needs utf8 at once; a number that does not fit goes one step up.
  widening_.columns[contradiction.column] = contradiction.needed;
  log::info(
      "widened a column whose values do not fit its type",
      {{"column", column.title}, {"from", std::string(to_string(column.type))}, {"to", std::string(to_string(contradiction.needed))}});
  return {};
}

}  // namespace qonduit::table

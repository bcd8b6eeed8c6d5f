#include "plugins/adapters/straight/straight_adapter.hpp"

#include <simdjson.h>
#include <qonduit/hidden_titles.hpp>
#include <qonduit/json_text.hpp>
#include <qonduit/log.hpp>

#include <algorithm>

#include "plugins/adapters/hypercube/cube_copy.hpp"
#include "plugins/adapters/hypercube/cube_layout.hpp"
#include "plugins/adapters/hypercube/measure_expressions.hpp"

namespace qonduit::straight {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kStraight = "S";

Result<std::string> path_of(const Run& run, std::string_view layout_json) {
  const auto cubes = hypercube::find_cubes(run.object_type, layout_json, kStraight);
  if (!cubes) return cubes.error();
  const auto place = std::find_if(cubes->begin(), cubes->end(), [&](const auto& candidate) { return candidate.dataset == run.dataset; });
  if (place != cubes->end()) return place->path;
  return Status(Code::not_found, "the object has no straight hypercube named '" + std::string(run.dataset) + "'");
}

// The cube with its columns in the order of the definition. Nothing where the properties do not define it.
Result<std::optional<std::string>> copy_in_order(const hypercube::CubeLayout& cube, std::string_view properties_json) {
  dom::parser parser;
  dom::element properties;
  if (const auto error = parser.parse(properties_json.data(), properties_json.size()).get(properties)) {
    return Status(Code::bad_data, std::string("the object's properties are not valid JSON: ") + simdjson::error_message(error));
  }
  dom::object definition;
  if (properties.at_pointer(cube.definition_path).get(definition) != simdjson::SUCCESS) return std::optional<std::string>();
  std::string order;
  for (std::size_t i = 0; i < cube.definition.size(); ++i) order += (order.empty() ? "" : ",") + std::to_string(i);
  auto added = R"("qColumnOrder":[)" + order + R"(],"qInitialDataFetch":[])";
  if (!cube.state.empty()) added += R"(,"qStateName":)" + json_string(cube.state);
  auto copy = hypercube::with_members(definition,
                                      {"qColumnOrder", "columnOrder", "qInitialDataFetch", cube.state.empty() ? "" : "qStateName"}, added);
  return std::optional(hypercube::object_copy(properties, cube.definition_path, std::move(copy)));
}

}  // namespace

bool StraightAdapter::reads(std::string_view object_type, std::string_view layout_json) {
  const auto cubes = hypercube::find_cubes(object_type, layout_json, kStraight);
  return cubes && !cubes->empty();
}

Result<std::vector<Dataset>> StraightAdapter::datasets(std::string_view object_type, std::string_view layout_json) {
  const auto cubes = hypercube::find_cubes(object_type, layout_json, kStraight);
  if (!cubes) return cubes.error();
  std::vector<Dataset> datasets;
  for (const auto& cube : *cubes) datasets.push_back({cube.dataset, cube.path});
  return datasets;
}

Result<std::optional<std::string>> StraightAdapter::prepare(const Run& run, std::string_view layout_json,
                                                            std::string_view properties_json) {
  properties_ = std::string(properties_json);
  copied_path_.clear();
  const auto path = path_of(run, layout_json);
  if (!path) return path.error();
  const auto cube = hypercube::read_cube(layout_json, *path);
  if (!cube) return cube.error();
  if (cube->order_is_certain) return std::optional<std::string>();
  auto copy = copy_in_order(*cube, properties_json);
  if (copy && *copy) copied_path_ = *path;
  return copy;
}

Result<Opened> StraightAdapter::open(const Run& run, std::string_view layout_json) {
  const bool copy = !copied_path_.empty() && hypercube::layout_type(layout_json) == hypercube::kCopyType;
  const auto path = copy ? Result<std::string>(copied_path_) : path_of(run, layout_json);
  if (!path) return path.error();
  auto cube = hypercube::read_cube(layout_json, *path);
  if (!cube) return cube.error();
  auto not_shown = cube->unnamed;
  for (const auto& hidden : cube->hidden) {
    not_shown.push_back(hidden.title);
    log::info("left out a column whose show condition does not hold", {{"column", hidden.title}, {"object", std::string(run.object_id)}});
  }
  order_ = {};
  if (!cube->order_is_certain && cube->rows > 0) {
    const auto said = "the hypercube at " + cube->path + " has " + cube->order_said;
    const auto learnt = learnt_.find(said);
    if (learnt != learnt_.end() && learnt->second.size() == cube->order_used.size()) cube->arrange(learnt->second);
    order_ = {std::move(cube->orders), cube->order_used, std::move(cube->definition), cube->rows, said};
  }
  std::string note;
  for (const auto& title : cube->unnamed)
    note += (note.empty() ? "left out, since the object's column order does not name them: '" : ", '") + title + "'";
  const auto expressions = hypercube::measure_expressions(properties_, cube->definition_path);
  auto opened = reader_.open(std::move(*cube), "GetHyperCubeData", expressions);
  tell_hidden_titles(opened.schema, not_shown);
  if (!note.empty()) opened.note = opened.note.empty() ? std::move(note) : note + "; " + opened.note;
  return opened;
}

Result<Decoded> StraightAdapter::decode(const Request& request, std::string_view reply_json) const {
  if (auto status = check_order(request, reply_json); !status.ok()) return status;
  return reader_.decode(request, reply_json);
}

hypercube::PageOrder StraightAdapter::order_of(const Request& request, std::string_view reply_json) const {
  return hypercube::order_of_page(order_.likely, order_.columns, reply_json, request.page.height >= order_.rows);
}

Status StraightAdapter::check_order(const Request& request, std::string_view reply_json) const {
  // Behind the last row there is nothing to compare.
  if (order_.likely.empty() || request.page.top >= order_.rows) return {};
  const auto unknown = [this](const std::string& why) {
    return Status(Code::bad_data,
                  "the order of its columns cannot be known: " + order_.said + ", and " + why +
                      "; move a column of the object in Qlik, which writes the order anew, or give the user the right to read the "
                      "object's definition");
  };
  if (request.page.width != static_cast<std::int64_t>(order_.used.size())) {
    return order_.likely.size() == 1 ? Status() : unknown("a row is wider than a page");
  }
  if (request.page.top > 0) {
    return hypercube::page_allows(order_.used, order_.columns, reply_json)
               ? Status()
               : unknown("cells from row " + std::to_string(request.page.top + 1) + " on contradict the order that those before them told");
  }
  const auto found = order_of(request, reply_json);
  if (!found.has_rows) return {};
  if (!found.order) return unknown("its cells do not tell which column is which");
  if (*found.order == order_.used) return {};
  return {Code::bad_data, "the columns stand in another order than the layout let expect: " + order_.said};
}

Status StraightAdapter::widen(const Request& request, std::string_view reply_json) {
  auto status = check_order(request, reply_json);
  if (status.ok()) return reader_.widen(request, reply_json);
  if (request.page.top > 0 || request.page.width != static_cast<std::int64_t>(order_.used.size())) return status;
  auto found = order_of(request, reply_json);
  if (!found.order) return status;
  log::info("learnt the order of columns from their values", {{"why", order_.said}});
  learnt_[order_.said] = std::move(*found.order);
  reader_.forget_widening();
  return {};
}

}  // namespace qonduit::straight

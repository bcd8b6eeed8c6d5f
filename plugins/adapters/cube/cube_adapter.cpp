#include "plugins/adapters/cube/cube_adapter.hpp"

#include <qonduit/hidden_titles.hpp>
#include <qonduit/log.hpp>

#include <algorithm>

#include "plugins/adapters/cube/session_copy.hpp"
#include "plugins/adapters/hypercube/cube_copy.hpp"
#include "plugins/adapters/hypercube/measure_expressions.hpp"

namespace qonduit::cube {
namespace {

bool is_deep(const hypercube::CubePlace& place) { return place.mode.size() == 1 && kModes.find(place.mode) != std::string_view::npos; }

Result<std::string> path_of(const Run& run, std::string_view layout_json) {
  const auto places = hypercube::find_cubes(run.object_type, layout_json);
  if (!places) return places.error();
  const auto place =
      std::find_if(places->begin(), places->end(), [&](const auto& known) { return is_deep(known) && known.dataset == run.dataset; });
  if (place == places->end()) {
    return Status(Code::not_found, "the object has no pivot, stacked or tree hypercube named '" + std::string(run.dataset) + "'");
  }
  return place->path;
}

}  // namespace

std::uint32_t CubeAdapter::accepts(std::string_view object_type, std::string_view layout_json) {
  const auto places = hypercube::find_cubes(object_type, layout_json);
  if (!places || std::none_of(places->begin(), places->end(), is_deep)) return 0;
  return std::all_of(places->begin(), places->end(), is_deep) ? 100 : 50;
}

Result<std::vector<Dataset>> CubeAdapter::datasets(std::string_view object_type, std::string_view layout_json) {
  const auto places = hypercube::find_cubes(object_type, layout_json);
  if (!places) return places.error();
  std::vector<Dataset> datasets;
  for (const auto& place : *places) {
    if (is_deep(place)) datasets.push_back({place.dataset, place.path});
  }
  return datasets;
}

Result<std::optional<std::string>> CubeAdapter::prepare(const Run& run, std::string_view layout_json, std::string_view properties_json) {
  copied_path_.clear();
  const auto path = path_of(run, layout_json);
  if (!path) return path.error();
  const auto layout = read_levels(layout_json, *path);
  if (!layout) return layout.error();
  expressions_ = hypercube::measure_expressions(properties_json, layout->cube.definition_path);
  auto copy = session_copy(*layout, properties_json, options_);
  if (copy && *copy) copied_path_ = *path;
  return copy;
}

Result<Opened> CubeAdapter::open(const Run& run, std::string_view layout_json) {
  const bool copy = !copied_path_.empty() && hypercube::layout_type(layout_json) == hypercube::kCopyType;
  if (copy != reads_copy_) widening_ = {};
  reads_copy_ = copy;
  const auto path = copy ? Result<std::string>(copied_path_) : path_of(run, layout_json);
  if (!path) return path.error();
  auto layout = read_levels(layout_json, *path);
  if (!layout) return std::move(layout).error();
  layout_ = std::move(*layout);
  const bool names_measures = options_.shape == Shape::cells || (options_.shape == Shape::tidy && layout_.place == MeasurePlace::apart) ||
                              (options_.shape == Shape::wide && layout_.measures_left);
  hypercube::label_columns(layout_.cube, expressions_,
                           names_measures ? std::vector<std::string_view>{kMeasureColumn, kValueColumn} : std::vector<std::string_view>{});
  auto not_shown = layout_.cube.unnamed;
  for (const auto& hidden : layout_.cube.hidden) {
    not_shown.push_back(hidden.title);
    log::info("left out a column whose show condition does not hold", {{"column", hidden.title}, {"object", std::string(run.object_id)}});
  }
  std::vector<WideColumn> wide;
  if (options_.shape == Shape::wide) {
    auto columns = wide_columns(layout_, options_.separator);
    if (!columns) return std::move(columns).error();
    wide = std::move(*columns);
  }
  if (layout_.measures == 0) {
    return Status(Code::unsupported,
                  "the hypercube at " + layout_.cube.path + " has no measure, so it has no data; add one, or leave the object out");
  }
  plan_ = plan_cube(layout_, options_, widening_, expressions_, wide, locale_);
  findings_.reset(plan_.columns.columns.size());
  if (auto status = check_shape(); !status.ok()) return status;
  requests_ = RequestPlan(layout_, plan_);
  Opened opened{plan_.columns.schema, layout_.cube.rows, layout_.cube.rows * layout_.cube.columns, note()};
  tell_hidden_titles(opened.schema, not_shown);
  if (layout_.mode == 'K') opened.rows = layout_.outer.value_or(0);
  if (layout_.mode != 'P') opened.cells = layout_.cube.rows * static_cast<std::int64_t>(layout_.measures);
  return opened;
}

// What the layout says of itself must hold together before anything is read.
Status CubeAdapter::check_shape() const {
  const auto measures = static_cast<std::int64_t>(layout_.measures);
  const auto& cube = layout_.cube;
  if (layout_.mode == 'K' && !layout_.outer) {
    return {Code::unsupported,
            "the layout does not say how many members the outermost dimension of the stack has; give the user the right "
            "to read the object's definition, so that a copy of it can be read"};
  }
  if (layout_.mode != 'P' || plan_.shape != Shape::tidy) return {};
  const auto cells = layout_.measures_left ? cube.rows : cube.columns;
  if (cells % measures == 0) return {};
  return {Code::bad_data, "the hypercube at " + cube.path + " has " + std::to_string(cells) +
                              (layout_.measures_left ? " rows" : " columns") + ", which its " + std::to_string(measures) +
                              " measures do not divide"};
}

std::string CubeAdapter::note() const {
  const auto of_columns = straight::joined_notes(plan_.columns);
  if (reads_copy_ || (layout_.mode != 'P' && !layout_.collapsed)) return of_columns;
  std::string text = "read as the object is expanded for this user, whose rights, or whose engine, do not let its definition be copied";
  if (layout_.collapsed) text += "; collapsed members have one row each, of kind collapsed, with what they add up to";
  if (plan_.shape != options_.shape) text += "; delivered in shape cells, since the measures do not stand side by side in it";
  if (!of_columns.empty()) text += "; " + of_columns;
  return text;
}

Result<Decoded> CubeAdapter::decode_reply(const Request& request, std::string_view reply_json,
                                          straight::Contradiction* contradiction) const {
  const DecoderSettings settings{&layout_, &plan_, options_.totals, contradiction == nullptr ? &findings_ : nullptr};
  switch (layout_.mode) {
    case 'K': return decode_stack(settings, request.page, reply_json, contradiction);
    case 'T': return decode_tree(settings, RequestPlan::window_of(request.tag), reply_json, contradiction);
    default: return decode_pivot(settings, request.page, reply_json, contradiction);
  }
}

Result<Decoded> CubeAdapter::decode(const Request& request, std::string_view reply_json) const {
  return decode_reply(request, reply_json, nullptr);
}

Status CubeAdapter::widen(const Request& request, std::string_view reply_json) {
  auto decoded = decode_reply(request, reply_json, nullptr);
  if (decoded) {
    decoded->array.release(&decoded->array);
    return {Code::internal, "asked to widen for a reply that fits"};
  }
  straight::Contradiction contradiction;
  auto surveyed = decode_reply(request, reply_json, &contradiction);
  if (surveyed) surveyed->array.release(&surveyed->array);
  return straight::widen(contradiction, plan_.columns, options_.of_columns(), surveyed ? decoded.error() : surveyed.error(), widening_);
}

}  // namespace qonduit::cube

#include "plugins/adapters/list/list_adapter.hpp"

#include <simdjson.h>

#include <algorithm>
#include <optional>

#include "plugins/adapters/hypercube/cube_layout.hpp"

namespace qonduit::list {
namespace {

using hypercube::Frequency;

constexpr std::string_view kList;  // the mode of a list: none

// How the definition at this path counts; nothing where it cannot be read.
std::optional<Frequency> defined_frequency(std::string_view properties_json, const std::string& definition_path) {
  simdjson::dom::parser parser;
  simdjson::dom::element properties, definition;
  if (parser.parse(properties_json.data(), properties_json.size()).get(properties) != simdjson::SUCCESS) return std::nullopt;
  if (properties.at_pointer(definition_path).get(definition) != simdjson::SUCCESS) return std::nullopt;
  std::string_view mode;
  // What is default is left out.
  if (definition["qFrequencyMode"].get(mode) != simdjson::SUCCESS) return std::nullopt;
  if (mode == "V" || mode == "NX_FREQUENCY_VALUE") return Frequency::count;
  if (mode == "P" || mode == "NX_FREQUENCY_PERCENT") return Frequency::percent;
  if (mode == "R" || mode == "NX_FREQUENCY_RELATIVE") return Frequency::relative;
  return Frequency::none;
}

}  // namespace

std::uint32_t ListAdapter::accepts(std::string_view object_type, std::string_view layout_json) {
  const auto lists = hypercube::find_cubes(object_type, layout_json, kList);
  if (!lists || lists->empty()) return 0;
  return object_type == "listbox" ? 100 : 60;
}

Result<std::vector<Dataset>> ListAdapter::datasets(std::string_view object_type, std::string_view layout_json) {
  const auto lists = hypercube::find_cubes(object_type, layout_json, kList);
  if (!lists) return lists.error();
  std::vector<Dataset> datasets;
  for (const auto& list : *lists) datasets.push_back({list.dataset, list.path});
  return datasets;
}

Result<std::optional<std::string>> ListAdapter::prepare(const Run& /*run*/, std::string_view /*layout_json*/,
                                                        std::string_view properties_json) {
  properties_ = std::string(properties_json);
  return std::optional<std::string>();
}

Result<Opened> ListAdapter::open(const Run& run, std::string_view layout_json) {
  const auto lists = hypercube::find_cubes(run.object_type, layout_json, kList);
  if (!lists) return lists.error();
  const auto place = std::find_if(lists->begin(), lists->end(), [&](const auto& candidate) { return candidate.dataset == run.dataset; });
  if (place == lists->end()) return Status(Code::not_found, "the object has no list named '" + std::string(run.dataset) + "'");
  auto list = hypercube::read_list(layout_json, place->path);
  if (!list) return list.error();
  if (const auto frequency = defined_frequency(properties_, list->definition_path)) list->visible.front().frequency = *frequency;
  return reader_.open(std::move(*list), "GetListObjectData", {});
}

}  // namespace qonduit::list

#include "core/pipeline/object_source.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace qonduit::pipeline {
namespace {

namespace dom = simdjson::dom;

void count(dom::element element, const std::string& path, CubeCensus& census) {
  if (dom::object object; element.get(object) == simdjson::SUCCESS) {
    for (const auto field : object) {
      const auto below = [&] { return (path + "/").append(field.key); };
      if (field.key == "qHyperCube") {
        std::string_view mode;
        if (field.value["qMode"].get(mode) != simdjson::SUCCESS) continue;
        ++(mode == "S" ? census.straight : census.other);
        census.places.push_back(below());
      } else if (field.key == "qListObject") {
        ++census.lists;
        census.places.push_back(below());
      } else if (field.key != "qDataPages" && field.key != "qLayoutExclude" && (field.value.is_object() || field.value.is_array())) {
        count(field.value, below(), census);
      }
    }
  } else if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    std::size_t at = 0;
    for (const auto item : array) count(item, path + "/" + std::to_string(at++), census);
  }
}

// A cube without a state of its own is in its object's.
void collect_states(dom::element element, std::string_view inherited, std::vector<std::string>& states) {
  if (dom::object object; element.get(object) == simdjson::SUCCESS) {
    std::string_view own;
    if (object["qStateName"].get(own) == simdjson::SUCCESS && !own.empty()) inherited = own;
    for (const auto field : object) {
      if (field.key == "qDataPages" || field.key == "qSelectionObject" || field.key == "qLayoutExclude") continue;
      if (field.key == "qHyperCube" || field.key == "qListObject") {
        std::string_view state = inherited;
        if (field.value["qStateName"].get(own) == simdjson::SUCCESS && !own.empty()) state = own;
        if (std::find(states.begin(), states.end(), state) == states.end()) states.emplace_back(state);
      } else {
        collect_states(field.value, inherited, states);
      }
    }
  } else if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    for (const auto item : array) collect_states(item, inherited, states);
  }
}

Status not_json(simdjson::error_code error) {
  return {Code::bad_data, std::string("the engine's layout is not valid JSON: ") + simdjson::error_message(error)};
}

}  // namespace

std::string_view AdapterSource::layout() {
  const auto layout = snapshot_.layout_json();
  if (layout_.empty()) layout_.assign(layout).append(QONDUIT_REPLY_PADDING, ' ');
  return std::string_view(layout_).substr(0, layout.size());
}

Result<fetch::Piece> AdapterSource::decode(const fetch::Request& request, std::string_view reply_json) {
  auto piece = adapter_.decode(request, reply_json);
  if (piece) return fetch::Piece{std::move(piece->array), piece->rows};
  if (piece.error().code() == Code::bad_data) {
    refused_ = request;
    refused_reply_.assign(reply_json);
    refused_reply_.append(QONDUIT_REPLY_PADDING, ' ');
  }
  return std::move(piece).error();
}

Status AdapterSource::widen() {
  if (refused_reply_.empty()) return {Code::unsupported, "no reply was refused"};
  const auto reply = std::exchange(refused_reply_, {});
  return adapter_.widen(refused_, std::string_view(reply).substr(0, reply.size() - QONDUIT_REPLY_PADDING));
}

Result<CubeCensus> take_census(std::string_view layout_json) {
  dom::parser parser;
  dom::element layout;
  if (const auto error = parser.parse(layout_json.data(), layout_json.size()).get(layout)) return not_json(error);
  CubeCensus census;
  count(layout, "", census);
  return census;
}

Result<std::vector<std::string>> read_states(std::string_view layout_json) {
  dom::parser parser;
  dom::element layout;
  if (const auto error = parser.parse(layout_json.data(), layout_json.size()).get(layout)) return not_json(error);
  std::vector<std::string> states;
  collect_states(layout, "$", states);
  return states;
}

Result<ObjectFacts> read_facts(std::string_view layout_json) {
  dom::parser parser;
  dom::element layout;
  if (const auto error = parser.parse(layout_json.data(), layout_json.size()).get(layout)) return not_json(error);
  ObjectFacts facts;
  std::string_view text;
  if (layout["visualization"].get(text) == simdjson::SUCCESS && !text.empty()) {
    facts.type = std::string(text);
  } else if (layout.at_pointer("/qInfo/qType").get(text) == simdjson::SUCCESS) {
    facts.type = std::string(text);
  }
  if (layout["title"].get(text) == simdjson::SUCCESS && !text.empty()) {
    facts.title = std::string(text);
  } else if (layout.at_pointer("/qMeta/title").get(text) == simdjson::SUCCESS) {
    facts.title = std::string(text);
  }
  return facts;
}

std::vector<std::string> CubeCensus::missed_by(const std::vector<AssignedDataset>& assigned) const {
  std::vector<std::string> missed;
  for (const auto& place : places) {
    if (std::none_of(assigned.begin(), assigned.end(), [&](const auto& dataset) { return dataset.place == place; }))
      missed.push_back(place);
  }
  // Those of adapters that do not say where they read may be among them.
  const auto unsaid = std::count_if(assigned.begin(), assigned.end(), [](const auto& dataset) { return dataset.place.empty(); });
  if (static_cast<std::ptrdiff_t>(missed.size()) <= unsaid) missed.clear();
  return missed;
}

Result<std::vector<AssignedDataset>> assign_datasets(const std::vector<NamedAdapter>& adapters, const std::string& type,
                                                     std::string_view layout_json) {
  static const host::WirePairs none;
  const auto options_of = [](const NamedAdapter& adapter) -> const host::WirePairs& {
    return adapter.pairs ? adapter.pairs->wire() : none;
  };
  std::vector<std::pair<std::uint32_t, const NamedAdapter*>> takers;
  for (const auto& adapter : adapters) {
    const auto score = host::Adapter::accepts(*adapter.component, options_of(adapter), type, layout_json);
    if (score > 0) takers.emplace_back(score, &adapter);
  }
  std::stable_sort(takers.begin(), takers.end(), [](const auto& left, const auto& right) { return left.first > right.first; });
  std::vector<AssignedDataset> assigned;
  for (const auto& [score, adapter] : takers) {
    auto datasets = host::Adapter::datasets(*adapter->component, options_of(*adapter), type, layout_json);
    if (!datasets) return std::move(datasets).error();
    for (auto& dataset : *datasets) {
      const bool taken = std::any_of(assigned.begin(), assigned.end(), [&](const auto& known) {
        return known.name == dataset.name || (!dataset.place.empty() && known.place == dataset.place);
      });
      if (!taken) assigned.push_back({std::move(dataset.name), std::move(dataset.place), adapter});
    }
  }
  return assigned;
}

}  // namespace qonduit::pipeline

#include "core/pipeline/object_source.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace qonduit::pipeline {
namespace {

namespace dom = simdjson::dom;

void count(dom::element element, CubeCensus& census) {
  if (dom::object object; element.get(object) == simdjson::SUCCESS) {
    for (const auto field : object) {
      if (field.key == "qHyperCube") {
        std::string_view mode;
        if (field.value["qMode"].get(mode) == simdjson::SUCCESS) ++(mode == "S" ? census.straight : census.other);
      } else if (field.key == "qListObject") {
        ++census.lists;
      } else if (field.key != "qDataPages" && field.key != "qLayoutExclude") {
        count(field.value, census);
      }
    }
  } else if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    for (const auto item : array) count(item, census);
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

Result<std::optional<fetch::Request>> AdapterSource::next_request() {
  auto asked = adapter_.next_request();
  if (!asked) return std::move(asked).error();
  if (!*asked) return std::optional<fetch::Request>();
  auto& request = **asked;
  const auto& page = request.page;
  return std::optional<fetch::Request>({std::move(request.method),
                                        std::move(request.params_json),
                                        {page.left, page.top, page.width, page.height},
                                        request.tag,
                                        request.step_width,
                                        request.step_height});
}

Result<fetch::Piece> AdapterSource::decode(const fetch::Request& request, std::string_view reply_json) {
  const auto& page = request.page;
  const Request asked{{}, {}, {page.left, page.top, page.width, page.height}, request.tag, 0, 0};
  auto piece = adapter_.decode(asked, reply_json);
  if (piece) return fetch::Piece{std::move(piece->array), piece->rows};
  if (piece.error().code() == Code::bad_data) {
    refused_ = asked;
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
  count(layout, census);
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

Result<std::vector<AssignedDataset>> assign_datasets(const std::vector<NamedAdapter>& adapters, const std::string& type,
                                                     std::string_view layout_json, int total) {
  std::vector<std::pair<std::uint32_t, const NamedAdapter*>> takers;
  for (const auto& adapter : adapters) {
    const auto score = plugin::RemoteAdapter::accepts(*adapter.component, type, layout_json);
    if (score > 0) takers.emplace_back(score, &adapter);
  }
  std::stable_sort(takers.begin(), takers.end(), [](const auto& left, const auto& right) { return left.first > right.first; });
  std::vector<AssignedDataset> assigned;
  for (const auto& [score, adapter] : takers) {
    if (assigned.size() >= static_cast<std::size_t>(total)) break;
    auto names = plugin::RemoteAdapter::datasets(*adapter->component, type, layout_json);
    if (!names) return std::move(names).error();
    for (auto& name : *names) {
      const bool taken = std::any_of(assigned.begin(), assigned.end(), [&](const auto& known) { return known.name == name; });
      if (!taken) assigned.push_back({std::move(name), adapter});
    }
  }
  return assigned;
}

}  // namespace qonduit::pipeline

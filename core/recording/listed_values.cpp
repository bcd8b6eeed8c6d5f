#include "core/recording/listed_values.hpp"

#include <simdjson.h>

#include <limits>

#include "core/engine/expression.hpp"

namespace qonduit::recording {

void ListedValues::made(const std::string& name, std::string_view definition) {
  if (kept_.empty()) return;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view field;
  if (parser.parse(definition.data(), definition.size()).get(root) != simdjson::SUCCESS) return;
  if (root.at_pointer("/qListObjectDef/qDef/qFieldDefs/0").get(field) != simdjson::SUCCESS) return;
  std::string_view state;
  if (root.at_pointer("/qListObjectDef/qStateName").get(state) != simdjson::SUCCESS || state.empty()) state = "$";
  Place place(engine::unbracketed(field), state);
  if (kept_.contains(place.first)) lists_.insert_or_assign(name, std::move(place));
}

void ListedValues::page(const std::string& name, std::string_view json) {
  const auto list = lists_.find(name);
  if (list == lists_.end()) return;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::array rows;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS || root["qMatrix"].get(rows) != simdjson::SUCCESS) return;
  auto& values = values_[list->second];
  for (const auto row : rows) {
    simdjson::dom::element cell;
    ListedValue value;
    if (row.at(0).get(cell) != simdjson::SUCCESS || cell["qElemNumber"].get(value.element) != simdjson::SUCCESS) continue;
    std::string_view text;
    if (cell["qText"].get(text) == simdjson::SUCCESS) value.text = text;
    if (cell["qNum"].get(value.number) != simdjson::SUCCESS) value.number = std::numeric_limits<double>::quiet_NaN();
    values.insert_or_assign(value.element, std::move(value));
  }
}

std::vector<ListedValue> ListedValues::of(const std::string& field, const std::string& state) const {
  std::vector<ListedValue> made;
  if (const auto found = values_.find({field, state}); found != values_.end()) {
    for (const auto& [element, value] : found->second) made.push_back(value);
  }
  return made;
}

}  // namespace qonduit::recording

#include "apps/session_lists.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/evaluator.hpp"
#include "apps/meta.hpp"

namespace qonduit::simulator {
namespace {

using MakeList = JsonObject (*)(const JsonObject& definition, const App& app, Scope& scope);

JsonObject items(const JsonArray& made) { return object({{"qItems", made}}); }

JsonObject field_list(const JsonObject&, const App&, Scope& scope) {
  JsonArray made = array();
  for (const auto& field : scope.model().fields()) {
    JsonArray tags = array();
    for (const auto& tag : tags_of(field)) tags->add(tag);
    JsonArray tables = array();
    for (const auto table : field.tables) tables->add(scope.model().tables()[table].name);
    JsonObject item = object(
        {{"qName", field.name}, {"qCardinal", static_cast<std::int64_t>(field.symbols.size())}, {"qTags", tags}, {"qSrcTables", tables}});
    if (field.type != FieldType::text) item->set("qIsNumeric", true);
    made->add(item);
  }
  return items(made);
}

JsonObject variable_list(const JsonObject& definition, const App&, Scope& scope) {
  JsonArray made = array();
  for (const auto& [name, variable] : scope.variables) {
    const JsonObject properties = object({{"qName", name}, {"qDefinition", variable.definition}});
    made->add(object({{"qName", name},
                      {"qDefinition", variable.definition},
                      {"qMeta", object()},
                      {"qInfo", object({{"qId", variable.id}, {"qType", "variable"}})},
                      {"qData", list_data(object_member(definition, "qData"), properties)}}));
  }
  return items(made);
}

// Measured: qData of master items resolves what is one value; an array or an object is an empty text.
JsonObject scalars(JsonObject data) {
  for (const auto& name : data->getNames())
    if (!as_array(data->get(name)).isNull() || !as_object(data->get(name)).isNull()) data->set(name, "");
  return data;
}

JsonObject library_list(const std::map<std::string, JsonObject>& library, const Library& all, const char* type, const char* inner,
                        const JsonObject& definition) {
  JsonArray made = array();
  for (const auto& [id, item] : library) {
    const auto known = all.metas.find(id);
    const JsonObject meta = known == all.metas.end() ? object() : known->second;
    const JsonObject info = object({{"qId", id}, {"qType", type}});
    const JsonObject properties = object({{"qInfo", info}, {inner, item}, {"qMetaDef", meta}});
    made->add(object(
        {{"qInfo", info}, {"qMeta", item_meta(meta)}, {"qData", scalars(list_data(object_member(definition, "qData"), properties))}}));
  }
  return items(made);
}

JsonObject dimension_list(const JsonObject& definition, const App&, Scope& scope) {
  return library_list(scope.library().dimensions, scope.library(), "dimension", "qDim", definition);
}

JsonObject measure_list(const JsonObject& definition, const App&, Scope& scope) {
  return library_list(scope.library().measures, scope.library(), "measure", "qMeasure", definition);
}

JsonObject bookmark_list(const JsonObject& definition, const App& app, Scope& scope) {
  return items(bookmark_items(app, scope, object_member(definition, "qData")));
}

// Selected values are listed up to this many; then their number.
constexpr std::size_t kListed = 6;

JsonObject current_selections(const JsonObject& definition, const App&, Scope& scope) {
  const std::string state = text_member(definition, "qStateName");
  JsonArray made = array();
  for (const auto& [index, selection] : scope.selections(state)) {
    const Field& field = scope.model().field(index);
    std::string text;
    JsonArray names = array();
    for (std::size_t i = 0; i < selection.chosen.size(); ++i) {
      if (selection.chosen[i] == 0) continue;
      text += (text.empty() ? "" : ", ") + field.symbols[i].text;
      names->add(object({{"qName", field.symbols[i].text}}));
    }
    const auto count = selection.count();
    if (count > kListed) text = std::to_string(count) + " of " + std::to_string(field.symbols.size());
    const auto counts = count_states(scope.states(state, index));
    JsonObject item = object({{"qTotal", static_cast<std::int64_t>(field.symbols.size())}, {"qField", field.name}});
    if (field.type != FieldType::text) item->set("qIsNum", true);
    if (selection.locked) item->set("qLocked", true);
    item->set("qSelectedCount", static_cast<std::int64_t>(count));
    item->set("qSelected", text);
    item->set("qRangeInfo", array());
    item->set("qSortIndex", index);
    item->set("qStateCounts", to_json(counts));
    item->set("qSelectedFieldSelectionInfo", count > kListed ? array() : names);
    item->set("qNotSelectedFieldSelectionInfo", array());
    item->set("qSelectionThreshold", static_cast<std::int64_t>(kListed));
    made->add(item);
  }
  return object({{"qBackCount", static_cast<std::int64_t>(scope.back_count)},
                 {"qForwardCount", static_cast<std::int64_t>(scope.forward_count)},
                 {"qSelections", made}});
}

struct Known {
  const char* definition;
  const char* layout;
  MakeList make;
};
constexpr std::array kKnown = {
    Known{"qFieldListDef", "qFieldList", field_list},
    Known{"qVariableListDef", "qVariableList", variable_list},
    Known{"qDimensionListDef", "qDimensionList", dimension_list},
    Known{"qMeasureListDef", "qMeasureList", measure_list},
    Known{"qBookmarkListDef", "qBookmarkList", bookmark_list},
    Known{"qSelectionObjectDef", "qSelectionObject", current_selections},
};

}  // namespace

JsonArray bookmark_items(const App& app, const Scope& scope, const JsonObject& data) {
  JsonArray made = array();
  const auto add = [&](const std::string& id, const JsonObject& meta) {
    const JsonObject info = object({{"qId", id}, {"qType", "bookmark"}});
    // A client that asks for no data of them relies on what they select.
    const JsonObject shown = data.isNull() ? object({{"qBookmark", bookmark_states(scope, id)}})
                                           : list_data(data, object({{"qInfo", info}, {"qMetaDef", meta}}));
    made->add(object({{"qInfo", info}, {"qMeta", item_meta(meta)}, {"qData", shown}}));
  };
  for (const auto& bookmark : app.bookmarks()) add(bookmark.id, bookmark_meta(app, scope, bookmark.id));
  for (const auto& [id, selections] : scope.bookmarks)
    if (app.find_bookmark(id) == nullptr) add(id, bookmark_meta(app, scope, id));  // of the session
  return made;
}

JsonObject bookmark_states(const Scope& scope, const std::string& id) {
  JsonArray fields = array();
  for (const auto& [index, selection] : scope.bookmarks.at(id)) {
    const Field& field = scope.model().field(index);
    JsonArray values = array();
    for (std::size_t i = 0; i < selection.chosen.size(); ++i) {
      if (selection.chosen[i] == 0) continue;
      JsonObject value = object({{"qText", field.symbols[i].text}});
      if (!std::isnan(field.symbols[i].number)) value->set("qIsNumeric", true), value->set("qNumber", field.symbols[i].number);
      values->add(value);
    }
    fields->add(object({{"qDef", object({{"qName", field.name}, {"qType", "PRESENT"}})},
                        {"qSelectInfo", object({{"qRangeInfo", array()}, {"qContinuousRangeInfo", array()}})},
                        {"qValues", values},
                        {"qExcludedValues", array()}}));
  }
  return object({{"qStateData", array({object({{"qStateName", "$"}, {"qFieldItems", fields}})})}});
}

JsonObject bookmark_meta(const App& app, const Scope& scope, const std::string& id) {
  if (const auto* stored = app.find_bookmark(id)) return object({{"title", stored->title}, {"description", stored->description}});
  const auto found =
      std::find_if(scope.bookmark_ids.begin(), scope.bookmark_ids.end(), [&](const auto& known) { return known.second == id; });
  return object({{"title", found == scope.bookmark_ids.end() ? std::string() : found->first}});
}

std::pair<std::string, JsonObject> session_list(const std::string& name, const JsonObject& definition, const App& app, Scope& scope) {
  if (definition.isNull()) return {};
  for (const auto& known : kKnown)
    if (name == known.definition) return {known.layout, known.make(definition, app, scope)};
  return {};
}

}  // namespace qonduit::simulator

// Calls on variables, master items and bookmarks.
#include <algorithm>

#include "apps/meta.hpp"
#include "apps/session_lists.hpp"
#include "calls/dispatcher.hpp"
#include "cube/definition.hpp"
#include "model/number_format.hpp"

namespace qonduit::simulator {

const Dispatcher::Methods& Dispatcher::variable_methods() {
  static const Methods methods = {
      {"GetLayout", &Dispatcher::variable_layout},
      {"GetProperties", &Dispatcher::variable_properties},
      {"SetStringValue", &Dispatcher::variable_set_text},
      {"SetNumValue", &Dispatcher::variable_set_number},
      {"GetContent", &Dispatcher::variable_content},
      {"SetDualValue", &Dispatcher::variable_set_dual},
      {"GetInfo", &Dispatcher::item_info},
  };
  return methods;
}

const Dispatcher::Methods& Dispatcher::dimension_methods() {
  static const Methods methods = {
      {"GetDimension", &Dispatcher::dimension_definition},
      {"GetProperties", &Dispatcher::dimension_properties},
      {"GetLayout", &Dispatcher::dimension_layout},
      {"GetLinkedObjects", &Dispatcher::item_linked_objects},
      {"StepCycle", &Dispatcher::dimension_step},
      {"SetActiveField", &Dispatcher::dimension_set_active},
      {"GetInfo", &Dispatcher::item_info},
  };
  return methods;
}

const Dispatcher::Methods& Dispatcher::measure_methods() {
  static const Methods methods = {{"GetMeasure", &Dispatcher::measure_definition},
                                  {"GetProperties", &Dispatcher::measure_properties},
                                  {"GetLayout", &Dispatcher::measure_layout},
                                  {"GetLinkedObjects", &Dispatcher::item_linked_objects},
                                  {"GetInfo", &Dispatcher::item_info}};
  return methods;
}

const Dispatcher::Methods& Dispatcher::bookmark_methods() {
  static const Methods methods = {{"GetLayout", &Dispatcher::bookmark_layout},
                                  {"GetProperties", &Dispatcher::bookmark_properties},
                                  {"Apply", &Dispatcher::bookmark_apply},
                                  {"GetInfo", &Dispatcher::item_info}};
  return methods;
}

Variable& Dispatcher::variable_of(Call& call) { return session_->scope().variables.at(call.held->id); }

void Dispatcher::variable_layout(Call& call) {
  const Variable& variable = variable_of(call);
  const Value value = session_->scope().value_of(variable);
  const std::string text = text_of(value, session_->scope().locale());
  call.held->validated = true;
  JsonObject layout = object({{"qInfo", object({{"qId", variable.id}, {"qType", "variable"}})}, {"qMeta", object()}, {"qText", text}});
  layout->set("qNum", number(value.number));
  call.reply.member("qLayout", layout);
}

void Dispatcher::variable_properties(Call& call) {
  const Variable& variable = variable_of(call);
  call.reply.member("qProp", object({{"qInfo", object({{"qId", variable.id}, {"qType", "variable"}})},
                                     {"qMetaDef", object()},
                                     {"qName", variable.name},
                                     {"qDefinition", variable.definition}}));
}

void Dispatcher::variable_set_text(Call& call) {
  Variable& variable = variable_of(call);
  variable.definition = call.params.text(0, "qVal");
  variable.number = kNaN;
  session_->touch();
  overtakes_ = true;
}

void Dispatcher::variable_set_number(Call& call) {
  const Json given = call.params.get(0, "qVal");
  if (!given.isNumeric()) throw EngineError{-32602, "qVal", "Invalid method parameter(s)"};
  Variable& variable = variable_of(call);
  variable.number = given.convert<double>();
  variable.definition = format_general(variable.number, session_->scope().locale().decimal);
  session_->touch();
  overtakes_ = true;
}

void Dispatcher::variable_set_dual(Call& call) {
  const Json given = call.params.get(1, "qNum");
  if (!given.isNumeric()) throw EngineError{-32602, "qNum", "Invalid method parameter(s)"};
  Variable& variable = variable_of(call);
  variable.definition = call.params.text(0, "qText");
  variable.number = given.convert<double>();
  session_->touch();
  overtakes_ = true;
}

void Dispatcher::dimension_definition(Call& call) { call.reply.member("qDim", call.app->library()->dimensions.at(call.held->id)); }

void Dispatcher::dimension_properties(Call& call) {
  call.reply.member("qProp", object({{"qInfo", object({{"qId", call.held->id}, {"qType", "dimension"}})},
                                     {"qDim", call.app->library()->dimensions.at(call.held->id)},
                                     {"qMetaDef", item_definition(call)}}));
}

void Dispatcher::dimension_layout(Call& call) {
  const auto& definition = call.app->library()->dimensions.at(call.held->id);
  const DataModel& model = session_->scope().model();
  JsonArray infos = array();
  for (const auto& item : *array_member(definition, "qFieldDefs")) {
    const int index = model.find_field(unbracketed(item.convert<std::string>()));
    JsonArray tags = array();
    std::int64_t most = 0;
    if (index >= 0) {
      for (const auto& tag : tags_of(model.field(index))) tags->add(tag);
      for (const auto& symbol : model.field(index).symbols) most = std::max(most, glyphs(symbol.text));
    }
    infos->add(object({{"qApprMaxGlyphCount", most},
                       {"qCardinal", index < 0 ? std::int64_t{0} : static_cast<std::int64_t>(model.field(index).symbols.size())},
                       {"qTags", tags}}));
  }
  call.held->validated = true;
  call.reply.member("qLayout", object({{"qInfo", object({{"qId", call.held->id}, {"qType", "dimension"}})},
                                       {"qMeta", item_meta(item_definition(call))},
                                       {"qDim", definition},
                                       {"qDimInfos", infos}}));
}

void Dispatcher::dimension_step(Call& call) {
  const auto& definition = call.app->library()->dimensions.at(call.held->id);
  const auto fields = array_member(definition, "qFieldDefs");
  if (text_member(definition, "qGrouping") != "C") throw EngineError{6002, call.held->id, "Invalid object state"};
  auto& active = session_->scope().active_fields[call.held->id];
  const auto count = static_cast<std::int64_t>(fields->size());
  active = ((active + call.params.integer(0, "qNbrSteps")) % count + count) % count;
  session_->touch();
  overtakes_ = true;
}

void Dispatcher::dimension_set_active(Call& call) {
  session_->scope().active_fields[call.held->id] = call.params.integer(0, "qActiveFieldIndex");
  session_->touch();
  overtakes_ = true;
}

void Dispatcher::measure_definition(Call& call) { call.reply.member("qMeasure", call.app->library()->measures.at(call.held->id)); }

void Dispatcher::measure_properties(Call& call) {
  call.reply.member("qProp", object({{"qInfo", object({{"qId", call.held->id}, {"qType", "measure"}})},
                                     {"qMeasure", call.app->library()->measures.at(call.held->id)},
                                     {"qMetaDef", item_definition(call)}}));
}

void Dispatcher::measure_layout(Call& call) {
  call.held->validated = true;
  // A client relies on a format where none was chosen.
  JsonObject measure = as_object(copy_of(call.app->library()->measures.at(call.held->id)));
  if (!measure->has("qNumFormat")) measure->set("qNumFormat", object({{"qType", "U"}, {"qnDec", 10}, {"qUseThou", 0}}));
  call.reply.member("qLayout", object({{"qInfo", object({{"qId", call.held->id}, {"qType", "measure"}})},
                                       {"qMeasure", measure},
                                       {"qMeta", item_meta(item_definition(call))}}));
}

namespace {

// Whether properties name a master item anywhere.
bool uses(const Json& value, const std::string& library_id) {
  if (const auto members = as_object(value); !members.isNull()) {
    if (text_member(members, "qLibraryId") == library_id) return true;
    const auto names = members->getNames();
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return uses(members->get(name), library_id); });
  }
  if (const auto items = as_array(value); !items.isNull())
    return std::any_of(items->begin(), items->end(), [&](const Json& item) { return uses(item, library_id); });
  return false;
}

}  // namespace

// What the item says of itself, its qMetaDef.
JsonObject Dispatcher::item_definition(const Call& call) const {
  if (call.held->kind == Held::Kind::bookmark) return bookmark_meta(*call.app, session_->scope(), call.held->id);
  const auto& metas = call.app->library()->metas;
  const auto found = metas.find(call.held->id);
  return found == metas.end() ? object() : found->second;
}

void Dispatcher::item_linked_objects(Call& call) {
  JsonArray items = array();
  for (const auto& stored : call.app->objects())
    if (uses(stored.properties, call.held->id))
      items->add(object({{"qRootHandle", -1}, {"qInfo", object({{"qId", stored.id}, {"qType", stored.type}})}}));
  call.reply.member("qItems", items);
}

void Dispatcher::bookmark_properties(Call& call) {
  call.reply.member("qProp",
                    object({{"qInfo", object({{"qId", call.held->id}, {"qType", "bookmark"}})}, {"qMetaDef", item_definition(call)}}));
}

void Dispatcher::bookmark_layout(Call& call) {
  call.held->validated = true;
  call.reply.member("qLayout", object({{"qInfo", object({{"qId", call.held->id}, {"qType", "bookmark"}})},
                                       {"qMeta", item_meta(item_definition(call))},
                                       {"qBookmark", bookmark_states(session_->scope(), call.held->id)}}));
}

void Dispatcher::bookmark_apply(Call& call) {
  refuse_modal(call);
  session_->replace(kDefaultState, session_->scope().bookmarks.at(call.held->id));
  call.reply.member("qSuccess", true);
  overtakes_ = true;
}

void Dispatcher::item_info(Call& call) {
  static const std::map<Held::Kind, const char*> types = {{Held::Kind::variable, "variable"},
                                                          {Held::Kind::dimension, "dimension"},
                                                          {Held::Kind::measure, "measure"},
                                                          {Held::Kind::bookmark, "bookmark"}};
  call.reply.member("qInfo", object({{"qId", call.held->id}, {"qType", types.at(call.held->kind)}}));
}

}  // namespace qonduit::simulator

// Calls on variables, master items and bookmarks.
#include "calls/dispatcher.hpp"
#include "model/number_format.hpp"

namespace qonduit::simulator {

const Dispatcher::Methods& Dispatcher::variable_methods() {
  static const Methods methods = {
      {"GetLayout", &Dispatcher::variable_layout},        {"GetProperties", &Dispatcher::variable_properties},
      {"SetStringValue", &Dispatcher::variable_set_text}, {"SetNumValue", &Dispatcher::variable_set_number},
      {"SetDualValue", &Dispatcher::variable_set_dual},   {"GetInfo", &Dispatcher::item_info},
  };
  return methods;
}

const Dispatcher::Methods& Dispatcher::dimension_methods() {
  static const Methods methods = {
      {"GetDimension", &Dispatcher::dimension_definition},
      {"GetProperties", &Dispatcher::dimension_properties},
      {"StepCycle", &Dispatcher::dimension_step},
      {"SetActiveField", &Dispatcher::dimension_set_active},
      {"GetInfo", &Dispatcher::item_info},
  };
  return methods;
}

const Dispatcher::Methods& Dispatcher::measure_methods() {
  static const Methods methods = {{"GetMeasure", &Dispatcher::measure_definition},
                                  {"GetProperties", &Dispatcher::measure_properties},
                                  {"GetInfo", &Dispatcher::item_info}};
  return methods;
}

const Dispatcher::Methods& Dispatcher::bookmark_methods() {
  static const Methods methods = {
      {"GetLayout", &Dispatcher::bookmark_layout}, {"Apply", &Dispatcher::bookmark_apply}, {"GetInfo", &Dispatcher::item_info}};
  return methods;
}

Variable& Dispatcher::variable_of(Call& call) { return session_->scope().variables.at(call.held->id); }

void Dispatcher::variable_layout(Call& call) {
  const Variable& variable = variable_of(call);
  std::string text = variable.definition;
  double value = variable.number;
  if (text.starts_with('=')) {
    const Parsed parsed = session_->scope().parse(text);
    const Value result = parsed.expression ? session_->scope().evaluate(*parsed.expression) : Value{};
    text = text_of(result, session_->scope().locale());
    value = result.number;
  } else if (std::isnan(value)) {
    char* end = nullptr;
    const double read = std::strtod(text.c_str(), &end);
    if (!text.empty() && *end == '\0') value = read;
  }
  call.held->validated = true;
  JsonObject layout = object({{"qInfo", object({{"qId", variable.id}, {"qType", "variable"}})}, {"qMeta", object()}, {"qText", text}});
  layout->set("qNum", number(value));
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
                                     {"qMetaDef", object()}}));
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
                                     {"qMetaDef", object()}}));
}

void Dispatcher::bookmark_layout(Call& call) {
  Scope& scope = session_->scope();
  JsonArray fields = array();
  for (const auto& [index, selection] : scope.bookmarks.at(call.held->id)) {
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
  call.held->validated = true;
  call.reply.member("qLayout",
                    object({{"qInfo", object({{"qId", call.held->id}, {"qType", "bookmark"}})},
                            {"qMeta", object()},
                            {"qBookmark", object({{"qStateData", array({object({{"qStateName", "$"}, {"qFieldItems", fields}})})}})}}));
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

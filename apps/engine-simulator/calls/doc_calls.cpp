// Calls on the open app.
#include <Poco/UUIDGenerator.h>

#include <algorithm>

#include "apps/evaluator.hpp"
#include "calls/dispatcher.hpp"

namespace qonduit::simulator {

const Dispatcher::Methods& Dispatcher::doc_methods() {
  static const Methods methods = {
      {"GetAppLayout", &Dispatcher::get_app_layout},
      {"GetAppProperties", &Dispatcher::get_app_properties},
      {"GetAllInfos", &Dispatcher::get_all_infos},
      {"GetObject", &Dispatcher::get_object},
      {"GetObjects", &Dispatcher::get_objects},
      {"CreateSessionObject", &Dispatcher::create_session_object},
      {"DestroySessionObject", &Dispatcher::destroy_session_object},
      {"GetTablesAndKeys", &Dispatcher::get_tables_and_keys},
      {"Evaluate", &Dispatcher::evaluate},
      {"EvaluateEx", &Dispatcher::evaluate_ex},
      {"CheckExpression", &Dispatcher::check_expression},
      {"GetLocaleInfo", &Dispatcher::get_locale_info},
      {"ClearAll", &Dispatcher::clear_all},
      {"AbortModal", &Dispatcher::clear_all},
      {"Resume", &Dispatcher::clear_all},
  };
  return methods;
}

void Dispatcher::get_app_layout(Call& call) {
  JsonObject layout = object(
      {{"qTitle", call.app->title()},
       {"qFileName", call.app->id()},
       {"qLastReloadTime", call.app->last_reload_time()},
       {"qHasScript", true},
       {"qStateNames", array()},
       {"qMeta", object({{"createdDate", "2024-01-01T00:00:00.000Z"}, {"privileges", array({"read", "update", "delete", "exportdata"})}})},
       {"qLocaleInfo", call.app->locale_info()}});
  if (session_->no_data()) {
    layout->set("qIsOpenedWithoutData", true);
  } else {
    layout->set("qHasData", true);
  }
  layout->set("qThumbnail", object());
  call.reply.member("qLayout", layout);
}

void Dispatcher::get_app_properties(Call& call) {
  call.reply.member("qProp", object({{"qTitle", call.app->title()},
                                     {"qLastReloadTime", call.app->last_reload_time()},
                                     {"qHasSectionAccess", false},
                                     {"qThumbnail", object()}}));
}

void Dispatcher::get_all_infos(Call& call) {
  JsonArray infos = array();
  for (const auto& stored : call.app->objects()) infos->add(object({{"qId", stored.id}, {"qType", stored.type}}));
  call.reply.member("qInfos", infos);
}

void Dispatcher::get_object(Call& call) { write_object(call, session_->object(call.params.text(0, "qId"))); }

void Dispatcher::get_objects(Call& call) {
  const auto options = call.params.object(0, "qOptions");
  const auto types = array_member(options, "qTypes");
  JsonArray list = array();
  for (const auto& stored : call.app->objects()) {
    bool wanted = types.isNull() || types->size() == 0;
    if (!wanted)
      for (const auto& type : *types) wanted = wanted || (type.isString() && type.extract<std::string>() == stored.type);
    if (!wanted) continue;
    list->add(object({{"qInfo", object({{"qId", stored.id}, {"qType", stored.type}})},
                      {"qMeta", meta_of(stored)},
                      {"qData", list_data(object_member(options, "qData"), stored.properties)}}));
  }
  call.reply.member("qList", list);
}

void Dispatcher::create_session_object(Call& call) {
  auto given = as_object(copy_of(call.params.object(0, "qProp")));
  const auto info = object_member(given, "qInfo");
  const std::string type = text_member(info, "qType");
  if (type.empty()) throw EngineError{-32602, "qProp.qInfo.qType", "Invalid method parameter(s)"};
  std::string id = text_member(info, "qId");
  if (id.empty()) id = Poco::UUIDGenerator::defaultGenerator().createRandom().toString();
  given->set("qInfo", object({{"qId", id}, {"qType", type}}));
  const auto made = session_->create({id, type, given, {}, ""});
  if (!made) throw EngineError{3, id, "Resource already exists"};
  write_object(call, made);
  call.reply.member("qInfo", object({{"qId", id}, {"qType", type}}));
  call.reply.change(handle_of(made));
}

void Dispatcher::destroy_session_object(Call& call) {
  const std::string id = call.params.text(0, "qId");
  const auto found = session_->object(id);
  const bool done = session_->destroy(id);
  if (done) {
    const auto held = std::find_if(handles_.begin(), handles_.end(), [&](const auto& item) { return item.second.object == found; });
    if (held != handles_.end()) {
      call.reply.close(held->first);
      handles_.erase(held);
    }
  }
  call.reply.member("qSuccess", done);
}

void Dispatcher::get_tables_and_keys(Call& call) {
  const auto made = call.app->tables();
  call.reply.member("qtr", made->get("qtr"));
  call.reply.member("qk", made->get("qk"));
}

void Dispatcher::evaluate(Call& call) { call.reply.member("qReturn", call.app->expression(call.params.text(0, "qExpression")).first); }

void Dispatcher::evaluate_ex(Call& call) {
  const auto [text, value] = call.app->expression(call.params.text(0, "qExpression"));
  JsonObject made = object({{"qText", text}});
  if (std::isfinite(value)) made->set("qIsNumeric", true);
  made->set("qNumber", std::isfinite(value) ? number(value) : Json(0));
  call.reply.member("qValue", made);
}

void Dispatcher::check_expression(Call& call) {
  const auto made = call.app->checked_expression(call.params.text(0, "qExpr"));
  for (const auto& name : made->getNames()) call.reply.member(name, made->get(name));
}

void Dispatcher::get_locale_info(Call& call) { call.reply.member("qReturn", call.app->locale_info()); }

void Dispatcher::clear_all(Call&) {}  // nothing is selected

}  // namespace qonduit::simulator

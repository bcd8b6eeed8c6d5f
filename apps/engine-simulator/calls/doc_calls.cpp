// Calls on the open app: its layout, objects, items and reload.
#include <Poco/Exception.h>
#include <Poco/UUIDGenerator.h>

#include <algorithm>

#include "apps/evaluator.hpp"
#include "apps/meta.hpp"
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
      {"GetLocaleInfo", &Dispatcher::get_locale_info},
      {"GetField", &Dispatcher::get_field},
      {"GetVariableByName", &Dispatcher::get_variable_by_name},
      {"GetVariableById", &Dispatcher::get_variable_by_id},
      {"GetDimension", &Dispatcher::get_dimension},
      {"GetMeasure", &Dispatcher::get_measure},
      {"GetBookmark", &Dispatcher::get_bookmark},
      {"GetBookmarks", &Dispatcher::get_bookmarks},
      {"CreateBookmark", &Dispatcher::create_bookmark},
      {"GetSetAnalysis", &Dispatcher::get_set_analysis},
      {"GetLineage", &Dispatcher::get_lineage},
      {"GetConnections", &Dispatcher::get_connections},
      {"GetConnection", &Dispatcher::get_connection},
      {"GetEmptyScript", &Dispatcher::get_empty_script},
      {"CheckScriptSyntax", &Dispatcher::check_script_syntax},
      {"GetMatchingFields", &Dispatcher::get_matching_fields},
      {"GetMediaList", &Dispatcher::get_media_list},
      {"GetFavoriteVariables", &Dispatcher::get_favorite_variables},
      {"GetVariable", &Dispatcher::get_variable},
      {"SearchResults", &Dispatcher::search_results},
      {"SearchAssociations", &Dispatcher::search_associations},
      {"GetScript", &Dispatcher::get_script},
      {"DoReload", &Dispatcher::do_reload},
      {"DoReloadEx", &Dispatcher::do_reload_ex},
      {"DoSave", &Dispatcher::do_save},
      {"SetScript", &Dispatcher::set_script},
      {"GetScriptEx", &Dispatcher::get_script},
      {"Resume", &Dispatcher::nothing},
      {"GetTablesAndKeys", &Dispatcher::get_tables_and_keys},
      {"GetTableData", &Dispatcher::get_table_data},
      {"GetFieldDescription", &Dispatcher::get_field_description},
      {"Evaluate", &Dispatcher::evaluate},
      {"EvaluateEx", &Dispatcher::evaluate_ex},
      {"CheckExpression", &Dispatcher::check_expression},
      {"ExpandExpression", &Dispatcher::expand_expression},
      {"GetFieldsFromExpression", &Dispatcher::get_fields_from_expression},
      {"ClearAll", &Dispatcher::clear_all},
      {"LockAll", &Dispatcher::lock_all},
      {"UnlockAll", &Dispatcher::unlock_all},
      {"Back", &Dispatcher::back},
      {"Forward", &Dispatcher::forward},
      {"AbortModal", &Dispatcher::abort_modal},
      {"ApplyBookmark", &Dispatcher::apply_bookmark},
      {"AddSessionAlternateState", &Dispatcher::add_state},
      {"RemoveSessionAlternateState", &Dispatcher::remove_state},
  };
  return methods;
}

void Dispatcher::get_app_layout(Call& call) {
  JsonArray states = array();
  for (const auto& state : call.app->states()) states->add(state);
  JsonObject layout = object(
      {{"qTitle", call.app->title()},
       {"qFileName", call.app->id()},
       {"qLastReloadTime", call.app->last_reload_time()},
       {"qHasScript", true},
       {"qStateNames", states},
       {"qMeta", object({{"createdDate", "2024-01-01T00:00:00.000Z"}, {"privileges", array({"read", "update", "delete", "exportdata"})}})},
       {"qLocaleInfo", call.app->locale_info()}});
  if (session_->no_data()) {
    layout->set("qIsOpenedWithoutData", true);
  } else {
    layout->set("qHasData", true);
  }
  layout->set("qThumbnail", object());
  call.held->validated = true;
  call.reply.member("qLayout", layout);
}

void Dispatcher::get_app_properties(Call& call) {
  call.reply.member("qProp", object({{"qTitle", call.app->title()},
                                     {"qLastReloadTime", call.app->last_reload_time()},
                                     {"qHasSectionAccess", call.app->has_section_access()},
                                     {"qThumbnail", object()}}));
}

void Dispatcher::get_all_infos(Call& call) {
  JsonArray infos = array();
  for (const auto& stored : call.app->objects()) infos->add(object({{"qId", stored.id}, {"qType", stored.type}}));
  for (const auto& [id, definition] : call.app->library()->dimensions) infos->add(object({{"qId", id}, {"qType", "dimension"}}));
  for (const auto& [id, definition] : call.app->library()->measures) infos->add(object({{"qId", id}, {"qType", "measure"}}));
  for (const auto& bookmark : call.app->bookmarks()) infos->add(object({{"qId", bookmark.id}, {"qType", "bookmark"}}));
  call.reply.member("qInfos", infos);
}

void Dispatcher::get_object(Call& call) {
  const auto known = handles_.size();
  write_object(call, session_->object(call.params.text(0, "qId")));
  if (handles_.size() > known && engine_.assumptions().get_object_changes) call.reply.change(handles_.rbegin()->first);
}

void Dispatcher::get_objects(Call& call) {
  const auto options = call.params.object(0, "qOptions");
  const auto types = array_member(options, "qTypes");
  JsonArray list = array();
  const auto add = [&](const StoredObject& stored) {
    bool wanted = types.isNull() || types->size() == 0;
    if (!wanted)
      for (const auto& type : *types) wanted = wanted || (type.isString() && type.extract<std::string>() == stored.type);
    if (!wanted) return;
    list->add(object({{"qInfo", object({{"qId", stored.id}, {"qType", stored.type}})},
                      {"qMeta", meta_of(stored)},
                      {"qData", list_data(object_member(options, "qData"), stored.properties)}}));
  };
  for (const auto& stored : call.app->objects()) add(stored);
  if (bool_member(options, "qIncludeSessionObjects"))
    for (const auto* object : session_->session_objects()) add(object->stored());
  call.reply.member("qList", list);
}

void Dispatcher::create_session_object(Call& call) {
  auto given = as_object(copy_of(call.params.object(0, "qProp")));
  const auto info = object_member(given, "qInfo");
  const std::string type = text_member(info, "qType");
  if (type.empty()) throw EngineError{-32602, "qProp.qInfo.qType", "Invalid method parameter(s)"};
  std::string id = text_member(info, "qId");
  // "If the chosen identifier is already in use, the engine automatically sets another one": a client reads the id back.
  std::shared_ptr<SessionObject> made;
  while (!made) {
    if (id.empty()) id = Poco::UUIDGenerator::defaultGenerator().createRandom().toString();
    given->set("qInfo", object({{"qId", id}, {"qType", type}}));
    made = session_->create({id, type, given, {}, ""});
    id.clear();
  }
  write_object(call, made);
  call.reply.change(handle_of({Held::Kind::object, {}, {}, made, false}));
}

void Dispatcher::destroy_session_object(Call& call) {
  const std::string id = call.params.text(0, "qId");
  const auto found = session_->object(id);
  const bool done = session_->destroy(id);
  if (done) {
    const auto held = std::find_if(handles_.begin(), handles_.end(), [&](const auto& item) { return item.second.object == found; });
    if (held != handles_.end()) {
      call.reply.close(held->first);
      std::erase_if(deltas_, [&](const auto& item) { return item.first.first == held->first; });
      handles_.erase(held);
    }
  }
  call.reply.member("qSuccess", done);
}

void Dispatcher::get_locale_info(Call& call) { call.reply.member("qReturn", call.app->locale_info()); }

void Dispatcher::get_field(Call& call) {
  const std::string name = call.params.text(0, "qFieldName");
  const std::string state = call.params.optional_text(1, "qStateName");
  if (session_->scope().model().find_field(name) < 0) {
    write_null(call);
    return;
  }
  const int handle = handle_of({Held::Kind::field, name, state, nullptr, false});
  call.reply.member("qReturn", object({{"qType", "Field"}, {"qHandle", handle}}));
}

void Dispatcher::get_variable_by_name(Call& call) {
  const auto& variables = session_->scope().variables;
  const auto found = variables.find(call.params.text(0, "qName"));
  if (found == variables.end()) {
    if (!engine_.assumptions().unknown_variable_null) throw EngineError{2, call.params.text(0, "qName"), "Resource not found"};
    write_null(call);
    return;
  }
  write_item(call, Held::Kind::variable, found->second.name, "GenericVariable", "variable");
}

void Dispatcher::get_variable_by_id(Call& call) {
  const std::string id = call.params.text(0, "qId");
  const auto& variables = session_->scope().variables;
  const auto found = std::find_if(variables.begin(), variables.end(), [&](const auto& item) { return item.second.id == id; });
  if (found == variables.end()) {
    write_null(call);
    return;
  }
  write_item(call, Held::Kind::variable, found->second.name, "GenericVariable", "variable");
}

void Dispatcher::get_dimension(Call& call) {
  const std::string id = call.params.text(0, "qId");
  if (!call.app->library()->dimensions.contains(id)) {
    write_null(call);
    return;
  }
  write_item(call, Held::Kind::dimension, id, "GenericDimension", "dimension");
}

void Dispatcher::get_measure(Call& call) {
  const std::string id = call.params.text(0, "qId");
  if (!call.app->library()->measures.contains(id)) {
    write_null(call);
    return;
  }
  write_item(call, Held::Kind::measure, id, "GenericMeasure", "measure");
}

void Dispatcher::get_bookmark(Call& call) {
  const std::string id = call.params.text(0, "qId");
  if (!session_->scope().bookmarks.contains(id)) {
    write_null(call);
    return;
  }
  write_item(call, Held::Kind::bookmark, id, "GenericBookmark", "bookmark");
}

void Dispatcher::get_script(Call& call) { call.reply.member("qScript", session_->script()); }

// The session's: no app is ever stored.
void Dispatcher::set_script(Call& call) {
  session_->set_script(call.params.text(0, "qScript"));
  app_changed(call.reply);
}

void Dispatcher::do_save(Call& call) { app_changed(call.reply); }

// The app itself is in change of what was done to it, whether or not its layout was read.
void Dispatcher::app_changed(Reply& reply) {
  const int doc = doc_handle();
  reply.change(doc);
  for (const int handle : take_changes())
    if (handle != doc) reply.change(handle);
  handles_[doc].validated = false;
}

void Dispatcher::do_reload(Call& call) { reload(call, false); }

void Dispatcher::do_reload_ex(Call& call) { reload(call, true); }

// The reply is made when the reload is over; until then GetProgress tells of it under this request's id.
void Dispatcher::reload(Call& call, bool extended) {
  reloads_[call.id] = std::chrono::steady_clock::now();
  delay_ = std::chrono::milliseconds(engine_.faults().reload_ms);
  late_ = [this, app = call.app, id = call.id, extended] {
    std::string problem;
    try {
      app->reload();
    } catch (const Poco::Exception& error) {
      problem = error.displayText();
    }
    const std::lock_guard lock(session_->calls());
    reloads_.erase(id);
    Reply reply({}, id);
    if (extended) {
      reply.member("qResult", object({{"qSuccess", problem.empty()}, {"qScriptLogFile", ""}, {"qEndedWithMemoryConstraint", false}}));
    } else {
      reply.member("qReturn", problem.empty());
    }
    app_changed(reply);
    return reply.finish();
  };
}

}  // namespace qonduit::simulator

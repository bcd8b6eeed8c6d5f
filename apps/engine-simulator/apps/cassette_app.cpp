#include "apps/cassette_app.hpp"

#include <Poco/DateTimeFormatter.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Timespan.h>

namespace qonduit::simulator {
namespace {

EngineError not_recorded(const std::string& what) { return {-32603, what, "not in the recording"}; }

}  // namespace

std::unique_ptr<App> load_cassette(const std::string& path) {
  return std::make_unique<CassetteApp>(std::make_unique<const Cassette>(path));
}

CassetteApp::CassetteApp(std::unique_ptr<const Cassette> cassette)
    : App(cassette->app_id(), text_member(cassette->app_layout(), "qTitle", cassette->app_id())), cassette_(std::move(cassette)) {
  for (const auto& recorded : cassette_->objects()) add_object(recorded);
  if (const auto names = array_member(cassette_->app_layout(), "qStateNames"); !names.isNull())
    for (const auto& name : *names) states_.push_back(name.toString());
}

void CassetteApp::add_object(const Cassette::Object& recorded) {
  const std::string name = "object:" + recorded.id;
  JsonObject properties;
  for (const char* method : {"GetEffectiveProperties", "GetProperties"}) {
    const auto* answer = cassette_->find_in_any_state(name, method, array());
    if (properties.isNull() && answer != nullptr && !answer->result.isNull()) properties = object_member(answer->result, "qProp");
  }
  if (properties.isNull())
    properties = object({{"qInfo", object({{"qId", recorded.id}, {"qType", recorded.type}})}, {"qMetaDef", object()}});
  std::vector<std::string> children;
  if (const auto items = array_member(object_member(cassette_->layout(name), "qChildList"), "qItems"); !items.isNull())
    for (const auto& item : *items) children.push_back(text_member(object_member(as_object(item), "qInfo"), "qId"));
  add({recorded.id, recorded.type, properties, children, ""});
}

std::shared_ptr<const Evaluation> CassetteApp::ready_made(const StoredObject& stored, const Scope& scope) const {
  const bool own = find(stored.id) != nullptr;
  const std::string name = own ? "object:" + stored.id : cassette_->session_name(stored.properties);
  auto made = name.empty() ? nullptr : cassette_->evaluation(name, scope.recorded_state, stored.id);
  // A session object nobody recorded may be a list of what the app holds, which needs no recording.
  if (made == nullptr && (own || !name.empty())) throw not_recorded("the layout of " + stored.id);
  return made;
}

EvaluatedCube CassetteApp::make_cube(Scope&, const JsonObject&, const Expansions*) {
  throw not_recorded("a hypercube with this definition");
}

JsonObject CassetteApp::locale_info() const {
  const auto recorded = object_member(cassette_->app_layout(), "qLocaleInfo");
  return recorded.isNull() ? App::locale_info() : recorded;
}

std::string CassetteApp::last_reload_time() const {
  const std::string recorded = text_member(cassette_->app_layout(), "qLastReloadTime");
  int zone = 0;
  Poco::DateTime time;
  if (epoch() == 0 || !Poco::DateTimeParser::tryParse(recorded, time, zone)) return recorded;
  time += Poco::Timespan(0, 0, static_cast<int>(epoch()), 0, 0);  // a change that was ordered: a minute later
  return Poco::DateTimeFormatter::format(time, "%Y-%m-%dT%H:%M:%S.%iZ");
}

}  // namespace qonduit::simulator

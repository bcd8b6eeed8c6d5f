// Calls on the Global object, handle -1.
#include "apps/meta.hpp"
#include "calls/dispatcher.hpp"

namespace qonduit::simulator {

const Dispatcher::Methods& Dispatcher::global_methods() {
  static const Methods methods = {
      {"EngineVersion", &Dispatcher::engine_version},
      {"ProductVersion", &Dispatcher::product_version},
      {"QvVersion", &Dispatcher::product_version},
      {"OSName", &Dispatcher::os_name},
      {"OSVersion", &Dispatcher::os_name},
      {"IsDesktopMode", &Dispatcher::is_desktop_mode},
      {"IsPersonalMode", &Dispatcher::is_desktop_mode},
      {"GetAuthenticatedUser", &Dispatcher::get_authenticated_user},
      {"GetDocList", &Dispatcher::get_doc_list},
      {"GetAppEntry", &Dispatcher::get_app_entry},
      {"OpenDoc", &Dispatcher::open_doc},
      {"GetActiveDoc", &Dispatcher::get_active_doc},
      {"GetProgress", &Dispatcher::get_progress},
      {"GetConfiguration", &Dispatcher::get_configuration},
      {"GetFunctions", &Dispatcher::get_functions},
      {"GetStreamList", &Dispatcher::get_stream_list},
      {"CancelRequest", &Dispatcher::nothing},
      {"AbortRequest", &Dispatcher::nothing},
      {"AbortAll", &Dispatcher::nothing},
      {"CancelReload", &Dispatcher::nothing},
  };
  return methods;
}

void Dispatcher::engine_version(Call& call) { call.reply.member("qVersion", object({{"qComponentVersion", "12.2528.0"}})); }

void Dispatcher::product_version(Call& call) { call.reply.member("qReturn", "12.2528.0"); }

void Dispatcher::os_name(Call& call) { call.reply.member("qReturn", "qonduit-simulator"); }

void Dispatcher::is_desktop_mode(Call& call) { call.reply.member("qReturn", engine_.desktop()); }

void Dispatcher::get_authenticated_user(Call& call) {
  call.reply.member("qReturn", "UserDirectory=" + key_.user_directory + "; UserId=" + key_.user_id);
}

namespace {

JsonObject entry_of(const App& app) {
  JsonObject made = object({{"qDocName", app.title()},
                            {"qConnectedUsers", 0},
                            {"qFileTime", 0},
                            {"qFileSize", 0},
                            {"qDocId", app.id()},
                            {"qMeta", app_meta(app)},
                            {"qLastReloadTime", app.last_reload_time()},
                            {"qTitle", app.title()},
                            {"qThumbnail", object()}});
  if (app.has_section_access()) made->set("qHasSectionAccess", true);
  return made;
}

}  // namespace

void Dispatcher::get_doc_list(Call& call) {
  JsonArray list = array();
  for (const auto& app : engine_.apps()) list->add(entry_of(*app));
  call.reply.member("qDocList", list);
}

void Dispatcher::get_app_entry(Call& call) {
  const std::string id = call.params.text(0, "qAppID");
  const App* app = engine_.find_app(id);
  if (app == nullptr) throw EngineError{1003, id, "App not found"};
  call.reply.member("qEntry", entry_of(*app));
}

void Dispatcher::open_doc(Call& call) {
  const std::string id = call.params.text(0, "qDocName");
  App* app = engine_.find_app(id);
  if (app == nullptr) throw EngineError{1003, id, "App not found"};
  const bool no_data = engine_.faults().no_data || call.params.flag(4, "qNoData");
  if (session_->open(*app, key_.user(), no_data)) {
    session_->play({!engine_.assumptions().constants_once, engine_.assumptions().text_measures_null});
    opened_here_ = true;
  } else if (session_->app() != app || !opens_again()) {
    throw EngineError{1002, id, "App already open"};
  }
  seen_revision_ = session_->revision();
  delay_ = std::chrono::milliseconds(engine_.faults().open_ms);
  const int handle = doc_handle();
  call.reply.member("qReturn", object({{"qType", "Doc"}, {"qHandle", handle}, {"qGenericId", app->id()}}));
  call.reply.change(handle);
}

// Of a session that has the app open: as it is, with or without its data, whatever the call asks for.
bool Dispatcher::opens_again() const {
  switch (engine_.assumptions().open_again) {
    case Assumptions::OpenAgain::attached: return !opened_here_;
    case Assumptions::OpenAgain::refused: return false;
    case Assumptions::OpenAgain::allowed: break;
  }
  return true;
}

void Dispatcher::get_active_doc(Call& call) {
  if (call.app == nullptr) throw EngineError{1007, "No active document", "App invalid"};
  call.reply.member("qReturn", object({{"qType", "Doc"}, {"qHandle", doc_handle()}, {"qGenericId", call.app->id()}}));
}

void Dispatcher::get_progress(Call& call) {
  const auto found = reloads_.find(call.params.integer(0, "qRequestId"));
  if (found != reloads_.end()) {
    const auto past = std::chrono::steady_clock::now() - found->second;
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(past).count();
    call.reply.member("qProgressData",
                      object({{"qStarted", true},
                              {"qCompleted", 0},
                              {"qTotal", 0},
                              {"qKB", 0},
                              {"qMillisecs", static_cast<std::int64_t>(milliseconds)},
                              {"qErrorData", array()},
                              {"qPersistentProgressMessages", array()},
                              {"qTransientProgressMessage", object({{"qMessageCode", 21}, {"qMessageParameters", array({"0"})}})}}));
    return;
  }
  // What a real engine answers for a request it does not know: a finished record of nothing.
  call.reply.member_text("qProgressData",
                         R"({"qStarted":true,"qFinished":true,"qCompleted":0,"qTotal":0,"qKB":0,"qMillisecs":0,"qErrorData":[],)"
                         R"("qPersistentProgressMessages":[],"qTransientProgressMessage":{"qMessageCode":0,"qMessageParameters":[""]}})");
}

void Dispatcher::nothing(Call&) {}

}  // namespace qonduit::simulator

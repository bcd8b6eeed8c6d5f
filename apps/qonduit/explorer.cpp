#include "apps/qonduit/explorer.hpp"

#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/text.hpp"
#include "core/engine/websocket_transport.hpp"
#include "core/pipeline/connect.hpp"
#include "qonduit/suggestion.hpp"

namespace qonduit::app {

bool Explorer::choose_connection() {
  load_configuration(host_, arguments_, need_);
  if (host_.exit_code != 0) return false;
  const auto& known = host_.config().connections;
  std::string names;
  std::vector<std::string_view> views;
  for (const auto& connection : known) {
    views.push_back(connection.name);
    names += (names.empty() ? "" : ", ") + connection.name;
    if (connection.name == what_.connection || (what_.connection.empty() && known.size() == 1)) connection_ = &connection;
  }
  if (connection_ != nullptr) return certificates_load(host_, {connection_});
  if (known.empty()) {
    refuse(host_, kConfiguration, "the configuration has no connection: write connection.NAME.url and what belongs to it");
  } else if (what_.connection.empty()) {
    refuse(host_, kConfiguration, "the configuration has several connections (" + names + "); choose one with --connection");
  } else {
    refuse(host_, kConfiguration, "there is no connection '" + what_.connection + "'" + suggestion(what_.connection, views));
  }
  return false;
}

bool Explorer::connect() {
  if (!choose_connection()) return false;
  auto session = engine::Session::open(*connection_, {}, engine::connect_websocket, stop_);
  if (!session) return fail(std::move(session).error().within("connection '" + connection_->name + "'")) == kDone;
  session_ = std::move(*session);
  logged_in_ = true;
  return true;
}

bool Explorer::open_app() {
  if (!choose_connection()) return false;
  pipeline::Connecting told;
  auto session = pipeline::connect_to_app(*connection_, {what_.app}, engine::connect_websocket, stop_, nullptr, told);
  logged_in_ = told.logged_in;
  if (!session) return fail(session.error()) == kDone;
  session_ = std::move(*session);
  return true;
}

bool Explorer::find_adapters() {
  load_plugins(host_);
  if (host_.exit_code != 0) print_refusal(host_);
  for (const auto& component : host_.registry.components()) {
    if (component.is_adapter()) adapters_.push_back({&component, {}});
  }
  return host_.exit_code == 0;
}

int Explorer::fail_in_part(const Status& status) {
  host_.json = false;  // standard output has its JSON already
  return fail(status);
}

int Explorer::fail(const Status& status) {
  host_.exit_code = status.code() == Code::cancelled ? kInterrupted : logged_in_ ? kRunFailed : kCannotConnect;
  refuse(host_, host_.exit_code, status.message());
  return host_.exit_code;
}

Result<engine::ObjectRef> Explorer::find_object() {
  auto found = engine::Catalog(*session_).resolve({"object:" + what_.object});
  if (!found) return std::move(found).error();
  if (found->size() == 1) return std::move(found->front());
  std::string ids;
  for (const auto& object : *found) ids += (ids.empty() ? "" : ", ") + object.id + " (" + object.sheet_title + ")";
  return Status(Code::invalid_argument,
                "'" + what_.object + "' names " + std::to_string(found->size()) + " objects; name one by its id: " + ids);
}

}  // namespace qonduit::app

#include "apps/qonduit/explorer.hpp"

#include <iostream>

#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/text.hpp"
#include "core/engine/websocket_transport.hpp"
#include "core/pipeline/connect.hpp"
#include "qonduit/detail/option_text.hpp"

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
  if (connection_ != nullptr) return true;
  if (known.empty()) {
    std::cerr << "qonduit: the configuration has no connection: write connection.NAME.url and what belongs to it\n";
  } else if (what_.connection.empty()) {
    std::cerr << "qonduit: the configuration has several connections (" << names << "); choose one with --connection\n";
  } else {
    std::cerr << "qonduit: there is no connection '" << what_.connection << "'" << qonduit::detail::suggestion(what_.connection, views)
              << '\n';
  }
  host_.exit_code = kConfiguration;
  return false;
}

bool Explorer::connect() {
  if (!choose_connection()) return false;
  auto session = engine::Session::open(*connection_, {}, engine::connect_websocket, stop_);
  if (!session) return fail(std::move(session).error().within("connection '" + connection_->name + "'")) == kDone;
  session_ = std::move(*session);
  return true;
}

bool Explorer::open_app() {
  if (!choose_connection()) return false;
  auto session = pipeline::connect_to_app(*connection_, what_.app, engine::connect_websocket, stop_);
  if (!session) return fail(session.error()) == kDone;
  session_ = std::move(*session);
  return true;
}

bool Explorer::find_adapters() {
  load_plugins(host_);
  for (const auto& component : host_.registry.components()) {
    if (component.is_adapter()) adapters_.push_back({&component, {}});
  }
  return host_.exit_code == 0;
}

int Explorer::fail(const Status& status) {
  std::cerr << "qonduit: " << printable(status.message()) << '\n';
  // Before there is a session every failure is one of connecting or logging in.
  host_.exit_code = status.code() == Code::cancelled ? kInterrupted : session_ ? kRunFailed : kCannotConnect;
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

#include "core/pipeline/connect.hpp"

#include <algorithm>
#include <cctype>

#include "core/engine/catalog.hpp"

namespace qonduit::pipeline {
namespace {

// 8-4-4-4-12 hexadecimal digits: how the engine names apps on every server edition.
bool is_guid(const std::string& text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

void ended(const engine::Session& session, Connecting& told) {
  const auto traffic = session.traffic();
  told.ended.calls += traffic.calls, told.ended.waits += traffic.waits;
}

Result<std::unique_ptr<engine::Session>> open(const config::Connection& connection, const WantedApp& app, const std::string& id,
                                              const engine::TransportFactory& transport, const std::stop_token& stop, Connecting& told) {
  const auto context = "connection '" + connection.name + "'";
  auto session = engine::Session::open(connection, id, transport, stop);
  if (!session) return std::move(session).error().within(context);
  auto opened = (*session)->open_app(id, app.meanwhile);
  told.logged_in = opened || opened.error().code() == Code::not_found;
  if (opened) return session;
  ended(**session, told);
  return std::move(opened).error().within(context + ": app '" + app.name + "'");
}

}  // namespace

std::string AppIds::key(const config::Connection& connection, const std::string& title) {
  return connection.name + '\n' + connection.url + '\n' + connection.user + '\n' + title;
}

std::string AppIds::find(const config::Connection& connection, const std::string& title) const {
  const std::lock_guard lock(mutex_);
  const auto found = ids_.find(key(connection, title));
  return found == ids_.end() ? std::string() : found->second;
}

void AppIds::keep(const config::Connection& connection, const std::string& title, const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (id.empty())
    ids_.erase(key(connection, title));
  else
    ids_[key(connection, title)] = id;
}

Result<std::unique_ptr<engine::Session>> connect_to_app(const config::Connection& connection, const WantedApp& app,
                                                        const engine::TransportFactory& transport, const std::stop_token& stop,
                                                        AppIds* known, Connecting& told) {
  if (is_guid(app.name)) return open(connection, app, app.name, transport, stop, told);
  if (const auto id = known != nullptr ? known->find(connection, app.name) : std::string(); !id.empty()) {
    auto session = open(connection, app, id, transport, stop, told);
    if (session || !told.logged_in) return session;
    // It is gone, and another may have its title now.
    known->keep(connection, app.name, {});
  }
  const auto context = "connection '" + connection.name + "'";
  auto global = engine::Session::open(connection, {}, transport, stop);
  if (!global) return std::move(global).error().within(context);
  told.logged_in = true;
  auto found = engine::Catalog(**global).find_app(app.name);
  ended(**global, told);
  if (!found) return std::move(found).error().within(context);
  told.logged_in = false;  // into the app, now
  auto session = open(connection, app, found->id, transport, stop, told);
  if (session && known != nullptr) known->keep(connection, app.name, found->id);
  return session;
}

}  // namespace qonduit::pipeline

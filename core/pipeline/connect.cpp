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

}  // namespace

Result<std::unique_ptr<engine::Session>> connect_to_app(const config::Connection& connection, const std::string& app,
                                                        const engine::TransportFactory& transport, const std::stop_token& stop,
                                                        bool* logged_in) {
  const auto log_in = [&](bool done) {
    if (logged_in != nullptr) *logged_in = done;
  };
  const auto context = "connection '" + connection.name + "'";
  std::string id = app;
  if (!is_guid(app)) {
    auto global = engine::Session::open(connection, {}, transport, stop);
    if (!global) return std::move(global).error().within(context);
    log_in(true);
    auto found = engine::Catalog(**global).find_app(app);
    if (!found) return std::move(found).error().within(context);
    id = found->id;
    log_in(false);  // into the app, now
  }
  auto session = engine::Session::open(connection, id, transport, stop);
  if (!session) return std::move(session).error().within(context);
  auto opened = (*session)->open_app(id);
  log_in(opened || opened.error().code() == Code::not_found);
  if (!opened) return std::move(opened).error().within(context + ": app '" + app + "'");
  return session;
}

}  // namespace qonduit::pipeline

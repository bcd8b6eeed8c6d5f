// The URL of a session: <connection.url>/<app>/identity/<uuid>/ttl/<seconds>. Source: protocol, URL grammar.
#pragma once

#include <string>

#include "core/config/config.hpp"

namespace qonduit::engine {

// app_id is percent-encoded: those of a Desktop are paths. Empty: engineData, the engine without an app. A query in connection.url stays at
// the end.
std::string session_url(const config::Connection& connection, const std::string& app_id, const std::string& identity);
// 36 characters, random.
std::string new_identity();

}  // namespace qonduit::engine

// The URL of a session: <connection.url>/<app>/identity/<uuid>/ttl/<seconds>. Source: protocol, URL grammar.
#pragma once

#include <string>
#include <string_view>

#include "core/config/config.hpp"

namespace qonduit::engine {

// Everything but letters, digits, '-', '_', '.', '~' as %XX: desktop app ids are paths.
std::string percent_encoded(std::string_view text);
// app_id empty: engineData, the engine without an app. A query in connection.url stays at the end.
std::string session_url(const config::Connection& connection, const std::string& app_id, const std::string& identity);
// 36 characters, random.
std::string new_identity();

}  // namespace qonduit::engine

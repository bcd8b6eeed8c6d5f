// The real transport: WebSocket over TLS (or plain, for Qlik Sense Desktop), by Poco. The home of Poco::Net. Everything Poco's
// WebSocket leaves open is settled here: reserved bits, unknown opcodes and masked frames are protocol errors, the size of a message
// is bounded before memory is taken, control frames are answered, and a time-out inside a frame ends the connection.
#pragma once

#include <memory>
#include <string>

#include "core/config/config.hpp"
#include "core/engine/transport.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

// Connects, logs in as the connection says, upgrades. Errors: not_found (no such host), unavailable (nobody listens, gone), timeout,
// unauthenticated (certificates, 401), forbidden (403), invalid_argument (a URL or user that cannot be sent), bad_data (no WebSocket).
Result<std::unique_ptr<Transport>> connect_websocket(const config::Connection& connection, const std::string& url);

}  // namespace qonduit::engine

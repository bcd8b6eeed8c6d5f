// The HTTP half of a WebSocket connection: TLS, log-in headers, the upgrade and what its refusals mean. Used by websocket_transport.
#pragma once

#include <memory>
#include <string>

#include <Poco/Net/HTTPClientSession.h>

#include "core/config/config.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

// A session whose socket speaks WebSocket from here on; bytes already read are in its buffer.
Result<std::unique_ptr<Poco::Net::HTTPClientSession>> upgrade_to_websocket(const config::Connection& connection, const std::string& url);

// A failure of TLS or of the socket, in words: who, why, what to do.
Status network_status(const Poco::Exception& error, const std::string& peer);

}  // namespace qonduit::engine

// WebSocket close codes of the engine and its proxies, in words. Source: protocol, WebSocket close codes.
#pragma once

#include <cstdint>
#include <string_view>

#include "qonduit/status.hpp"

namespace qonduit::engine {

// Why a session ended that was closed with this code. unavailable where connecting again can help.
Status close_status(std::uint16_t code, std::string_view reason);

}  // namespace qonduit::engine

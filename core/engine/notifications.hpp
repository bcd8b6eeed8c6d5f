// The messages an engine or its proxy sends unasked, with a name and params: what they mean for the session. Source: protocol, server
// notifications and session states.
#pragma once

#include <optional>
#include <string>

#include "core/engine/rpc.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

enum class SessionState : std::uint8_t { created, attached };

// What a notification says.
struct NotificationMeaning {
  std::optional<SessionState> connected;  // OnConnected with a live session
  Status fatal;                           // not ok: the session is over, and why
};

// Unknown names mean nothing, unless they call themselves fatal.
NotificationMeaning interpret(const Notification& notification);

}  // namespace qonduit::engine

// The seam between qonduit and the wire: whole text messages, in and out. websocket_transport.hpp is the real one; tests bring their
// own. One thread (rpc's) calls everything but wake(), which any thread may call.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/engine/message.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

class Transport {
 public:
  using Clock = std::chrono::steady_clock;

  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  // Sends one text message whole. After a failure the transport is dead.
  virtual Status send(std::string_view text) = 0;
  // The next whole message; nothing when `until` passed or wake() was called first. Answers pings, joins continuation frames. An error
  // means that the transport is dead: unavailable (dropped, or a close code that may be resumed), or what the close code says.
  virtual Result<std::optional<Message>> receive(Clock::time_point until) = 0;
  // Makes the receive under way, or the next one, return nothing soon.
  virtual void wake() noexcept = 0;
  // Sends a WebSocket ping, if the transport has such a thing.
  virtual Status ping() = 0;
  // Says good-bye with this close code and ends. Never fails loudly; callable more than once.
  virtual void close(std::uint16_t code) noexcept = 0;
};

}  // namespace qonduit::engine

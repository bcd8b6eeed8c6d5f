// JSON-RPC over a Transport: sends calls, matches replies by id in whatever order they come, hands pushes to listeners. It owns one
// thread, the only one that touches the transport. Calls may be sent from any thread; completions and listeners run on rpc's thread
// and must be short and must not call back into call(). Source of the message shapes: docs/architecture.md, "The wire".
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/message.hpp"
#include "core/engine/transport.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

inline constexpr int kGlobalHandle = -1;

// Codes of the engine that decide what happens next; all others only have a text. Source: the engine's error table.
namespace engine_code {
inline constexpr int none = 0, not_found = 2, access_denied = 5, aborted = 15, app_already_open = 1002, app_not_found = 1003,
                     app_invalid = 1007, result_too_large = 6001, calc_condition = 7005, pages_too_large = 7009, reload_in_progress = 11000,
                     response_too_large = -32604;
}

struct Call {
  int handle = kGlobalHandle;
  std::string method;
  std::string params_json = "[]";        // a JSON array or object, as it goes on the wire
  std::chrono::milliseconds timeout{0};  // 0: the default of RpcOptions
  bool parting = false;                  // is sent and answered after a stop request, too
};

// What came back. engine_code is set when the engine itself answered with an error; status then says it in words, with a Code.
struct Reply {
  Status status;
  int engine_code = engine_code::none;
  Message message;
  std::string_view result;   // the value of "result", inside message; Message::kPadding bytes behind it may be read
  std::size_t repaired = 0;  // halves of UTF-16 pairs in the message, which are U+FFFD now

  [[nodiscard]] bool ok() const noexcept { return status.ok(); }
};

// Handles named in change, close or suspend, on any reply or push. Delivered before the completion of the reply that carried them.
struct HandleChanges {
  std::vector<int> changed, closed, suspended;
};

// A message without id and with params: OnConnected and its kin. Source: protocol, server notifications.
struct Notification {
  std::string method;
  std::string params_json;
};

struct RpcOptions {
  std::chrono::milliseconds call_timeout{180'000};
  std::chrono::milliseconds keepalive{0};  // EngineVersion after this much silence; 0: never
  std::chrono::milliseconds ping{0};       // WebSocket ping after this much silence; 0: never
  std::stop_token stop = {};               // once it is requested, calls complete with Code::cancelled, those under way and later ones
};

class Rpc {
 public:
  using Completion = std::function<void(Reply)>;
  using CallId = std::uint64_t;

  struct Listeners {
    std::function<void(const HandleChanges&)> handles;
    std::function<void(const Notification&)> notification;  // fatal ones too, before they end the session
    std::function<void(const Status&)> ended;               // once: why the transport is gone
  };

  // Starts the thread.
  Rpc(std::unique_ptr<Transport> transport, RpcOptions options, Listeners listeners);
  Rpc(const Rpc&) = delete;
  Rpc& operator=(const Rpc&) = delete;
  ~Rpc();  // close(1000)

  // Sends; completion runs exactly once: with the reply, timeout at the deadline, cancelled, or unavailable when the socket drops.
  CallId send(Call call, Completion completion);
  // Sends and waits. REQUIRES: not on rpc's thread.
  Reply call(Call call);
  // Completes the call with Code::cancelled, tells the engine by CancelRequest, and drops the late reply.
  void cancel(CallId id);
  // Ends the session; everything pending completes with Code::unavailable. Joins the thread.
  void close(std::uint16_t code);
  // Ok while the session lives; else why it ended, or that a call timed out and nothing was heard since it was asked: a socket that died
  // without a word looks so.
  [[nodiscard]] Status health() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace qonduit::engine

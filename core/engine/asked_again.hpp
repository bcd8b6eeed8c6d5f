// Calls that set or read the state of an app are asked again when the engine aborts them: others select, the app is reloaded. For calls
// that may be made twice. The connection is not renewed here: when it is lost, so is what was set before.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/back_off.hpp"
#include "core/engine/json_members.hpp"
#include "core/engine/pending.hpp"
#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

// call answers a Result; it is made until it succeeds, cannot succeed, or was made often enough.
template <typename Make>
auto asked_again(Session& session, const std::stop_token& stop, const Make& make) -> decltype(make()) {
  constexpr int kAttempts = 7;
  BackOff back_off(std::chrono::milliseconds(50), std::chrono::milliseconds(1000));
  for (int attempt = 1;; ++attempt) {
    auto made = make();
    if (made || !retryable(made.error().code()) || attempt == kAttempts || !session.health().ok()) return made;
    if (!back_off.pause(stop)) return Status(Code::cancelled, "stopped while waiting to ask again");
  }
}

// All at once, for the time of one; those that the engine aborts again, one by one.
inline std::vector<Reply> ask_all(Session& session, const std::stop_token& stop, const std::vector<Call>& calls) {
  auto replies = call_all(session, calls);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (replies[i].ok() || !retryable(replies[i].status.code())) continue;
    auto again = asked_again(session, stop, [&]() -> Result<Reply> {
      auto reply = session.call(calls[i].handle, calls[i].method, calls[i].params_json);
      if (!reply.ok()) return reply.status;
      return reply;
    });
    replies[i] = again ? std::move(*again) : Reply{std::move(again).error(), engine_code::none, {}, {}};
  }
  return replies;
}

// One call, and its result as JSON.
inline Result<Poco::JSON::Object::Ptr> ask(Session& session, const std::stop_token& stop, int handle, const std::string& method,
                                           const std::string& params_json = "[]") {
  return asked_again(session, stop, [&] { return parse_reply(session.call(handle, method, params_json)); });
}

}  // namespace qonduit::engine

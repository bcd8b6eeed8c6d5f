// What a pipeline delivers, found in the living app: the one way from a configuration to items, for runs, probes and estimates. The
// items borrow the session and the pipeline's binding.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/engine/expression_check.hpp"
#include "core/engine/session.hpp"
#include "core/pipeline/app_state.hpp"
#include "core/pipeline/connect.hpp"
#include "core/pipeline/item.hpp"
#include "core/pipeline/run.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

using Items = std::vector<std::unique_ptr<Item>>;

// A pipeline's app, connected and in the state the pipeline reads it in.
struct OpenedApp {
  std::unique_ptr<engine::Session> session;  // empty: it did not connect
  // What is known of its expressions, for as long as it is open. Empty: it did not connect.
  std::optional<engine::ExpressionCheck> expressions;
  std::optional<AppState> state;  // ends before the session; none where the pipeline asks for no state
  int reconnects = 0;             // attempts after the first
  Connecting connecting;
  std::vector<std::string> problems;  // of the configuration, met when items were listed last

  // Calls and waits of all sessions so far.
  [[nodiscard]] engine::Session::Traffic traffic() const {
    const auto now = session ? session->traffic() : engine::Session::Traffic();
    return {connecting.ended.calls + now.calls, connecting.ended.waits + now.waits};
  }
  void close() {
    connecting.ended = traffic();
    state.reset();
    expressions.reset();
    session.reset();
  }
};

// What there is in the state of now, which may decide what is shown. REQUIRES: it is open, and outlives the items.
Result<Items> list_items(const Bound& bound, OpenedApp& opened);
// Connects, opens the app, brings it into the pipeline's state and finds the items, once. On failure `into` tells how far it came.
Result<Items> find_items_once(const Bound& bound, const RunSettings& settings, const std::stop_token& stop, OpenedApp& into);
// The same, and all of it again as often as the connection's reconnect-attempts allow while it is not to be had: nothing has been read
// yet.
Result<Items> find_items(const Bound& bound, const RunSettings& settings, const std::stop_token& stop, OpenedApp& into);

}  // namespace qonduit::pipeline

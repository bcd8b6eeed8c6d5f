#include "core/pipeline/find_items.hpp"

#include <chrono>
#include <utility>

#include "core/engine/back_off.hpp"
#include "core/logging/logging.hpp"
#include "core/pipeline/connect.hpp"
#include "core/pipeline/sources.hpp"

namespace qonduit::pipeline {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(200);
constexpr auto kLongestPause = std::chrono::seconds(10);

}  // namespace

Result<Items> list_items(const Bound& bound, OpenedApp& opened) {
  opened.problems.clear();
  opened.expressions->forget_variables();
  return find_sources(*opened.session, *opened.expressions, *bound.pipeline, bound.adapters, opened.problems);
}

Result<Items> find_items_once(const Bound& bound, const RunSettings& settings, const std::stop_token& stop, OpenedApp& into) {
  into.close();
  into.logged_in = false;
  auto connected = connect_to_app(*bound.connection, bound.pipeline->app, settings.transport, stop, settings.app_ids, &into.logged_in);
  if (!connected) return std::move(connected).error();
  into.session = std::move(*connected);
  into.expressions.emplace(*into.session);
  if (bound.pipeline->state.any()) {
    into.state.emplace(*into.session, bound.pipeline->state);
    if (auto status = into.state->enter({}, stop); !status.ok()) return status;
  }
  return list_items(bound, into);
}

Result<Items> find_items(const Bound& bound, const RunSettings& settings, const std::stop_token& stop, OpenedApp& into) {
  engine::BackOff back_off(kFirstPause, kLongestPause);
  for (int attempt = 0;; ++attempt) {
    auto items = find_items_once(bound, settings, stop, into);
    if (items || !retryable(items.error().code()) || attempt >= bound.connection->reconnect_attempts) return items;
    logging::log(logging::Level::warn, "tries to connect again",
                 {{"connection", bound.connection->name}, {"attempt", attempt + 1}, {"error", items.error().message()}});
    ++into.reconnects;
    if (!back_off.pause(stop)) return Status(Code::cancelled, "stopped while connecting");
  }
}

}  // namespace qonduit::pipeline

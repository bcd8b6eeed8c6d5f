#include "core/pipeline/find_items.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "core/engine/back_off.hpp"
#include "core/engine/catalog.hpp"
#include "core/logging/logging.hpp"
#include "core/pipeline/connect.hpp"
#include "core/pipeline/group_look.hpp"
#include "core/pipeline/sources.hpp"

namespace qonduit::pipeline {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(200);
constexpr auto kLongestPause = std::chrono::seconds(10);

// The most sheets and objects that are opened, or looked at, before all are found: as many as are looked at first.
std::size_t ahead_of(const config::Pipeline& pipeline, const std::optional<AppState>& state) {
  if (pipeline.parallel == 1 || (state && !state->skipped().empty())) return 0;
  return pipeline.window == 0 ? kMostOfAGroup : static_cast<std::size_t>(std::max(1, pipeline.window / 2));
}

// What will be wanted for sure, asked for together and not waited for. Sheets come last: when they are there, so is the rest.
void begin_lists(engine::Session& session, engine::ExpressionCheck& expressions, const config::Pipeline& pipeline, std::size_t ahead) {
  const bool objects = !pipeline.objects.empty();
  if (objects || !pipeline.cubes.empty() || !pipeline.expressions.empty()) expressions.begin();
  if (objects) engine::Catalog::begin_sheets(session, pipeline.objects, ahead);
}

}  // namespace

Result<Items> list_items(const Bound& bound, OpenedApp& opened) {
  opened.problems.clear();
  opened.expressions->forget_variables();
  // What variables are set to is in a list.
  if (opened.state) opened.session->begun_lists().clear();
  const auto ahead = ahead_of(*bound.pipeline, opened.state);
  begin_lists(*opened.session, *opened.expressions, *bound.pipeline, ahead);
  return find_sources(*opened.session, *opened.expressions, *bound.pipeline, bound.adapters, opened.problems, ahead);
}

Result<Items> find_items_once(const Bound& bound, const RunSettings& settings, const std::stop_token& stop, OpenedApp& into) {
  into.close();
  into.connecting.logged_in = false;
  const auto& pipeline = *bound.pipeline;
  const auto meanwhile = [&](engine::Session& session) {
    engine::ExpressionCheck expressions(session);
    if (!pipeline.state.any()) begin_lists(session, expressions, pipeline, ahead_of(pipeline, {}));
  };
  auto connected =
      connect_to_app(*bound.connection, {pipeline.app, meanwhile}, settings.transport, stop, settings.app_ids, into.connecting);
  if (!connected) return std::move(connected).error();
  into.session = std::move(*connected);
  into.expressions.emplace(*into.session);
  if (pipeline.state.any()) {
    into.state.emplace(*into.session, pipeline.state);
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

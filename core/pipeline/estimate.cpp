#include "core/pipeline/estimate.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "core/pipeline/estimator.hpp"
#include "core/pipeline/foreach.hpp"
#include "core/pipeline/transform/dataset_rules.hpp"

namespace qonduit::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLatencyCalls = 5;
// Of large objects that are read at a time, however many: read and proven.
constexpr double kRoundTripsTogether = 2;

// The median round trip of calls that compute nothing.
Result<double> measure_latency(engine::Session& session) {
  std::array<double, kLatencyCalls> times{};
  for (auto& time : times) {
    const auto begin = Clock::now();
    const auto reply = session.call(engine::kGlobalHandle, "EngineVersion");
    if (!reply.ok()) return Status(reply.status).within("cannot measure the latency");
    time = seconds_since(begin);
  }
  std::nth_element(times.begin(), times.begin() + kLatencyCalls / 2, times.end());
  return times[kLatencyCalls / 2];
}

// What cannot be read at all has nothing to add.
bool counts(const DatasetEstimate& dataset) { return !dataset.skipped && (dataset.status.ok() || dataset.cells >= 0); }

template <typename T, typename Value>
T sum_of(const std::vector<DatasetEstimate>& datasets, const Value& value) {
  T sum = 0;
  for (const auto& dataset : datasets) {
    if (!counts(dataset)) continue;
    if (value(dataset) < 0) return -1;
    sum += value(dataset);
  }
  return sum;
}

}  // namespace

std::int64_t RunEstimate::rows() const {
  return sum_of<std::int64_t>(datasets, [](const auto& dataset) { return dataset.rows; });
}
std::int64_t RunEstimate::cells() const {
  return sum_of<std::int64_t>(datasets, [](const auto& dataset) { return dataset.cells; });
}
std::int64_t RunEstimate::calls() const {
  return sum_of<std::int64_t>(datasets, [](const auto& dataset) { return dataset.calls; });
}
double RunEstimate::seconds() const {
  const auto all = sum_of<double>(datasets, [](const auto& dataset) { return dataset.seconds; });
  if (all < 0) return -1;
  const auto before = connect_seconds + turns_seconds;
  // With a window of a fixed size that bounds all calls, reading one by itself takes as long as beside others.
  if (parallel == 1 || window > 0) return before + all;
  double together = 0, working = 0, longest = 0;
  for (const auto& dataset : datasets) {
    if (!counts(dataset)) continue;
    if (dataset.together) {
      together += dataset.seconds;
    } else {
      working += dataset.working;
      longest = std::max(longest, dataset.seconds);
    }
  }
  const auto alone = all - together;
  const auto beside = std::max({longest, working, alone / parallel});  // `parallel` of them are read at a time
  return before + together + std::min(alone, beside + kRoundTripsTogether * latency);
}
std::int64_t RunEstimate::memory() const {
  std::vector<std::int64_t> sizes;
  for (const auto& dataset : datasets) {
    if (!counts(dataset)) continue;
    if (dataset.memory < 0) return -1;
    sizes.push_back(dataset.memory);
  }
  if (sizes.empty()) return 0;
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  const auto beside = std::min(sizes.size(), static_cast<std::size_t>(parallel));
  const auto others = std::accumulate(sizes.begin() + 1, sizes.begin() + static_cast<std::ptrdiff_t>(beside), std::int64_t{0});
  return sizes.front() + std::min(others, fetch::Flow::kMostBytes);
}

std::int64_t rows_from_source(std::int64_t source_rows, std::int64_t made, std::int64_t of_source_rows) {
  if (source_rows < 0 || of_source_rows <= 0 || made == of_source_rows) return source_rows;
  return std::llround(static_cast<double>(source_rows) * static_cast<double>(made) / static_cast<double>(of_source_rows));
}

int expected_window(const config::Pipeline& pipeline, const MeasuredPage& page, double latency) {
  if (pipeline.window > 0) return pipeline.window;
  const auto calls = static_cast<double>(std::max<std::int64_t>(1, page.calls));
  const auto work = std::max(1e-4, page.seconds / calls - latency);
  return static_cast<int>(std::clamp(std::ceil(2 * (latency + work) / work), 2.0, 64.0));
}

double reading_seconds(const MeasuredPage& page, std::int64_t cells, std::int64_t calls, double latency, int window) {
  const auto work = std::max(0.0, page.seconds - latency * static_cast<double>(page.calls)) * static_cast<double>(cells) /
                    static_cast<double>(std::max<std::int64_t>(1, page.cells));
  if (window == 0) return work;
  const auto waiting = latency * static_cast<double>(calls);
  return std::max(work, (work + waiting) / window) + latency;
}

void estimate_items(const Items& items, const config::Pipeline& pipeline, const std::stop_token& stop, RunEstimate& into) {
  const Way none;
  Estimator(pipeline, none, Depth::measured, stop, into).estimate(items);
}

namespace {

// The sinks of the pipeline whose targets are there; into says of each whether it is.
std::vector<NamedSink> reach_sinks(const Bound& bound, RunEstimate& into) {
  std::vector<NamedSink> reached;
  for (const auto& [sink, component] : bound.sinks) {
    auto remote = plugin::create_sink(*component, *sink, bound.pipeline->name);
    auto status = remote ? remote->probe() : remote.error();
    if (status.ok()) reached.push_back({sink->name, std::move(*remote)});
    if (!status.ok() && into.status.ok()) into.status = status.within("sink '" + sink->name + "'");
    into.sinks.push_back({sink->name, sink->type, std::move(status)});
  }
  return reached;
}

// What a run does not come to, because something before it fails.
// turns: of foreach, that were not entered after the first failure.
void note_not_tried(const config::Pipeline& pipeline, std::int64_t turns, RunEstimate& into) {
  if (pipeline.on_error == config::OnError::proceed) return;
  const auto failed = std::find_if(into.datasets.begin(), into.datasets.end(), [](const auto& one) { return !one.status.ok(); });
  if (failed == into.datasets.end()) return;
  const auto behind = std::count_if(failed + 1, into.datasets.end(), [](const auto& one) { return !one.skipped; });
  const auto count = [](std::int64_t n, const char* what) { return std::to_string(n) + " " + what + (n == 1 ? "" : "s"); };
  std::string what;
  if (behind > 0) what = count(behind, "dataset");
  if (turns > 0) what += (what.empty() ? "" : " and ") + count(turns, "turn") + " of foreach";
  if (what.empty()) return;
  into.notes.push_back("a run ends where the first of them fails, with on-error = fail: " + what + " behind it " +
                       (behind + turns == 1 ? "is" : "are") + " not tried");
}

// Once, or once for each turn of foreach, in the state of that turn. The answer is how many turns a failure left out.
std::int64_t estimate_turns(const Bound& bound, Depth depth, const Items& items, const std::stop_token& stop, const Way& way,
                            OpenedApp& opened, RunEstimate& into) {
  const auto& pipeline = *bound.pipeline;
  Estimator estimator(pipeline, way, depth, stop, into);
  if (opened.state && !opened.state->skipped().empty()) {
    for (const auto& item : items) {
      DatasetEstimate entry;
      entry.facts = item->facts();
      entry.skipped = true;
      entry.notes.push_back(opened.state->skipped());
      into.datasets.push_back(std::move(entry));
    }
    return 0;
  }
  if (pipeline.state.foreach.empty()) {
    estimator.estimate(items);
    return 0;
  }
  const auto begin = Clock::now();
  double reading = 0;
  auto turns = Foreach::find(*opened.session, *opened.state, pipeline.state, stop);
  // As a run does: what fails in a turn ends it, or the next turn is next.
  const auto goes_on = [&] {
    const bool failed = !into.status.ok() && pipeline.on_error != config::OnError::proceed;
    return !failed && !stop.stop_requested() && depth == Depth::measured;
  };
  const auto fail = [&](const Status& why) {
    into.problems.push_back(why.message());
    if (into.status.ok()) into.status = why;
    return why.code() != Code::cancelled && goes_on();
  };
  if (!turns) {
    fail(turns.error());
    return 0;
  }
  into.notes = turns->notes();
  TurnListeners listeners;
  listeners.entered = [&] {
    const auto entered = Clock::now();
    const auto found = list_items(bound, opened);
    if (!found) return fail(found.error());
    estimator.estimate(*found);
    reading += seconds_since(entered);
    return goes_on();
  };
  listeners.nothing_left = [&](const Facts& values, const std::string& why) {
    DatasetEstimate entry;
    entry.facts.type = "foreach", entry.facts.title = turn_text(values);
    entry.skipped = true;
    entry.notes.push_back(why);
    into.datasets.push_back(std::move(entry));
    return true;
  };
  listeners.failed = [&](const Facts& values, const Status& why) { return fail(Status(why).within(turn_text(values))); };
  std::int64_t not_tried = 0;
  listeners.not_tried = [&](const Facts& /*values*/) { ++not_tried; };
  turns->run(listeners);
  into.turns_seconds = seconds_since(begin) - reading;
  return depth == Depth::measured && !into.status.ok() ? not_tried : 0;
}

}  // namespace

RunEstimate estimate(const Bound& bound, const RunSettings& settings, const std::stop_token& stop, Depth depth) {
  const auto& pipeline = *bound.pipeline;
  RunEstimate found;
  found.pipeline = pipeline.name, found.connection = bound.connection->name;
  found.window = pipeline.window, found.parallel = pipeline.parallel, found.budget_cells = pipeline.budget_cells;
  auto sinks = reach_sinks(bound, found);
  const auto begin = Clock::now();
  OpenedApp opened;
  const auto items = depth == Depth::measured ? find_items(bound, settings, stop, opened) : find_items_once(bound, settings, stop, opened);
  const auto& session = opened.session;
  found.connect_seconds = seconds_since(begin);
  found.connected = opened.connecting.logged_in;
  if (session) found.app = session->app().title, found.app_id = session->app().id;
  const auto fail = [&](Status why) {
    if (found.problems.empty()) found.problems.push_back(why.message());
    if (found.status.ok() || !found.connected) found.status = std::move(why);
  };
  found.problems = opened.problems;
  if (!items) {
    fail(items.error());
  } else if (auto status = transform::check_items(bound.rules, *items); !status.ok()) {
    fail(std::move(status));
  } else if (const auto latency = depth == Depth::measured ? measure_latency(*session) : Result<double>(0.0); !latency) {
    fail(latency.error());
  } else {
    found.latency = *latency;
    const Way way{&bound.rules, &opened, &sinks, bound.time_zone};
    const auto turns = estimate_turns(bound, depth, *items, stop, way, opened, found);
    note_not_tried(pipeline, turns, found);
  }
  const auto traffic = opened.traffic();
  found.engine_calls = traffic.calls, found.waits = traffic.waits;
  if (!found.status.ok()) found.status = found.status.within("pipeline '" + pipeline.name + "'");
  return found;
}

}  // namespace qonduit::pipeline

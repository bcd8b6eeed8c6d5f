#include "core/pipeline/estimate.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "core/pipeline/begun_reader.hpp"
#include "core/pipeline/budget.hpp"
#include "core/pipeline/constant_columns.hpp"
#include "core/pipeline/delivery.hpp"
#include "core/pipeline/foreach.hpp"
#include "core/pipeline/object_names.hpp"
#include "core/pipeline/report.hpp"
#include "core/pipeline/transform/dataset_rules.hpp"
#include "core/pipeline/transform/transform_reader.hpp"

namespace qonduit::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLatencyCalls = 5;
constexpr double kRoundTripsAtTheEnd = 1;  // the proof that nothing changed
constexpr double kRoundTripsToOpen = 2;    // a session copy: made, and its layout
// Of objects that are read at a time, however many: each is had, looked at, its expressions are checked, it is opened, read and proven.
constexpr double kRoundTripsTogether = 7;
constexpr double kTogether = 64;
constexpr std::int64_t kMostWaiting = std::int64_t{64} << 20;

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

std::int64_t text_bytes(const ArrowArray& array) {
  const auto* offsets = static_cast<const std::int32_t*>(array.buffers[1]);
  const auto rows = array.offset + array.length;
  return 4 * (rows + 1) + (offsets == nullptr ? 0 : offsets[rows]);
}

// What a batch holds, without the small structs around it.
std::int64_t batch_bytes(const Schema& schema, const ArrowArray& batch) {
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    const auto& column = *batch.children[i];
    const auto rows = column.offset + column.length;
    if (column.null_count != 0) bytes += (rows + 7) / 8;
    if (column.dictionary != nullptr) {
      bytes += 4 * rows + text_bytes(*column.dictionary);
      continue;
    }
    switch (schema.fields[i].type) {
      case Type::boolean: bytes += (rows + 7) / 8; break;
      case Type::date32: bytes += 4 * rows; break;
      case Type::utf8: bytes += text_bytes(column); break;
      default: bytes += 8 * rows;
    }
  }
  return bytes;
}

// What is under way at most: a window of replies; for each sink its queue and the batch it writes; and the batch that is handed out.
std::int64_t memory_bound(const MeasuredPage& page, int window, const config::Pipeline& pipeline) {
  const auto batches = static_cast<std::int64_t>(pipeline.sinks.size()) * (pipeline.queue + 1) + 1;
  return window * page.reply_bytes / page.calls + batches * page.batch_bytes;
}

// Reads the first page, alone, and forgets its rows. Nothing: there is none.
Result<std::optional<MeasuredPage>> measure_page(BegunReader& reader, const Schema& schema) {
  const auto begin = Clock::now();
  if (auto status = reader.begin(); !status.ok()) return status;
  const auto* batch = reader.first();
  if (batch == nullptr) return std::optional<MeasuredPage>();
  const auto& counters = reader.counters();
  MeasuredPage page{counters.calls, counters.cells, counters.bytes, batch_bytes(schema, *batch)};
  page.source_rows = counters.rows, page.batch_rows = batch->length;
  page.seconds = seconds_since(begin);
  return std::optional(page);
}

// What is between a dataset and its targets. All null: nothing is.
struct Way {
  const transform::RuleBook* rules = nullptr;
  const OpenedApp* opened = nullptr;
  std::vector<NamedSink>* sinks = nullptr;
  config::TimeZone time_zone = {};  // of {date} in the names of targets
};

class Estimator {
 public:
  Estimator(const config::Pipeline& pipeline, const Way& way, Depth depth, const std::stop_token& stop, RunEstimate& into)
      : pipeline_(pipeline), way_(way), depth_(depth), stop_(stop), into_(into), budget_(pipeline.budget_cells) {}

  // What is about to be estimated: sinks are told what all of it is called, as in a run.
  Status begin(const Items& items) {
    if (way_.sinks == nullptr || way_.opened == nullptr || !way_.opened->session) return {};
    auto names = ObjectNames::of(items, *way_.opened->session);
    if (!names) return std::move(names).error();
    names_ = std::move(*names);
    return {};
  }

  // Anything but Ok ends the estimate.
  Status item(Item& item) {
    if (stop_.stop_requested()) return {Code::cancelled, "stopped"};
    auto plan = item.plan(stop_);
    if (!plan) {
      auto entry = new_entry(item.facts());
      entry.status = std::move(plan).error();
      return add(std::move(entry));
    }
    auto entry = new_entry((*plan)->facts);
    entry.adapter = (*plan)->reader;
    entry.notes.insert(entry.notes.end(), (*plan)->notes.begin(), (*plan)->notes.end());
    entry.warnings = (*plan)->warnings;
    entry.skipped = (*plan)->datasets.empty();
    if (!entry.skipped) meet_state(**plan, entry);
    if (entry.status.ok() && !entry.skipped && way_.rules != nullptr)
      entry.status = transform::check_datasets(*way_.rules, item.facts(), **plan);
    if (entry.skipped || !entry.status.ok()) return add(std::move(entry));
    for (const auto& name : (*plan)->datasets) {
      auto one = entry;
      one.dataset = name;
      one.status = dataset(item.facts(), **plan, one);
      if (auto status = add(std::move(one)); !status.ok()) return status;
    }
    return {};
  }

 private:
  [[nodiscard]] const AppState* state() const { return way_.opened != nullptr && way_.opened->state ? &*way_.opened->state : nullptr; }

  [[nodiscard]] DatasetEstimate new_entry(const ItemFacts& facts) const {
    DatasetEstimate entry;
    entry.facts = facts;
    if (state() == nullptr) return entry;
    entry.turn = turn_text(state()->turn().values);
    entry.notes = state()->notes();
    if (!state()->nothing_left().empty()) entry.notes.push_back("no row can be left: " + state()->nothing_left());
    return entry;
  }

  // Data in a state that the selections do not reach: as the run decides.
  void meet_state(const ItemPlan& plan, DatasetEstimate& entry) const {
    auto why = state() != nullptr ? state()->unfiltered(plan.states) : std::string();
    if (why.empty()) return;
    if (pipeline_.state.on_mismatch == config::OnMismatch::fail) return static_cast<void>(entry.status = {Code::not_found, std::move(why)});
    entry.skipped = pipeline_.state.on_mismatch == config::OnMismatch::skip;
    entry.notes.push_back(std::move(why));
  }

  // Once more, as a run does, where the first rows do not fit the columns that the layout let expect.
  Status dataset(const ItemFacts& known, ItemPlan& plan, DatasetEstimate& entry) {
    const auto rules = way_.rules != nullptr ? transform::dataset_rules(*way_.rules, known, plan, entry.dataset) : transform::Rules();
    auto source = plan.source(entry.dataset);
    if (!source) return std::move(source).error();
    const auto before = entry;
    while (true) {
      bool widened = false;
      auto status = look_once(**source, rules, entry, widened);
      if (!widened) return status;
      entry = before;
    }
  }

  Status look_once(DatasetSource& source, const transform::Rules& rules, DatasetEstimate& entry, bool& widened) {
    const auto begin = Clock::now();
    Run run;
    run.pipeline = into_.pipeline, run.app = into_.app, run.app_id = into_.app_id, run.sheet = entry.facts.sheet;
    run.object_id = entry.facts.id, run.object_type = entry.facts.type, run.title = entry.facts.title, run.dataset = entry.dataset;
    auto options = fetch_options(pipeline_);
    options.window = 1;  // the page that is measured has the engine for itself
    auto opened = source.open(run, options, stop_);
    if (!opened) return std::move(opened).error();
    const auto opening = seconds_since(begin);
    auto reader = std::make_unique<BegunReader>(std::move(*opened));
    auto schema = arrow::import_schema(reader->schema());
    if (!schema) return std::move(schema).error();

    entry.columns = static_cast<std::int64_t>(schema->fields.size());
    entry.rows = reader->rows();
    for (auto& remark : reader->remarks()) entry.notes.push_back(std::move(remark));
    auto forecast = reader->forecast();
    if (!forecast) return std::move(forecast).error();
    entry.cells = forecast->cells;
    entry.calls = forecast->calls;
    warn(entry, *forecast);
    if (auto status = budget_.check(entry.cells); !status.ok()) return status;
    if (depth_ == Depth::measured) {
      auto status = measure(*reader, *schema, {opening, forecast->pages_of_a_row}, entry, widened);
      if (!status.ok() || widened) return status;
    } else if (auto why = reader->begin(); !why.ok() && !comes_again(why)) {
      return widen_after(std::move(why), *reader, widened);
    }
    reader->end_behind_first();
    auto status = deliver(std::move(reader), rules, entry, widened);
    if (!widened) budget_.take(std::max<std::int64_t>(0, entry.cells));
    return status;
  }

  // The columns met with the rules, each sink asked what it would do, and the rules applied to the first rows. They go nowhere.
  Status deliver(std::unique_ptr<BatchReader> source, const transform::Rules& rules, DatasetEstimate& entry, bool& widened) {
    auto columns = state() != nullptr ? state_columns(*state()) : std::vector<ConstantColumn>();
    auto reader = ConstantColumns::add(std::move(source), std::move(columns));
    if (reader && way_.rules != nullptr) reader = transform::TransformReader::open(std::move(*reader), rules, way_.rules->mask_key());
    if (!reader) return std::move(reader).error();
    entry.columns = (*reader)->schema().n_children;
    entry.filtered = rules.filter.has_value();
    if (way_.sinks == nullptr) return {};
    auto run = (*reader)->run();
    const auto values = state() != nullptr ? state()->turn().values : Facts();
    const auto in_force = state() != nullptr ? state()->in_force() : Facts();
    const auto name = delivered_name(entry.dataset, values);
    const auto now = utc_now();
    const auto day = way_.time_zone.day_of(now);
    run.hypercube = entry.dataset, run.dataset = name, run.run_id = "explain", run.started_at = now, run.day = day;
    run.loop.assign(values.begin(), values.end());
    run.selections.assign(in_force.begin(), in_force.end());
    run.objects = names_.all();
    for (auto& sink : *way_.sinks) {
      auto plan = sink.sink.plan(run, (*reader)->schema());
      if (!plan) return std::move(plan).error().within("sink '" + sink.name + "'");
      entry.targets.push_back({sink.name, std::move(*plan)});
    }
    auto first = (*reader)->next();
    return first ? Status() : widen_after(std::move(first).error(), **reader, widened);
  }

  void warn(DatasetEstimate& entry, const fetch::Forecast& forecast) const {
    if (forecast.pages_of_a_row > 1) {
      entry.warnings.push_back("its rows are wider than a call may be (page-cells = " + std::to_string(pipeline_.page_cells) +
                               "): each is read in " + std::to_string(forecast.pages_of_a_row) + " calls and joined");
    }
    if (entry.rows < 0) entry.warnings.emplace_back("how many rows it has is not known before it was read");
    if (entry.cells < 0 && pipeline_.budget_cells > 0) {
      entry.warnings.emplace_back("budget.cells cannot be held against it beforehand; a run ends where it is exceeded");
    }
  }

  struct Expected {
    double opening;  // seconds it took to get so far
    std::int64_t calls;
  };

  // A run begins again then, and may well succeed: no reason to say that it would fail.
  static bool comes_again(const Status& why) { return why.code() == Code::inconsistent || retryable(why.code()); }

  Status measure(BegunReader& reader, const Schema& schema, Expected expected, DatasetEstimate& entry, bool& widened) {
    auto page = measure_page(reader, schema);
    const auto& counters = reader.counters();
    if (!page) {
      auto why = std::move(page).error();
      if (!comes_again(why)) return widen_after(std::move(why), reader, widened);
      entry.warnings.push_back("its first page could not be measured: " + why.message());
      return {};
    }
    if (counters.retries > 0) {
      entry.warnings.emplace_back(
          "the engine aborted calls while one page was measured: a reload or somebody's selections are under way, and a run may need more "
          "than one attempt");
    } else if (counters.calls > expected.calls) {
      entry.warnings.push_back("the engine took " + std::to_string(counters.calls) +
                               " calls for the first page, because it gives smaller ones than were asked for: expect more calls");
    }
    entry.page = *page;
    if (*page) {
      const bool whole = (*page)->source_rows == entry.rows;
      const auto rows = rows_from_source(entry.rows, (*page)->batch_rows, (*page)->source_rows);
      if (rows != entry.rows && !whole)
        entry.warnings.emplace_back("its rows are estimated from the first page: a row of a pivot makes several");
      entry.rows = rows;
    }
    const auto opening_work = std::max(0.0, expected.opening - kRoundTripsToOpen * into_.latency);
    if (!*page || entry.calls < 0 || entry.cells < 0) {
      if (entry.rows == 0) entry.seconds = expected.opening, entry.working = opening_work, entry.memory = 0;
      return {};
    }
    const auto window = expected_window(pipeline_, **page, into_.latency);
    entry.seconds =
        expected.opening + reading_seconds(**page, entry.cells, entry.calls, into_.latency, window) + kRoundTripsAtTheEnd * into_.latency;
    entry.working = opening_work + reading_seconds(**page, entry.cells, entry.calls, into_.latency, 0);
    entry.memory = memory_bound(**page, window, pipeline_);
    return {};
  }

  Status add(DatasetEstimate entry) {
    auto status = entry.status;
    if (!status.ok()) {
      status = status.within("object '" + entry.facts.id + "'" + (entry.dataset.empty() ? "" : ", dataset '" + entry.dataset + "'") +
                             (entry.turn.empty() ? "" : ", " + entry.turn));
      if (into_.status.ok()) into_.status = status;
    }
    into_.datasets.push_back(std::move(entry));
    return status.code() == Code::cancelled ? status : Status();
  }

  const config::Pipeline& pipeline_;
  const Way& way_;
  Depth depth_;
  const std::stop_token& stop_;
  RunEstimate& into_;
  CellBudget budget_;
  ObjectNames names_;
};

void estimate_with(Estimator& estimator, const Items& items, RunEstimate& into) {
  if (auto status = estimator.begin(items); !status.ok()) {
    into.problems.push_back(status.message());
    if (into.status.ok()) into.status = std::move(status);
    return;
  }
  for (const auto& item : items) {
    if (auto status = estimator.item(*item); !status.ok()) {
      if (into.status.ok()) into.status = std::move(status);
      return;
    }
  }
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
  const auto alone = sum_of<double>(datasets, [](const auto& dataset) { return dataset.seconds; });
  if (alone < 0 || parallel == 1) return alone < 0 ? -1 : connect_seconds + alone;
  double working = 0, longest = 0;
  std::size_t read = 0;
  for (const auto& dataset : datasets) {
    if (!counts(dataset)) continue;
    working += dataset.working;
    longest = std::max(longest, dataset.seconds);
    ++read;
  }
  const auto groups = std::ceil(static_cast<double>(read) / kTogether);
  return connect_seconds + std::min(alone, std::max(longest, working) + kRoundTripsTogether * latency * groups);
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
  return sizes.front() + std::min(others, kMostWaiting);
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
  Estimator estimator(pipeline, none, Depth::measured, stop, into);
  estimate_with(estimator, items, into);
}

namespace {

// The sinks of the pipeline whose targets are there; into says of each whether it is.
std::vector<NamedSink> reach_sinks(const Bound& bound, RunEstimate& into) {
  std::vector<NamedSink> reached;
  for (const auto& [sink, component] : bound.sinks) {
    auto remote = plugin::RemoteSink::create(*component, sink->options);
    auto status = remote ? remote->probe() : remote.error();
    if (status.ok()) reached.push_back({sink->name, std::move(*remote)});
    if (!status.ok() && into.status.ok()) into.status = status.within("sink '" + sink->name + "'");
    into.sinks.push_back({sink->name, sink->type, std::move(status)});
  }
  return reached;
}

// Once, or once for each turn of foreach, in the state of that turn.
void estimate_turns(const Bound& bound, Depth depth, const Items& items, const std::stop_token& stop, const Way& way, OpenedApp& opened,
                    RunEstimate& into) {
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
    return;
  }
  if (pipeline.state.foreach.empty()) return estimate_with(estimator, items, into);
  auto turns = Foreach::find(*opened.session, *opened.state, pipeline.state, stop);
  const auto fail = [&](const Status& why) {
    into.problems.push_back(why.message());
    if (into.status.ok()) into.status = why;
    return false;
  };
  if (!turns) return static_cast<void>(fail(turns.error()));
  into.notes = turns->notes();
  TurnListeners listeners;
  listeners.entered = [&] {
    const auto found = list_items(bound, opened);
    if (!found) return fail(found.error());
    estimate_with(estimator, *found, into);
    return into.status.ok() && depth == Depth::measured;
  };
  listeners.nothing_left = [](const Facts&, const std::string&) { return true; };
  listeners.failed = [&](const Facts& values, const Status& why) { return fail(Status(why).within(turn_text(values))); };
  turns->run(listeners);
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
  found.connected = opened.logged_in;
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
    estimate_turns(bound, depth, *items, stop, way, opened, found);
  }
  if (!found.status.ok()) found.status = found.status.within("pipeline '" + pipeline.name + "'");
  return found;
}

}  // namespace qonduit::pipeline

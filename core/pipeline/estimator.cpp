#include "core/pipeline/estimator.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/pipeline/constant_columns.hpp"
#include "core/pipeline/delivery.hpp"
#include "core/pipeline/foreach.hpp"
#include "core/pipeline/group_look.hpp"
#include "core/pipeline/prepared_item.hpp"
#include "core/pipeline/report.hpp"
#include "core/pipeline/transform/transform_reader.hpp"
#include "core/pipeline/transform/withheld.hpp"

namespace qonduit::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kRoundTripsAtTheEnd = 1;  // the proof that nothing changed
constexpr double kRoundTripsToOpen = 2;    // a session copy: made, and its layout

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

// The most that is in memory at a time: the replies; for each sink its queue and the batch it writes; the batch that is handed out.
std::int64_t memory_bound(const MeasuredPage& page, std::int64_t replies, const config::Pipeline& pipeline) {
  const auto batches = static_cast<std::int64_t>(pipeline.sinks.size()) * (pipeline.queue + 1) + 1;
  return std::min(replies * page.reply_bytes / page.calls, fetch::Flow::kMostBytes) + batches * page.batch_bytes;
}

// Reads the first page, alone, and forgets its rows. Nothing: there is none.
Result<std::optional<MeasuredPage>> measure_page(BegunReader& reader, const Schema& schema) {
  const auto begin = Clock::now();
  if (auto status = reader.begin(); !status.ok()) return status;
  const auto* batch = reader.first();
  if (batch == nullptr) return std::optional<MeasuredPage>();
  const auto& counters = reader.counters();
  // Of a page that came short the rest is asked for already.
  MeasuredPage page{counters.short_pages > 0 ? 1 : counters.calls, counters.cells, counters.bytes, batch_bytes(schema, *batch)};
  page.source_rows = counters.rows, page.batch_rows = batch->length;
  page.seconds = seconds_since(begin);
  return std::optional(page);
}

// A run begins again then, and may well succeed: no reason to say that it would fail.
bool comes_again(const Status& why) { return why.code() == Code::inconsistent || retryable(why.code()); }

}  // namespace

// A dataset of an item that was planned, from there until it is added.
struct Estimator::Dataset : PreparedDataset {
  DatasetEstimate entry;
  bool ahead = false;  // it was begun before its turn
};

// An item that was planned.
struct Estimator::Planned {
  std::unique_ptr<ItemPlan> plan;
  DatasetEstimate entry;  // all there is to say where it has no datasets
  std::vector<std::unique_ptr<Dataset>> datasets = {};
};

std::vector<Estimator::Dataset*> Estimator::datasets_of(const std::vector<Planned>& group) {
  std::vector<Dataset*> datasets;
  for (const auto& planned : group) {
    for (const auto& dataset : planned.datasets) datasets.push_back(dataset.get());
  }
  return datasets;
}

Estimator::Estimator(const config::Pipeline& pipeline, const Way& way, Depth depth, const std::stop_token& stop, RunEstimate& into)
    : pipeline_(pipeline), way_(way), depth_(depth), stop_(stop), into_(into), budget_(pipeline.budget_cells), flow_(pipeline.window) {
  flow_.alone(true);
}

Estimator::~Estimator() = default;

const AppState* Estimator::state() const { return way_.opened != nullptr && way_.opened->state ? &*way_.opened->state : nullptr; }

// As a run, which looks at one after the other with parallel = 1.
bool Estimator::in_groups() const { return pipeline_.parallel > 1 && way_.opened != nullptr && way_.opened->session != nullptr; }

Run Estimator::run_of(const DatasetEstimate& entry) const {
  Run run;
  run.pipeline = into_.pipeline, run.app = into_.app, run.app_id = into_.app_id, run.sheet = entry.facts.sheet;
  run.object_id = entry.facts.id, run.object_type = entry.facts.type, run.title = entry.facts.title, run.dataset = entry.dataset;
  return run;
}

// One page at a time, but for what is read ahead.
fetch::Options Estimator::options() {
  auto options = fetch_options(pipeline_);
  options.window = 1;
  if (in_groups()) options.flow = &flow_;
  return options;
}

void Estimator::estimate(const Items& items) {
  items_ = &items;
  const auto fail = [this](Status why) {
    if (into_.status.ok()) into_.status = std::move(why);
  };
  // Sinks are told what all of it is called, as in a run.
  if (way_.sinks != nullptr && way_.opened != nullptr && way_.opened->session) {
    auto names = ObjectNames::of(items, *way_.opened->session);
    if (!names) {
      into_.problems.push_back(names.error().message());
      return fail(std::move(names).error());
    }
    names_ = std::move(*names);
  }
  for (std::size_t first = 0; first < items.size();) {
    if (auto status = group(first); !status.ok()) return fail(std::move(status));
  }
}

// Estimates the items that are looked at together, and sets `first` to the item behind them. Anything but Ok ends the estimate.
Status Estimator::group(std::size_t& first) {
  const auto& items = *items_;
  const auto begin = Clock::now();
  const bool together = in_groups();
  const auto seen = together ? look_at_group(items, first, *way_.opened, flow_, stop_) : 0;
  std::vector<Planned> group;
  const auto begun = first;
  for (const auto end = first + std::max<std::size_t>(seen, 1); first < end; ++first) {
    if (stop_.stop_requested()) return {Code::cancelled, "stopped"};
    group.push_back(plan(*items[first]));
  }
  next_ = first;
  if (together) ask_and_read_ahead(group);
  for (std::size_t i = 0; i < group.size(); ++i) {
    check(group[i]);
    // What was refused beside others may be fine alone.
    if (!together || !retryable(group[i].entry.status.code())) continue;
    group[i] = plan(*items[begun + i]);
    check(group[i]);
  }
  const auto datasets = datasets_of(group);
  if (together) read_ahead(datasets, 0);
  // What they shared is counted in equal parts, the wait for what proves them, too.
  const auto proof = together ? kRoundTripsAtTheEnd * into_.latency : 0.0;
  const auto shared = (seconds_since(begin) + proof) / static_cast<double>(std::max<std::size_t>(1, datasets.size()));
  std::size_t at = 0;
  for (auto& planned : group) {
    if (planned.datasets.empty()) {
      if (auto status = add(std::move(planned.entry)); !status.ok()) return status;
    }
    for (auto& dataset : planned.datasets) {
      if (stop_.stop_requested()) return {Code::cancelled, "stopped"};
      const auto ahead = together && !dataset->ahead ? read_ahead(datasets, at) : 0.0;
      ++at;
      dataset->entry.status = dataset->status.ok() ? look(*dataset) : std::move(dataset->status);
      auto& entry = dataset->entry;
      if (entry.seconds >= 0) entry.seconds += shared + ahead, entry.working += shared + ahead;
      dataset->source.reset();
      if (auto status = add(std::move(entry)); !status.ok()) return status;
    }
  }
  return {};
}

Estimator::Planned Estimator::plan(Item& item) {
  const Preparation how{pipeline_, way_.rules, state()};
  auto prepared = prepare(item, how, stop_);
  Planned planned{std::move(prepared.plan), {}};
  auto& entry = planned.entry;
  entry.facts = std::move(prepared.facts);
  entry.turn = turn_text(prepared.loop);
  entry.notes = std::move(prepared.notes);
  entry.skipped = prepared.skipped;
  entry.status = std::move(prepared.status);
  if (planned.plan) entry.adapter = planned.plan->reader, entry.warnings = planned.plan->warnings;
  for (auto& dataset : prepared.datasets) {
    auto& added = *planned.datasets.emplace_back(std::make_unique<Dataset>(Dataset{std::move(dataset), entry}));
    added.entry.dataset = added.name;
  }
  return planned;
}

// What expressions name that the app has not. A failure leaves the item without datasets.
void Estimator::check(Planned& planned) {
  if (!planned.plan || !planned.entry.status.ok()) return;
  auto notes = planned.plan->check();
  if (!notes) {
    planned.entry.status = std::move(notes).error();
    planned.datasets.clear();  // before the plan that they are of
    planned.plan.reset();
    return;
  }
  planned.entry.notes.insert(planned.entry.notes.end(), notes->begin(), notes->end());
  for (auto& dataset : planned.datasets) dataset->entry.notes.insert(dataset->entry.notes.end(), notes->begin(), notes->end());
}

// Asks about the expressions of a group, and begins what it holds meanwhile, as a run does.
void Estimator::ask_and_read_ahead(const std::vector<Planned>& group) {
  std::vector<const ItemPlan*> plans;
  for (const auto& planned : group) {
    if (planned.plan) plans.push_back(planned.plan.get());
  }
  flow_.alone(false);
  {
    const engine::Rounds rounds(*way_.opened->session->arrivals(), [this, datasets = datasets_of(group)] { go_on(datasets, 0); });
    ask_together(plans, *way_.opened->expressions);
  }
  flow_.alone(true);
}

// Opens datasets before their turn, this one and those behind it, and reads those of one page, or a page of each. Waits until no reply is
// missing. The answer is the seconds that took.
double Estimator::read_ahead(const std::vector<Dataset*>& datasets, std::size_t first) {
  const auto begin = Clock::now();
  flow_.alone(false);
  way_.opened->session->arrivals()->wait([&] { return go_on(datasets, first); }, stop_);
  flow_.alone(true);
  return seconds_since(begin);
}

// True: nothing is under way.
bool Estimator::go_on(const std::vector<Dataset*>& datasets, std::size_t first) {
  bool opening = false;
  int copies = 0;
  auto cells = std::int64_t{0};
  for (auto i = first; i < datasets.size(); ++i) {
    auto& dataset = *datasets[i];
    if (!dataset.source) continue;
    auto& source = *dataset.source;
    if (!std::exchange(dataset.ahead, true)) source.begin_ahead(run_of(dataset.entry), options(), stop_);
    const auto opened = source.open_ahead();
    const auto cost = source.cost();
    if (!opened) opening = true;
    // Of a large one a page, unless it is to be measured.
    if (opened && cost.cells >= 0 && (!cost.large || depth_ == Depth::checked)) {
      // What does not fit in the budget is not read.
      if (pipeline_.budget_cells > 0 && !budget_.check(cells += cost.cells).ok()) break;
      dataset.entry.together = !cost.large && pipeline_.window != 1;
      source.advance();
    }
    if (cost.copy && ++copies == kMostCopies) break;
  }
  // What comes behind the group.
  if (next_ < items_->size()) static_cast<void>(go_on_looking(*items_, next_, kMostOfAGroup, flow_));
  return !opening && flow_.in_flight() == 0;
}

// Once more, as a run does, where the first rows do not fit the columns that the layout let expect.
Status Estimator::look(Dataset& dataset) {
  auto before = dataset.entry;
  const auto connections = [this] { return way_.opened != nullptr && way_.opened->session ? way_.opened->session->reconnects() : 0; };
  int known = connections(), lost_before = 0;
  while (true) {
    bool widened = false;
    auto status = look_once(dataset, dataset.entry, widened);
    // The time of connecting again is no time of the page.
    const bool lost = connections() != known && ++lost_before < pipeline_.attempts;
    if (!widened && !lost) return status;
    dataset.entry = before;
    if (lost) dataset.entry.warnings.emplace_back("the connection was lost while it was measured, and taken up again");
    known = connections();
    before = dataset.entry;
  }
}

Status Estimator::look_once(Dataset& dataset, DatasetEstimate& entry, bool& widened) {
  const auto begin = Clock::now();
  auto opened = dataset.source->open(run_of(entry), options(), stop_);
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
    auto status = measure(*reader, *schema, *forecast, opening, entry, widened);
    if (!status.ok() || widened) return transform::withheld(std::move(status), dataset.rules, reader->schema());
  } else if (auto why = reader->begin(); !why.ok() && !comes_again(why)) {
    return transform::withheld(widen_after(std::move(why), *reader, widened), dataset.rules, reader->schema());
  }
  reader->end_behind_first();
  auto status = deliver(dataset, std::move(reader), entry, widened);
  if (!widened) budget_.take(std::max<std::int64_t>(0, entry.cells));
  return status;
}

Status Estimator::measure(BegunReader& reader, const Schema& schema, const fetch::Forecast& forecast, double opening,
                          DatasetEstimate& entry, bool& widened) {
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
  } else if (counters.short_pages > 0) {
    entry.warnings.emplace_back("the engine gives smaller pages than were asked for: it takes more calls");
  } else if (counters.calls > (entry.together ? forecast.calls : forecast.pages_of_a_row)) {
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
  const auto opening_work = std::max(0.0, opening - kRoundTripsToOpen * into_.latency);
  if (!*page || entry.calls < 0 || entry.cells < 0) {
    if (entry.rows == 0) entry.seconds = opening, entry.working = opening_work, entry.memory = 0;
    return {};
  }
  const bool trimmed = counters.short_pages > 0 && (*page)->cells > 0;
  // All of them will be as small.
  if (trimmed) entry.calls = std::max(entry.calls, (entry.cells + (*page)->cells - 1) / (*page)->cells);
  const auto window = expected_window(pipeline_, **page, into_.latency);
  // A window that finds its size may come to more than what is expected of it.
  const auto replies = pipeline_.window > 0 ? pipeline_.window : fetch::Flow::kMost;
  entry.memory = memory_bound(**page, std::min<std::int64_t>(replies, entry.calls), pipeline_);
  if (entry.together) {
    entry.seconds = entry.working = opening + (*page)->seconds;
    if (trimmed) entry.seconds += reading_seconds(**page, entry.cells - (*page)->cells, entry.calls - 1, into_.latency, window);
    return {};
  }
  entry.seconds = opening + reading_seconds(**page, entry.cells, entry.calls, into_.latency, window) + kRoundTripsAtTheEnd * into_.latency;
  entry.working = opening_work + reading_seconds(**page, entry.cells, entry.calls, into_.latency, 0);
  return {};
}

// The columns met with the rules, each sink asked what it would do, and the rules applied to the first rows. They go nowhere.
Status Estimator::deliver(Dataset& dataset, std::unique_ptr<BatchReader> source, DatasetEstimate& entry, bool& widened) {
  Result<std::vector<ConstantColumn>> columns(std::vector<ConstantColumn>{});
  if (state() != nullptr) columns = state_columns(*state(), dataset.states);
  if (!columns) return std::move(columns).error();
  auto reader = ConstantColumns::add(std::move(source), std::move(*columns));
  if (reader && way_.rules != nullptr) reader = transform::TransformReader::open(std::move(*reader), dataset.rules, way_.rules->mask_key());
  if (!reader) return std::move(reader).error();
  entry.columns = (*reader)->schema().n_children;
  entry.filtered = dataset.rules.filter.has_value();
  if (way_.sinks == nullptr) return {};
  auto run = (*reader)->run();
  const auto values = state() != nullptr ? state()->turn().values : Facts();
  const auto in_force = state() != nullptr ? state()->in_force() : Facts();
  const auto turn = turn_text(values);
  const auto now = utc_now();
  const auto day = way_.time_zone.day_of(now);
  run.dataset = entry.dataset, run.turn = turn, run.run_id = "explain", run.started_at = now, run.day = day;
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

void Estimator::warn(DatasetEstimate& entry, const fetch::Forecast& forecast) const {
  if (forecast.pages_of_a_row > 1) {
    entry.warnings.push_back("its rows are wider than a call may be (page-cells = " + std::to_string(pipeline_.page_cells) +
                             "): each is read in " + std::to_string(forecast.pages_of_a_row) + " calls and joined");
  }
  if (entry.rows < 0) entry.warnings.emplace_back("how many rows it has is not known before it was read");
  if (entry.cells < 0 && pipeline_.budget_cells > 0) {
    entry.warnings.emplace_back("budget.cells cannot be held against it beforehand; a run ends where it is exceeded");
  }
}

Status Estimator::add(DatasetEstimate entry) {
  auto status = entry.status;
  if (!status.ok()) {
    status = status.within("object '" + entry.facts.id + "'" + (entry.dataset.empty() ? "" : ", dataset '" + entry.dataset + "'") +
                           (entry.turn.empty() ? "" : " (" + entry.turn + ")"));
    if (into_.status.ok()) into_.status = status;
  }
  into_.datasets.push_back(std::move(entry));
  return status.code() == Code::cancelled ? status : Status();
}

}  // namespace qonduit::pipeline

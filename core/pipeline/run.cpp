#include "core/pipeline/run.hpp"

#include <chrono>
#include <ctime>
#include <optional>
#include <random>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/pipeline/begun_reader.hpp"
#include "core/pipeline/budget.hpp"
#include "core/pipeline/constant_columns.hpp"
#include "core/pipeline/estimate.hpp"
#include "core/pipeline/find_items.hpp"
#include "core/pipeline/foreach.hpp"
#include "core/pipeline/object_names.hpp"
#include "core/pipeline/read_ahead.hpp"
#include "core/pipeline/transform/dataset_rules.hpp"
#include "core/pipeline/transform/transform_reader.hpp"

namespace qonduit::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

// Sorts by time, and is safe in file names: 20260131T235959Z-1f2e3d4c.
std::string new_run_id(const std::string& started_at) {
  std::string id;
  for (const char c : started_at) {
    if (c != '-' && c != ':') id += c;
  }
  char suffix[16];
  std::snprintf(suffix, sizeof suffix, "-%08x", std::random_device{}());
  return id + suffix;
}

// Adds what a reader asked to the dataset's report, however the attempt ends.
struct Tally {
  DatasetReport& dataset;
  const fetch::Counters& counters;
  ~Tally() {
    dataset.calls += counters.calls;
    dataset.retries += counters.retries;
  }
};

// The state of one execution, and its steps from the outside in: run, item, dataset, attempt.
class Execution {
 public:
  Execution(const Bound& bound, const RunSettings& settings, std::stop_token stop)
      : bound_(bound), pipeline_(*bound.pipeline), settings_(settings), budget_(pipeline_.budget_cells), stop_(std::move(stop)) {}

  RunReport run() {
    const auto begin = Clock::now();
    report_.pipeline = pipeline_.name;
    report_.started_at = settings_.now ? settings_.now() : utc_now();
    day_ = bound_.time_zone.day_of(report_.started_at);
    report_.run_id = settings_.make_run_id ? settings_.make_run_id() : new_run_id(report_.started_at);
    const logging::LogContext context({{"pipeline", report_.pipeline}, {"run", report_.run_id}});
    logging::log(logging::Level::info, "run started", {{"app", pipeline_.app}});
    steps();
    if (ahead_) report_.window_least = ahead_->flow().least(), report_.window_most = ahead_->flow().most();
    ahead_.reset();
    end_run();
    report_.reconnects = opened_.reconnects;
    if (opened_.session) {
      report_.reconnects += opened_.session->reconnects();
      const auto traffic = opened_.session->traffic();
      report_.engine_calls = traffic.calls, report_.waits = traffic.waits;
    }
    opened_.close();
    report_.seconds = seconds_since(begin);
    log_end();
    return std::move(report_);
  }

 private:
  void log_end() const {
    const auto sum = totals(report_);
    logging::Fields fields{{"datasets", sum.delivered},
                           {"rows", sum.rows},
                           {"bytes", sum.bytes},
                           {"calls", sum.calls},
                           {"engine_calls", report_.engine_calls},
                           {"waits", report_.waits},
                           {"seconds", logging::Value::seconds(report_.seconds)}};
    if (sum.skipped > 0) fields.emplace_back("skipped", sum.skipped);
    if (sum.failed > 0) fields.emplace_back("failed", sum.failed);
    if (!report_.not_tried.empty()) fields.emplace_back("not_tried", static_cast<std::int64_t>(report_.not_tried.size()));
    if (sum.refused > 0) fields.emplace_back("refused", sum.refused);
    switch (report_.outcome) {
      case RunOutcome::done: return logging::log(logging::Level::info, "run done", fields);
      case RunOutcome::interrupted: return logging::log(logging::Level::warn, "run interrupted", fields);
      case RunOutcome::failed:
      case RunOutcome::cannot_connect: break;
    }
    if (!settings_.caller_prints || !logging::on_stderr_as_text()) fields.emplace_back("error", report_.status.message());
    logging::log(logging::Level::error, "run failed", fields);
  }

  void steps() {
    if (auto status = create_sinks(); !status.ok()) return fail(RunOutcome::failed, std::move(status));
    auto items = find_items(bound_, settings_, stop_, opened_);
    if (opened_.session) {
      report_.app = opened_.session->app().title, report_.app_id = opened_.session->app().id;
      ahead_.emplace(bound_, opened_, report_, day_, budget_, stop_);
    }
    if (!items) {
      const bool stopped = items.error().code() == Code::cancelled;
      return fail(stopped             ? RunOutcome::interrupted
                  : opened_.logged_in ? RunOutcome::failed
                                      : RunOutcome::cannot_connect,
                  std::move(items).error());
    }
    if (auto status = transform::check_items(bound_.rules, *items); !status.ok()) return fail(RunOutcome::failed, std::move(status));
    report_.outcome = RunOutcome::done;
    if (opened_.state && !opened_.state->skipped().empty()) {
      for (const auto& item : *items) skip(ahead_->new_entry(item->facts()), opened_.state->skipped());
    } else if (pipeline_.state.foreach.empty()) {
      deliver_items(*items);
    } else {
      deliver_turns();
    }
  }

  // Sinks whose tables appear together make them visible now, or drop them.
  void end_run() {
    const bool complete = report_.outcome == RunOutcome::done;
    auto status = pipeline::end_run(sinks_, report_.run_id, complete);
    if (status.ok()) return;
    if (!complete) return logging::log(logging::Level::warn, "could not end a failed run cleanly", {{"error", status.message()}});
    fail(RunOutcome::failed, std::move(status).within("the run did not become visible"));
  }

  // False: the run is over.
  bool deliver_items(const Items& items) {
    items_ = items.size(), item_ = 0;
    auto names = connected([&] { return ObjectNames::of(items, *opened_.session); });
    if (!names) {
      not_tried(items, 0);
      return goes_on_after(names.error());
    }
    names_ = std::move(*names);
    ahead_->begin(items);
    bool goes_on = true;
    while (goes_on && item_ < items.size()) {
      const bool begun = !stop_.stop_requested();
      ++item_;
      const auto status = deliver_item(item_ - 1);
      goes_on = status.ok() || goes_on_after(status);
      if (!goes_on) not_tried(items, begun ? item_ : item_ - 1);
    }
    ahead_->end();
    return goes_on;
  }

  // The items from this one on.
  void not_tried(const Items& items, std::size_t first) {
    for (auto i = first; i < items.size(); ++i) {
      const auto& facts = items[i]->facts();
      const auto loop = opened_.state ? opened_.state->turn().values : Facts();
      const auto title = names_.all().size() == items.size() ? std::string(names_.all()[i].title) : facts.title;
      report_.not_tried.push_back({facts.id, facts.type, title, facts.sheet, "", loop});
    }
  }

  bool goes_on_after(const Status& status) {
    const bool stopped = status.code() == Code::cancelled;
    fail(stopped ? RunOutcome::interrupted : RunOutcome::failed, status);
    return !stopped && pipeline_.on_error == config::OnError::proceed;
  }

  // One delivery of everything for every turn of foreach.
  void deliver_turns() {
    auto turns = connected([&] { return Foreach::find(*opened_.session, *opened_.state, pipeline_.state, stop_); });
    if (!turns) return static_cast<void>(goes_on_after(turns.error()));
    report_.notes = turns->notes();
    TurnListeners listeners;
    listeners.entered = [&] { return deliver_turn(); };
    listeners.nothing_left = [&](const Facts& values, const std::string& why) {
      skip(turn_entry(values), why);
      return true;
    };
    listeners.failed = [&](const Facts& values, const Status& why) { return fail_turn(values, why); };
    listeners.not_tried = [&](const Facts& values) { report_.not_tried.push_back({"", "foreach", turn_text(values), "", "", values}); };
    turns->run(listeners);
  }

  // What this step finds; where the connection is lost on the way it is taken up again, with the state, and the step begun anew.
  template <typename Step>
  auto connected(const Step& step) -> decltype(step()) {
    for (int attempt = 1;; ++attempt) {
      auto found = step();
      if (found || !retryable(found.error().code()) || attempt >= pipeline_.attempts || stop_.stop_requested()) return found;
      if (opened_.session->health().ok()) continue;
      if (auto status = opened_.session->reconnect(stop_); !status.ok()) return status;
    }
  }

  bool deliver_turn() {
    auto items = connected([&] { return list_items(bound_, opened_); });
    return items ? deliver_items(*items) : fail_turn(opened_.state->turn().values, items.error());
  }

  bool fail_turn(const Facts& values, const Status& why) {
    auto entry = turn_entry(values);
    entry.status = Status(why).within(turn_text(values));
    report_.datasets.push_back(entry);
    return goes_on_after(entry.status);
  }

  // Of a turn as a whole, where no object of it was looked at.
  static DatasetReport turn_entry(const Facts& values) {
    DatasetReport entry;
    entry.object_type = "foreach";
    entry.title = turn_text(values);
    entry.loop = values;
    return entry;
  }

  void skip(DatasetReport entry, const std::string& why) {
    entry.outcome = DatasetOutcome::skipped;
    entry.notes.push_back(why);
    report_.datasets.push_back(std::move(entry));
  }

  void fail(RunOutcome outcome, Status status) {
    report_.outcome = outcome;
    if (report_.status.ok()) report_.status = std::move(status).within("pipeline '" + pipeline_.name + "'");
  }

  Status create_sinks() {
    for (const auto& [sink, component] : bound_.sinks) {
      auto remote = plugin::RemoteSink::create(*component, sink->options);
      if (!remote) return std::move(remote).error().within("sink '" + sink->name + "'");
      sinks_.push_back({sink->name, std::move(*remote)});
    }
    return {};
  }

  // All datasets of an item. Its failure, or its reason to be left out, is in the report before this returns.
  Status deliver_item(std::size_t at) {
    if (stop_.stop_requested()) return {Code::cancelled, "stopped"};
    auto& item = ahead_->turn(at);
    if (item.datasets.empty()) {
      auto status = item.entry.status;
      report_.datasets.push_back(std::move(item.entry));
      return status;
    }
    Status first;
    for (std::size_t i = 0; i < item.datasets.size(); ++i) {
      ahead_->turn_of(i);
      auto& dataset = item.datasets[i]->report;
      auto status = deliver_dataset(*item.datasets[i]).within(named_in_errors(dataset.object_id, dataset.dataset, dataset.loop));
      item.datasets[i]->source.reset();
      dataset.outcome = status.ok() ? DatasetOutcome::delivered : DatasetOutcome::failed;
      dataset.status = status;
      report_.datasets.push_back(std::move(dataset));
      if (status.ok()) continue;
      if (first.ok()) first = status;
      if (status.code() != Code::cancelled && pipeline_.on_error == config::OnError::proceed) continue;
      while (++i < item.datasets.size()) {
        const auto& next = item.datasets[i]->report;
        report_.not_tried.push_back({next.object_id, next.object_type, next.title, next.sheet, next.dataset, next.loop});
      }
      break;
    }
    return first;
  }

  // Attempts until one succeeds, the failure is final, or the attempts are used up. A widened column starts over without counting.
  Status deliver_dataset(PreparedDataset& prepared) {
    const auto begin = Clock::now();
    if (prepared.source == nullptr) return prepared.status;
    auto& dataset = prepared.report;
    const auto notes = dataset.notes;  // an attempt adds its own
    while (true) {
      bool widened = false;
      dataset.notes = notes;
      auto status = attempt(prepared, widened, begin);
      dataset.seconds = seconds_since(begin);
      if (status.ok()) return status;
      if (widened) continue;
      ++dataset.attempts;
      const bool again = status.code() == Code::inconsistent || retryable(status.code());
      if (!again || stop_.stop_requested()) return status;
      if (dataset.attempts >= pipeline_.attempts) {
        return std::move(status).within("gave up after " + std::to_string(dataset.attempts) + " attempts");
      }
      logging::log(logging::Level::warn, "started a dataset over", {{"object", dataset.object_id}, {"error", status.message()}});
    }
  }

  Status attempt(PreparedDataset& prepared, bool& widened, Clock::time_point begin) {
    auto& dataset = prepared.report;
    // It may have changed because the app was reloaded. What fails here fails again below.
    if (dataset.attempts > 0 && opened_.session->health().ok())
      static_cast<void>(opened_.session->watch().seen_after(engine::AppWatch::Clock::now()));
    if (opened_.state) {
      const auto entries = opened_.state->entries();
      opened_.state->holds_for(opened_.session->app().reload_time);
      if (auto status = opened_.state->renew(stop_); !status.ok()) return status;
      if (opened_.state->entries() != entries) ahead_->forget();
      dataset.selections = opened_.state->in_force();
    }
    // Whatever is waited for from here on, what comes next is seen to.
    const engine::Rounds rounds(*opened_.session->arrivals(), [this] { ahead_->advance(); });
    ahead_->advance();
    auto opened = prepared.source->open(prepared.run, ahead_->options(), stop_);
    if (!opened) return std::move(opened).error();
    if (auto status = budget_.check((*opened)->cells()); !status.ok()) return status;
    ahead_->takes((*opened)->cells());
    if (opened_.state && !opened_.state->holds_for(std::string((*opened)->run().reload_time))) {
      return {Code::inconsistent, "the app was reloaded after the selections were made"};
    }
    auto begun = std::make_unique<BegunReader>(std::move(*opened));
    if (auto status = begun->begin(); !status.ok()) return widen_after(std::move(status), *begun, widened);
    auto plain = ConstantColumns::add(std::move(begun), opened_.state ? state_columns(*opened_.state) : std::vector<ConstantColumn>());
    if (!plain) return std::move(plain).error();
    auto reader = transform::TransformReader::open(std::move(*plain), prepared.rules, bound_.rules.mask_key());
    if (!reader) return widen_behind(std::move(reader).error(), **plain, stop_, widened);
    const auto& counters = (*reader)->counters();
    const Tally tally{dataset, counters};
    auto delivered_run = (*reader)->run();
    const auto turn = turn_text(dataset.loop);
    const auto name = delivered_name(dataset.dataset, dataset.loop);
    delivered_run.dataset = name;
    delivered_run.loop.assign(dataset.loop.begin(), dataset.loop.end());
    delivered_run.selections.assign(dataset.selections.begin(), dataset.selections.end());
    delivered_run.objects = names_.all(), delivered_run.takeover = settings_.takeover;
    auto delivery = Delivery::open(sinks_, delivered_run, (*reader)->schema(), static_cast<std::size_t>(pipeline_.queue));
    if (!delivery) return widen_behind(std::move(delivery).error(), **reader, stop_, widened);
    dataset.columns = static_cast<std::size_t>((*reader)->schema().n_children);
    for (auto& note : (*reader)->notes()) dataset.notes.push_back(std::move(note));

    std::int64_t delivered = 0;
    const auto show = [&](bool last) {
      if (!settings_.progress) return;
      // A row of a pivot may be many of the delivery: as many as so far, until all are there.
      const auto rows = delivered + (*reader)->filtered();
      const auto expected = last ? rows : rows_from_source((*reader)->rows(), rows, counters.rows);
      settings_.progress({report_.pipeline, dataset.title, dataset.object_id, dataset.dataset, turn, item_, items_, rows, expected,
                          counters.cells, seconds_since(begin), last});
    };
    while (true) {
      auto batch = (*reader)->next();
      if (!batch) return widen_after(std::move(batch).error(), **reader, widened);
      if (!*batch) break;
      // More than was announced, or nothing was.
      if (auto status = budget_.check(counters.cells); !status.ok()) return status;
      delivered += (**batch)->length;
      if (auto status = (*delivery)->write(SharedBatch(std::move(**batch)), stop_); !status.ok()) return status;
      show(false);
    }
    show(true);
    if (stop_.stop_requested()) return {Code::cancelled, "stopped before commit"};
    auto findings = (*reader)->findings();
    if (!findings) return std::move(findings).error();
    for (auto& finding : *findings) dataset.notes.push_back(std::move(finding));
    if (counters.repaired > 0) {
      dataset.notes.push_back(std::to_string(counters.repaired) +
                              " broken characters, halves of UTF-16 pairs that the engine sent, are delivered as U+FFFD");
    }
    if (opened_.state) {
      if (auto status = opened_.state->confirm(stop_); !status.ok()) return status;
    }
    auto targets = (*delivery)->commit(delivered);
    if (!targets) return std::move(targets).error();
    dataset.targets = std::move(*targets);
    for (const auto& target : dataset.targets) {
      if (!target.note.empty()) dataset.notes.push_back("sink '" + target.sink + "': " + target.note);
    }
    dataset.rows = delivered;
    dataset.rows_filtered = (*reader)->filtered();
    dataset.cells = counters.cells;
    budget_.take(counters.cells);
    ++dataset.attempts;
    return {};
  }

  const Bound& bound_;
  const config::Pipeline& pipeline_;
  const RunSettings& settings_;
  CellBudget budget_;
  std::stop_token stop_;
  OpenedApp opened_;
  std::optional<ReadAhead> ahead_;  // while the app is read; ends before the session
  std::vector<NamedSink> sinks_;
  ObjectNames names_;  // of the turn that is delivered
  RunReport report_;
  std::string day_;                   // it started on, where its user lives
  std::size_t item_ = 0, items_ = 0;  // which object is under way, of how many
};

}  // namespace

std::string utc_now() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

fetch::Options fetch_options(const config::Pipeline& pipeline) {
  fetch::Options options;
  if (pipeline.window > 0) options.window = pipeline.window;
  options.page_cells = pipeline.page_cells;
  options.retry_delay = pipeline.retry_delay;
  return options;
}

RunReport execute(const Bound& bound, const RunSettings& settings, const std::stop_token& stop) {
  return Execution(bound, settings, stop).run();
}

}  // namespace qonduit::pipeline

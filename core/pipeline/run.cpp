#include "core/pipeline/run.hpp"

#include <chrono>
#include <ctime>
#include <optional>
#include <random>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/pipeline/budget.hpp"
#include "core/pipeline/deliverer.hpp"
#include "core/pipeline/find_items.hpp"
#include "core/pipeline/foreach.hpp"
#include "core/pipeline/object_names.hpp"
#include "core/pipeline/read_ahead.hpp"
#include "core/pipeline/transform/dataset_rules.hpp"

namespace qonduit::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

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

// The state of one execution, and its steps from the outside in: run, turn, item.
class Execution {
 public:
  Execution(const Bound& bound, const RunSettings& settings, std::stop_token stop)
      : bound_(bound),
        pipeline_(*bound.pipeline),
        settings_(settings),
        budget_(pipeline_.budget_cells),
        stop_(std::move(stop)),
        deliverer_(bound_, settings_, opened_, report_, budget_, stop_,
                   [this](const Deliverer::Place& place, const Status& status) { return ended(place, status); }) {}

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
    if (opened_.session) report_.reconnects += opened_.session->reconnects();
    const auto traffic = opened_.traffic();
    report_.engine_calls = traffic.calls, report_.waits = traffic.waits;
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
    if (sum.interrupted > 0) fields.emplace_back("interrupted", sum.interrupted);
    if (sum.rolled_back > 0) fields.emplace_back("rolled_back", sum.rolled_back);
    if (sum.rolled_back_in_part > 0) fields.emplace_back("rolled_back_in_part", sum.rolled_back_in_part);
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
    if (auto status = deliverer_.create_sinks(); !status.ok()) return fail(RunOutcome::failed, std::move(status));
    auto items = find_items(bound_, settings_, stop_, opened_);
    if (opened_.session) {
      report_.app = opened_.session->app().title, report_.app_id = opened_.session->app().id;
      ahead_.emplace(bound_, opened_, report_, day_, budget_, stop_);
    }
    if (!items) {
      const bool stopped = items.error().code() == Code::cancelled;
      return fail(stopped                        ? RunOutcome::interrupted
                  : opened_.connecting.logged_in ? RunOutcome::failed
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
    std::vector<std::string> gone;
    auto status = deliverer_.end_run(complete, gone);
    roll_back(report_, gone);
    if (status.ok()) return;
    if (!complete) return logging::log(logging::Level::warn, "could not end a failed run cleanly", {{"error", status.message()}});
    fail(RunOutcome::failed, std::move(status).within("the run did not become visible"));
  }

  // False: the run is over.
  bool deliver_items(const Items& items) {
    items_ = &items;
    auto names = connected([&] { return ObjectNames::of(items, *opened_.session); });
    if (!names) {
      not_tried(0);
      return goes_on_after(names.error());
    }
    names_ = std::move(*names);
    ahead_->begin(items);
    deliverer_.begin(*ahead_, names_.all());
    bool goes_on = true;
    for (std::size_t i = 0; goes_on && i < items.size(); ++i) {
      if (!stop_.stop_requested())
        goes_on = deliver_item(i);
      else if ((goes_on = deliverer_.settle()))
        goes_on = stopped_before(i);
    }
    goes_on = goes_on && deliverer_.settle();
    ahead_->end();
    return goes_on;
  }

  bool stopped_before(std::size_t item) {
    not_tried(item);
    return goes_on_after({Code::cancelled, "stopped"});
  }

  // The items from this one on.
  void not_tried(std::size_t first) {
    const auto& items = *items_;
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

  // All datasets of an item.
  bool deliver_item(std::size_t at) {
    const auto item = ahead_->turn(at);
    if (item->datasets.empty()) return deliverer_.end({at, item, {}}, item->entry.status);
    for (std::size_t i = 0; i < item->datasets.size(); ++i) {
      ahead_->turn_of(i);
      if (!deliverer_.deliver({at, item, i})) return false;
    }
    return true;
  }

  // An item or a dataset of one came to this; in their order.
  bool ended(const Deliverer::Place& place, const Status& status) {
    auto& item = *place.prepared;
    auto& entry = place.dataset ? item.datasets[*place.dataset]->report : item.entry;
    if (place.dataset && status.ok()) entry.outcome = DatasetOutcome::delivered;
    if (!status.ok()) entry.outcome = status.code() == Code::cancelled ? DatasetOutcome::interrupted : DatasetOutcome::failed;
    entry.status = status;
    report_.datasets.push_back(std::move(entry));
    const auto& why = report_.datasets.back().status;  // status may have been the entry's own
    if (why.ok() || goes_on_after(why)) return true;
    for (auto i = place.dataset ? *place.dataset + 1 : item.datasets.size(); i < item.datasets.size(); ++i) {
      const auto& next = item.datasets[i]->report;
      report_.not_tried.push_back({next.object_id, next.object_type, next.title, next.sheet, next.dataset, next.loop});
    }
    not_tried(place.item + 1);
    return false;
  }

  const Bound& bound_;
  const config::Pipeline& pipeline_;
  const RunSettings& settings_;
  CellBudget budget_;
  std::stop_token stop_;
  OpenedApp opened_;
  std::optional<ReadAhead> ahead_;  // while the app is read; ends before the session
  ObjectNames names_;               // of the turn that is delivered
  const Items* items_ = nullptr;    // the same
  RunReport report_;
  std::string day_;  // it started on, where its user lives
  Deliverer deliverer_;
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

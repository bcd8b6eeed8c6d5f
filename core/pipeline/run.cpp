#include "core/pipeline/run.hpp"

#include <chrono>
#include <ctime>
#include <optional>
#include <random>
#include <utility>

#include "core/engine/back_off.hpp"
#include "core/engine/catalog.hpp"
#include "core/logging/logging.hpp"
#include "core/pipeline/connect.hpp"
#include "core/pipeline/left_out_item.hpp"
#include "core/pipeline/object_item.hpp"

namespace qonduit::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kFirstPause = std::chrono::milliseconds(200);
constexpr auto kLongestPause = std::chrono::seconds(10);

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::string utc_now() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

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
      : bound_(bound), pipeline_(*bound.pipeline), settings_(settings), stop_(std::move(stop)) {}

  RunReport run() {
    const auto begin = Clock::now();
    report_.pipeline = pipeline_.name;
    report_.started_at = settings_.now ? settings_.now() : utc_now();
    report_.run_id = settings_.make_run_id ? settings_.make_run_id() : new_run_id(report_.started_at);
    const logging::LogContext context({{"pipeline", report_.pipeline}, {"run", report_.run_id}});
    logging::log(logging::Level::info, "run started", {{"app", pipeline_.app}});
    steps();
    if (session_) report_.reconnects += session_->reconnects();
    session_.reset();
    report_.seconds = seconds_since(begin);
    const auto level = report_.outcome == RunOutcome::done ? logging::Level::info : logging::Level::error;
    logging::log(level, report_.outcome == RunOutcome::done ? "run done" : "run failed",
                 {{"datasets", std::to_string(report_.datasets.size())}, {"error", report_.status.message()}});
    return std::move(report_);
  }

 private:
  using Items = std::vector<std::unique_ptr<Item>>;

  void steps() {
    if (auto status = create_sinks(); !status.ok()) return fail(RunOutcome::failed, std::move(status));
    auto items = find_items();
    if (!items) {
      const bool stopped = items.error().code() == Code::cancelled;
      return fail(stopped ? RunOutcome::interrupted : session_ ? RunOutcome::failed : RunOutcome::cannot_connect, std::move(items).error());
    }
    report_.outcome = RunOutcome::done;
    for (const auto& item : *items) {
      const auto status = deliver_item(*item);
      if (status.ok()) continue;
      fail(status.code() == Code::cancelled ? RunOutcome::interrupted : RunOutcome::failed, status);
      if (status.code() == Code::cancelled || pipeline_.on_error == config::OnError::fail) return;
    }
  }

  // Connects, opens the app and finds what to deliver. Where the connection is lost on the way, or not to be had at once, all of it is
  // tried again: nothing has been read yet. Leaves session_ empty when it was not connected at last.
  Result<Items> find_items() {
    engine::BackOff back_off(kFirstPause, kLongestPause);
    for (int attempt = 0;; ++attempt) {
      auto items = try_to_find_items();
      if (items || !retryable(items.error().code()) || attempt >= bound_.connection->reconnect_attempts) return items;
      logging::log(logging::Level::warn, "tries to connect again",
                   {{"connection", bound_.connection->name}, {"attempt", std::to_string(attempt + 1)}, {"error", items.error().message()}});
      ++report_.reconnects;
      if (!back_off.pause(stop_)) return Status(Code::cancelled, "stopped while connecting");
    }
  }

  Result<Items> try_to_find_items() {
    session_.reset();
    auto session = connect_to_app(*bound_.connection, pipeline_.app, settings_.transport, stop_);
    if (!session) return std::move(session).error();
    session_ = std::move(*session);
    report_.app = session_->app().title;
    report_.app_id = session_->app().id;
    const auto objects = engine::Catalog(*session_).resolve(pipeline_.objects);
    if (!objects) return objects.error();
    Items items;
    for (const auto& object : *objects) {
      if (LeftOutItem::leaves_out(object, pipeline_.hidden)) {
        items.push_back(std::make_unique<LeftOutItem>(object));
      } else {
        items.push_back(std::make_unique<ObjectItem>(*session_, bound_.adapters, object));
      }
    }
    return items;
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
  Status deliver_item(Item& item) {
    if (stop_.stop_requested()) return {Code::cancelled, "stopped"};
    auto plan = item.plan(stop_);
    for (int attempt = 1; !plan && retryable(plan.error().code()) && attempt < pipeline_.attempts && !stop_.stop_requested(); ++attempt) {
      logging::log(logging::Level::warn, "looks at an object again", {{"object", item.facts().id}, {"error", plan.error().message()}});
      plan = item.plan(stop_);
    }
    if (!plan) {
      auto entry = new_entry(item.facts());
      entry.status = plan.error().within("object '" + entry.object_id + "'");
      report_.datasets.push_back(entry);
      return entry.status;
    }
    auto entry = new_entry((*plan)->facts);
    entry.notes = (*plan)->notes;
    if ((*plan)->datasets.empty()) {
      entry.outcome = DatasetOutcome::skipped;
      report_.datasets.push_back(std::move(entry));
      return {};
    }
    Status first;
    for (const auto& name : (*plan)->datasets) {
      DatasetReport dataset = entry;
      dataset.dataset = name;
      auto status =
          deliver_dataset(**plan, dataset).within("object '" + entry.object_id + "'" + (name.empty() ? "" : ", dataset '" + name + "'"));
      dataset.outcome = status.ok() ? DatasetOutcome::delivered : DatasetOutcome::failed;
      dataset.status = status;
      report_.datasets.push_back(std::move(dataset));
      if (status.ok()) continue;
      if (first.ok()) first = status;
      if (status.code() == Code::cancelled || pipeline_.on_error == config::OnError::fail) break;
    }
    return first;
  }

  static DatasetReport new_entry(const ItemFacts& facts) {
    DatasetReport entry;
    entry.object_id = facts.id;
    entry.object_type = facts.type;
    entry.title = facts.title;
    entry.sheet = facts.sheet;
    return entry;
  }

  // Attempts until one succeeds, the failure is final, or the attempts are used up. A widened column starts over without counting.
  Status deliver_dataset(ItemPlan& plan, DatasetReport& dataset) {
    const auto begin = Clock::now();
    auto source = plan.source(dataset.dataset);
    if (!source) return std::move(source).error();
    while (true) {
      bool widened = false;
      auto status = attempt(**source, dataset, widened, begin);
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

  Status attempt(DatasetSource& source, DatasetReport& dataset, bool& widened, Clock::time_point begin) {
    Run run;
    run.pipeline = report_.pipeline, run.run_id = report_.run_id, run.app = report_.app, run.app_id = report_.app_id;
    run.sheet = dataset.sheet, run.object_id = dataset.object_id, run.object_type = dataset.object_type, run.title = dataset.title;
    run.dataset = dataset.dataset, run.started_at = report_.started_at;

    fetch::Options options;
    options.window = pipeline_.window;
    options.page_cells = pipeline_.page_cells;
    options.retry_delay = pipeline_.retry_delay;
    auto reader = source.open(run, options, stop_);
    if (!reader) return std::move(reader).error();
    const auto& counters = (*reader)->counters();
    const Tally tally{dataset, counters};
    auto delivery = Delivery::open(sinks_, (*reader)->run(), (*reader)->schema(), static_cast<std::size_t>(pipeline_.queue));
    if (!delivery) return std::move(delivery).error();
    dataset.columns = static_cast<std::size_t>((*reader)->schema().n_children);

    std::int64_t delivered = 0;
    while (true) {
      auto batch = (*reader)->next();
      if (!batch) {
        if (batch.error().code() == Code::bad_data) widened = (*reader)->widen().ok();
        return std::move(batch).error();
      }
      if (!*batch) break;
      delivered += (**batch)->length;
      if (auto status = (*delivery)->write(SharedBatch(std::move(**batch)), stop_); !status.ok()) return status;
      if (settings_.progress) {
        settings_.progress({report_.pipeline, dataset.title, dataset.object_id, dataset.dataset, counters.rows, (*reader)->rows(),
                            counters.cells, seconds_since(begin)});
      }
    }
    if (stop_.stop_requested()) return {Code::cancelled, "stopped before commit"};
    auto targets = (*delivery)->commit(delivered);
    if (!targets) return std::move(targets).error();
    dataset.targets = std::move(*targets);
    dataset.rows = delivered;
    dataset.cells = counters.cells;
    ++dataset.attempts;
    return {};
  }

  const Bound& bound_;
  const config::Pipeline& pipeline_;
  const RunSettings& settings_;
  std::stop_token stop_;
  std::unique_ptr<engine::Session> session_;
  std::vector<NamedSink> sinks_;
  RunReport report_;
};

}  // namespace

RunReport execute(const Bound& bound, const RunSettings& settings, const std::stop_token& stop) {
  return Execution(bound, settings, stop).run();
}

std::vector<ProbeLine> probe(const Bound& bound, const RunSettings& settings, const std::stop_token& stop) {
  std::vector<ProbeLine> lines;
  auto session = connect_to_app(*bound.connection, bound.pipeline->app, settings.transport, stop);
  lines.push_back({"connection '" + bound.connection->name + "', app '" + bound.pipeline->app + "'", session.status()});
  if (session) {
    const auto objects = engine::Catalog(**session).resolve(bound.pipeline->objects);
    lines.push_back({"objects of pipeline '" + bound.pipeline->name + "'", objects.status()});
  }
  for (const auto& [sink, component] : bound.sinks) {
    auto remote = plugin::RemoteSink::create(*component, sink->options);
    lines.push_back({"sink '" + sink->name + "' (" + sink->type + ")", remote ? remote->probe() : remote.error()});
  }
  return lines;
}

}  // namespace qonduit::pipeline

#include "core/pipeline/delivery.hpp"

#include <algorithm>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/pipeline/shared_targets.hpp"

namespace qonduit::pipeline {
namespace {

std::string named(const NamedSink& sink) { return "sink '" + sink.name + "'"; }

}  // namespace

Result<std::unique_ptr<Delivery>> Delivery::open(std::vector<NamedSink>& sinks, const Run& run, const ArrowSchema& schema,
                                                 std::size_t queue) {
  std::unique_ptr<Delivery> delivery(new Delivery(std::string(run.run_id)));
  for (auto& sink : sinks) {
    delivery->targets_.push_back({&sink, nullptr, false});
    // On failure the destructor aborts this one too: open may have got half-way.
    if (auto status = sink.sink.open(run, schema); !status.ok()) return std::move(status).within(named(sink));
    if (auto status = delivery->check_target(); !status.ok()) return status;
    delivery->targets_.back().lane =
        std::make_unique<SinkLane>([&remote = sink.sink](const ArrowArray& batch) { return remote.write(batch); }, queue);
  }
  return delivery;
}

Delivery::~Delivery() { abort(); }

// Of the sink that was opened last: none before it delivers there.
Status Delivery::check_target() {
  auto& last = targets_.back();
  if (auto taken = last.sink->sink.delivery()) last.name = std::move(taken->target);
  for (const auto& target : targets_) {
    if (&target == &last || last.name.empty() || target.name != last.name) continue;
    return {Code::invalid_config, twice_text("this delivery", target.sink->name, last.sink->name, last.name)};
  }
  return {};
}

Status Delivery::write(const SharedBatch& batch, const std::stop_token& stop) {
  for (auto& target : targets_) {
    if (auto status = target.lane->push(batch, stop); !status.ok()) return std::move(status).within(named(*target.sink));
  }
  return {};
}

Result<std::vector<TargetReport>> Delivery::commit(std::int64_t rows) {
  std::vector<TargetReport> reports;
  for (auto& target : targets_) {
    if (auto status = target.lane->drain(); !status.ok()) return std::move(status).within(named(*target.sink));
    auto taken = target.sink->sink.delivery();
    if (!taken) return std::move(taken).error().within(named(*target.sink));
    if (taken->rows != static_cast<std::uint64_t>(rows)) {
      return Status(Code::internal, named(*target.sink) + ": took " + std::to_string(taken->rows) + " rows of " + std::to_string(rows) +
                                        "; nothing was committed");
    }
  }
  std::string landed;
  for (auto& target : targets_) {
    if (auto status = commit_one(*target.sink); !status.ok()) {
      auto message = std::move(status).within(named(*target.sink));
      return landed.empty() ? message : Status(message.code(), message.message() + " (already committed: " + landed + ")");
    }
    target.committed = true;
    landed += (landed.empty() ? "" : ", ") + target.sink->name;
    TargetReport report;
    report.sink = target.sink->name;
    report.rows = static_cast<std::uint64_t>(rows);
    if (auto taken = target.sink->sink.delivery()) {
      report.target = taken->target, report.bytes = taken->bytes, report.note = taken->note;
      report.refused = std::min(taken->refused, report.rows);
      report.rows -= report.refused;
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

Status Delivery::commit_one(NamedSink& sink) {
  auto status = sink.sink.commit();
  if (status.ok() || !retryable(status.code())) return status;
  // The answer was lost, not necessarily the commit: the target knows.
  const auto landed = sink.sink.committed(run_id_);
  if (landed && *landed == Committed::yes) return {};
  return std::move(status).within(landed && *landed == Committed::no ? "commit did not land" : "commit has an unknown outcome");
}

Status end_run(std::vector<NamedSink>& sinks, std::string_view run_id, bool complete) {
  Status first;
  for (auto& [name, sink] : sinks) {
    auto status = sink.end_run(run_id, complete);
    if (complete && retryable(status.code())) {
      const auto landed = sink.committed(run_id);
      if (landed && *landed == Committed::yes) status = {};
    }
    if (!status.ok() && first.ok()) first = std::move(status).within("sink '" + name + "'");
  }
  return first;
}

void Delivery::abort() {
  for (auto& target : targets_) {
    if (target.lane) target.lane->discard();
    if (target.committed) continue;
    target.committed = true;  // once
    if (auto status = target.sink->sink.abort(); !status.ok()) {
      logging::log(logging::Level::warn, "could not abort a delivery cleanly", {{"sink", target.sink->name}, {"error", status.message()}});
    }
  }
}

}  // namespace qonduit::pipeline

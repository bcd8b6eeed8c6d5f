#include "core/pipeline/delivery.hpp"

#include <algorithm>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/pipeline/shared_targets.hpp"

namespace qonduit::pipeline {
namespace {

std::string named(const NamedSink& sink) { return "sink '" + sink.name + "'"; }

}  // namespace

Delivery::Delivery(const std::vector<NamedSink*>& sinks, const Run& run, const ArrowSchema& schema, std::size_t queue) : run_(run) {
  if (auto own = arrow::import_schema(schema))
    arrow::export_schema(*own, &schema_);
  else
    not_open_ = std::move(own).error();
  for (auto* sink : sinks) targets_.push_back({sink});
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    targets_[i].lane = std::make_unique<SinkLane>(
        [&remote = targets_[i].sink->sink](const ArrowArray& batch) { return remote.write(batch); }, queue, [this, i] { return open(i); });
  }
}

Delivery::~Delivery() {
  abort();
  if (schema_.release != nullptr) schema_.release(&schema_);
}

// On the sink's own thread, when those before it are open.
Status Delivery::open(std::size_t at) {
  auto& target = targets_[at];
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_ == at || !not_open_.ok() || given_up_; });
    if (!not_open_.ok() || given_up_) return {Code::cancelled, "not opened"};
    target.begun = true;
  }
  auto status = target.sink->sink.open(run_.get(), schema_).within(named(*target.sink));
  if (status.ok()) status = check_target(at);
  const std::lock_guard lock(mutex_);
  if (status.ok())
    ++open_;
  else
    not_open_ = status;
  changed_.notify_all();
  return status;
}

// No earlier sink of this delivery has the same target.
Status Delivery::check_target(std::size_t at) {
  auto& own = targets_[at];
  if (auto taken = own.sink->sink.delivery()) own.name = std::move(taken->target);
  for (std::size_t i = 0; i < at; ++i) {
    const auto& other = targets_[i];
    if (own.name.empty() || other.name != own.name) continue;
    return {Code::invalid_config, twice_text("this delivery", other.sink->name, own.sink->name, own.name)};
  }
  return {};
}

Status Delivery::opened() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return open_ == targets_.size() || !not_open_.ok(); });
  return not_open_;
}

std::vector<std::string> Delivery::names() const {
  std::vector<std::string> names;
  for (const auto& target : targets_) names.push_back(target.name);
  return names;
}

// If a sink did not open, that is the reason, whatever the lanes report.
Status Delivery::why(std::size_t at, Status status) {
  const std::lock_guard lock(mutex_);
  return not_open_.ok() ? std::move(status).within(named(*targets_[at].sink)) : not_open_;
}

Status Delivery::write(const SharedBatch& batch, const std::stop_token& stop) {
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if (auto status = targets_[i].lane->push(batch, stop); !status.ok()) return why(i, std::move(status));
  }
  return {};
}

Result<std::vector<TargetReport>> Delivery::commit(std::int64_t rows) {
  std::vector<TargetReport> reports;
  if (auto status = opened(); !status.ok()) return status;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    auto& target = targets_[i];
    if (auto status = target.lane->drain(); !status.ok()) return why(i, std::move(status));
    auto taken = target.sink->sink.delivery();
    if (!taken) return std::move(taken).error().within(named(*target.sink));
    if (taken->rows != static_cast<std::uint64_t>(rows)) {
      return Status(Code::internal, named(*target.sink) + ": took " + std::to_string(taken->rows) + " rows of " + std::to_string(rows) +
                                        "; nothing was committed");
    }
  }
  std::string landed;
  commit_begun_ = true;
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
  const auto landed = sink.sink.committed(run_.get().run_id);
  if (landed && *landed == Committed::yes) return {};
  if (landed && *landed == Committed::no) return std::move(status).within("commit did not land");
  return std::move(status).within("commit has an unknown outcome: the target does not tell whether the rows of run '" +
                                  std::string(run_.get().run_id) + "' are there; look before they are delivered again");
}

Status end_run(const std::vector<NamedSink*>& sinks, std::string_view run_id, bool complete, std::vector<std::string>& gone) {
  Status first;
  for (auto* named : sinks) {
    auto& [name, sink] = *named;
    auto status = sink.end_run(run_id, complete);
    if (complete && retryable(status.code())) {
      const auto landed = sink.committed(run_id);
      if (landed && *landed == Committed::yes) status = {};
    }
    if ((!complete || !status.ok()) && (sink.guarantees() & guarantee::whole_run) != 0) gone.push_back(name);
    if (!status.ok() && first.ok()) first = std::move(status).within("sink '" + name + "'");
  }
  return first;
}

void Delivery::abort() {
  {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
    changed_.notify_all();
  }
  for (auto& target : targets_) target.lane->discard();
  for (auto& target : targets_) {
    if (target.committed || !std::exchange(target.begun, false)) continue;
    if (auto status = target.sink->sink.abort(); !status.ok()) {
      logging::log(logging::Level::warn, "could not abort a delivery cleanly", {{"sink", target.sink->name}, {"error", status.message()}});
    }
  }
}

}  // namespace qonduit::pipeline

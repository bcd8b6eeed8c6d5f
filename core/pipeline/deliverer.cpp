#include "core/pipeline/deliverer.hpp"

#include <algorithm>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/pipeline/begun_reader.hpp"
#include "core/pipeline/constant_columns.hpp"
#include "core/pipeline/estimate.hpp"
#include "core/pipeline/foreach.hpp"
#include "core/pipeline/transform/transform_reader.hpp"
#include "core/pipeline/transform/withheld.hpp"

namespace qonduit::pipeline {
namespace {

void count(DatasetReport& dataset, const fetch::Counters& counters) {
  dataset.calls += counters.calls;
  dataset.retries += counters.retries;
}

// Adds what a reader asked to the dataset's report, however the attempt ends.
struct Tally {
  DatasetReport& dataset;
  const fetch::Counters& counters;
  ~Tally() { count(dataset, counters); }
};

}  // namespace

Deliverer::Deliverer(const Bound& bound, const RunSettings& settings, OpenedApp& opened, const RunReport& report, CellBudget& budget,
                     std::stop_token stop, Ended ended)
    : bound_(bound),
      pipeline_(*bound.pipeline),
      settings_(settings),
      opened_(opened),
      report_(report),
      budget_(budget),
      stop_(std::move(stop)),
      ended_(std::move(ended)),
      sinks_(stop_) {}

Status Deliverer::create_sinks() {
  for (const auto& [sink, component] : bound_.sinks) {
    if (auto status = sinks_.add(*sink, *component, pipeline_.name); !status.ok()) return status;
  }
  return {};
}

// What a delivery is told of the run. Refers to the texts of the run, of the job and of its report.
Run Deliverer::told(const Job& job, const Run& run) const {
  const auto& dataset = dataset_of(job).report;
  auto told = run;
  told.turn = job.turn;
  told.loop.assign(dataset.loop.begin(), dataset.loop.end());
  told.selections.assign(dataset.selections.begin(), dataset.selections.end());
  told.objects = *objects_;
  told.takeover = settings_.takeover;
  return told;
}

void Deliverer::begin(ReadAhead& ahead, const std::vector<NamedObject>& objects) {
  ahead_ = &ahead;
  objects_ = &objects;
}

std::vector<const Crew*> Deliverer::busy() const {
  std::vector<const Crew*> busy;
  for (const auto& job : jobs_) {
    if (job.place.dataset) busy.push_back(&job.crew);
  }
  return busy;
}

bool Deliverer::deliver(const Place& place) {
  Job job{place};
  auto& prepared = dataset_of(job);
  if (prepared.source == nullptr) return settle() && close(job, prepared.status);
  job.turn = turn_text(prepared.report.loop);
  job.notes = prepared.report.notes;
  const auto run = told(job, prepared.run);
  while (true) {
    while (line_.ended()) {
      if (!settle_first()) return false;
    }
    auto crew = line_.size() < static_cast<std::size_t>(pipeline_.parallel) ? sinks_.crew_for(run, busy())
                                                                            : Result<std::optional<Crew>>(std::nullopt);
    if (crew && *crew) {
      job.crew = std::move(**crew);
      break;
    }
    if (!crew && line_.size() == 0) return settle() && close(job, std::move(crew).error());
    if (!settle_first()) return false;
  }
  return pipeline_.parallel > 1 && job.crew.may_overlap() ? begin_beside(std::move(job)) : settle() && deliver_alone(job);
}

// A refusal may be caused by other deliveries that are under way. Then the dataset is delivered again alone, and this attempt does not
// count.
bool Deliverer::begin_beside(Job job) {
  const bool others = line_.size() > 0;
  job.calls_before = dataset_of(job).report.calls, job.retries_before = dataset_of(job).report.retries;
  bool widened = false;
  auto status = attempt(job, false, widened);
  if (!status.ok()) {
    // Alone, nothing would have been read for a sink that does not open.
    if (job.delivery && !job.refused) {
      if (auto opened = job.delivery->opened(); !opened.ok()) status = std::move(opened), job.refused = true, widened = false;
    }
    job.delivery.reset();
    const bool by_others = job.refused && (others || !retryable(status.code()));
    if (by_others) forget_attempt(job);
    if (!settle()) return false;
    if (by_others && retryable(status.code())) sinks_.do_with_fewer(status.message());
    return (by_others ? deliver_alone(job) : go_on_alone(job, std::move(status), widened));
  }
  budget_.take(job.cells);
  line_.add(std::move(job.delivery), job.rows, [this, crew = job.crew](const Delivery& delivery) {
    if (sinks_.keep(crew, delivery.names())) return Status();
    return Status(Code::inconsistent, "another delivery of this run went into the same target");
  });
  jobs_.push_back(std::move(job));
  return true;
}

bool Deliverer::end(const Place& place, const Status& status) {
  if (!status.ok()) return settle() && ended_(place, status);
  jobs_.push_back({place});
  return line_.size() > 0 || settle();
}

bool Deliverer::settle() {
  while (!jobs_.empty()) {
    if (!settle_first()) return false;
  }
  return true;
}

bool Deliverer::settle_first() {
  auto job = std::move(jobs_.front());
  jobs_.pop_front();
  if (!job.place.dataset) return ended_(job.place, {});
  auto end = line_.take(stop_);
  if (end.targets) {
    take(job, std::move(*end.targets));
    return close(job, {});
  }
  budget_.give_back(job.cells);
  auto status = std::move(end.targets).error();
  const bool again = !end.commit_begun || status.code() == Code::inconsistent || retryable(status.code());
  if (!again || stop_.stop_requested()) {
    ++dataset_of(job).report.attempts;
    if (close(job, std::move(status))) return line_.go_on(), true;
    take_back();
    return false;
  }
  // The later ones are delivered again after this one.
  auto rest = take_back();
  const bool by_others = !end.commit_begun;
  if (by_others) forget_attempt(job);
  if (by_others && retryable(status.code())) sinks_.do_with_fewer(status.message());
  const bool goes_on = by_others ? deliver_alone(job) : go_on_alone(job, std::move(status), false);
  return goes_on && deliver_again(std::move(rest));
}

// It does not count: the dataset is delivered as if it had not been begun.
void Deliverer::forget_attempt(const Job& job) {
  auto& dataset = dataset_of(job).report;
  dataset.calls = job.calls_before, dataset.retries = job.retries_before;
}

// Drops everything that is under way. Answers the jobs, so that they can be delivered again.
std::vector<Deliverer::Job> Deliverer::take_back() {
  line_.drop();
  std::vector<Job> jobs;
  for (auto& job : jobs_) {
    if (job.place.dataset) budget_.give_back(job.cells), forget_attempt(job);
    jobs.push_back(std::move(job));
  }
  jobs_.clear();
  return jobs;
}

bool Deliverer::deliver_again(std::vector<Job> jobs) {
  return std::all_of(jobs.begin(), jobs.end(),
                     [this](auto& job) { return job.place.dataset ? deliver_alone(job) : ended_(job.place, {}); });
}

// Attempts until one succeeds, the failure is final, or the attempts are used up. A widened column starts over without counting.
// REQUIRES: nothing else is under way.
bool Deliverer::deliver_alone(Job& job) {
  auto crew = sinks_.crew_for(told(job, dataset_of(job).run), {});
  if (!crew) return close(job, std::move(crew).error());
  job.crew = std::move(**crew);
  bool widened = false;
  auto status = attempt(job, true, widened);
  if (status.ok()) status = commit(job);
  return go_on_alone(job, std::move(status), widened);
}

// The same, when a first attempt was made and had this outcome.
bool Deliverer::go_on_alone(Job& job, Status status, bool widened) {
  auto& dataset = dataset_of(job).report;
  while (true) {
    job.delivery.reset();
    if (status.ok()) return close(job, {});
    if (!widened) {
      ++dataset.attempts;
      const bool again = status.code() == Code::inconsistent || retryable(status.code());
      if (!again || stop_.stop_requested()) return close(job, std::move(status));
      if (dataset.attempts >= pipeline_.attempts)
        return close(job, std::move(status).within("gave up after " + std::to_string(dataset.attempts) + " attempts"));
      logging::log(logging::Level::warn, "started a dataset over", {{"object", dataset.object_id}, {"error", status.message()}});
    }
    widened = false;
    status = attempt(job, true, widened);
    if (status.ok()) status = commit(job);
  }
}

// Reads all of it into its sinks. alone: what comes to light when they are opened may lead to wider columns.
Status Deliverer::attempt(Job& job, bool alone, bool& widened) {
  auto& prepared = dataset_of(job);
  auto& dataset = prepared.report;
  dataset.notes = job.notes;
  dataset.columns = 0;
  job.refused = false;
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
  job.refused = true;
  if (auto status = budget_.check((*opened)->cells()); !status.ok()) return status;
  job.refused = false;
  ahead_->takes((*opened)->cells());
  if (opened_.state && !opened_.state->holds_for(std::string((*opened)->run().reload_time))) {
    return {Code::inconsistent, "the app was reloaded after the selections were made"};
  }
  auto begun = std::make_unique<BegunReader>(std::move(*opened));
  if (auto status = begun->begin(); !status.ok()) {
    count(dataset, begun->counters());
    return transform::withheld(widen_after(std::move(status), *begun, widened), prepared.rules, begun->schema());
  }
  Result<std::vector<ConstantColumn>> columns(std::vector<ConstantColumn>{});
  if (opened_.state) columns = state_columns(*opened_.state, prepared.states);
  if (!columns) return std::move(columns).error();
  auto plain = ConstantColumns::add(std::move(begun), std::move(*columns));
  if (!plain) return std::move(plain).error();
  auto reader = transform::TransformReader::open(std::move(*plain), prepared.rules, bound_.rules.mask_key());
  if (!reader) return widen_behind(std::move(reader).error(), **plain, stop_, widened);
  const Tally tally{dataset, (*reader)->counters()};
  job.delivery = std::make_unique<Delivery>(job.crew.sinks, told(job, (*reader)->run()), (*reader)->schema(),
                                            static_cast<std::size_t>(pipeline_.queue));
  if (alone) {
    if (auto status = job.delivery->opened(); !status.ok()) {
      job.delivery.reset();
      return widen_behind(std::move(status), **reader, stop_, widened);
    }
  }
  dataset.columns = static_cast<std::size_t>((*reader)->schema().n_children);
  for (auto& note : (*reader)->notes()) dataset.notes.push_back(std::move(note));
  return write(job, **reader, widened);
}

// Everything, up to the commit.
Status Deliverer::write(Job& job, BatchReader& reader, bool& widened) {
  auto& dataset = dataset_of(job).report;
  const auto& counters = reader.counters();
  const auto turn = turn_text(dataset.loop);
  job.rows = 0;
  const auto show = [&](bool last) {
    if (!settings_.progress) return;
    // A row of a pivot may be many of the delivery: as many as so far, until all are there.
    const auto rows = job.rows + reader.filtered();
    const auto expected = last ? rows : rows_from_source(reader.rows(), rows, counters.rows);
    settings_.progress({report_.pipeline, dataset.title, dataset.object_id, dataset.dataset, turn, job.place.item + 1, objects_->size(),
                        rows, expected, counters.cells, seconds_since(job.begin), last});
  };
  while (true) {
    auto batch = reader.next();
    if (!batch) return widen_after(std::move(batch).error(), reader, widened);
    if (!*batch) break;
    // More than was announced, or nothing was.
    auto status = budget_.check(counters.cells);
    job.rows += (**batch)->length;
    if (status.ok()) status = job.delivery->write(SharedBatch(std::move(**batch)), stop_);
    job.refused = !status.ok();
    if (job.refused) return status;
    show(false);
  }
  show(true);
  if (stop_.stop_requested()) return {Code::cancelled, "stopped before commit"};
  auto findings = reader.findings();
  if (!findings) return std::move(findings).error();
  for (auto& finding : *findings) dataset.notes.push_back(std::move(finding));
  if (counters.repaired > 0) {
    dataset.notes.push_back(std::to_string(counters.repaired) +
                            " broken characters, halves of UTF-16 pairs that the engine sent, are delivered as U+FFFD");
  }
  job.filtered = reader.filtered();
  job.cells = counters.cells;
  return {};
}

Status Deliverer::commit(Job& job) {
  auto targets = job.delivery->commit(job.rows);
  if (!targets) return std::move(targets).error();
  sinks_.keep(job.crew, job.delivery->names());
  budget_.take(job.cells);
  take(job, std::move(*targets));
  return {};
}

void Deliverer::take(Job& job, std::vector<TargetReport> targets) {
  auto& dataset = dataset_of(job).report;
  dataset.targets = std::move(targets);
  for (const auto& target : dataset.targets) {
    if (!target.note.empty()) dataset.notes.push_back("sink '" + target.sink + "': " + target.note);
  }
  dataset.rows = job.rows;
  dataset.rows_filtered = job.filtered;
  dataset.cells = job.cells;
  ++dataset.attempts;
}

bool Deliverer::close(Job& job, Status status) {
  auto& prepared = dataset_of(job);
  auto& dataset = prepared.report;
  if (prepared.source != nullptr) dataset.seconds = seconds_since(job.begin);
  job.delivery.reset();
  prepared.source.reset();
  return ended_(job.place, std::move(status).within(named_in_errors(dataset.object_id, dataset.dataset, dataset.loop)));
}

}  // namespace qonduit::pipeline

#include "core/pipeline/read_ahead.hpp"

#include <algorithm>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/pipeline/foreach.hpp"
#include "core/pipeline/group_look.hpp"
#include "core/pipeline/transform/dataset_rules.hpp"

namespace qonduit::pipeline {
namespace {

constexpr std::size_t kMostBegun = 64;

}  // namespace

ReadAhead::ReadAhead(const Bound& bound, OpenedApp& opened, const RunReport& report, const std::string& day, const CellBudget& budget,
                     std::stop_token stop)
    : bound_(bound),
      pipeline_(*bound.pipeline),
      opened_(opened),
      report_(report),
      day_(day),
      budget_(budget),
      stop_(std::move(stop)),
      flow_(pipeline_.window) {}

ReadAhead::~ReadAhead() = default;

void ReadAhead::begin(const Items& items) {
  end();
  items_ = &items;
}

void ReadAhead::end() {
  prepared_.clear();
  items_ = nullptr;
  first_ = dataset_ = 0;
}

fetch::Options ReadAhead::options() {
  auto options = fetch_options(pipeline_);
  options.flow = &flow_;
  return options;
}

std::shared_ptr<PreparedItem> ReadAhead::turn(std::size_t at) {
  turn_of(0);
  while (!prepared_.empty() && first_ < at) prepared_.pop_front(), ++first_;
  // Of another connection or another load of the app nothing holds: they are looked at again, for the time of one.
  if (looked_at_ != Stand{opened_.session->reconnects(), opened_.session->app().reload_time}) prepared_.clear();
  if (prepared_.empty()) {
    first_ = at;
    look_at_group();
  }
  auto& prepared = *prepared_.front();
  auto& item = *(*items_)[at];
  // Ahead of its turn it could not be planned, for a reason that may have passed; or it is another now.
  if ((!prepared.plan && prepared.entry.status.ok()) || (prepared.plan && prepared.plan->outdated())) {
    prepared = PreparedItem();
    plan(item, prepared);
    for (int attempt = 1; attempt < pipeline_.attempts && retryable(prepared.entry.status.code()) && !stop_.stop_requested(); ++attempt) {
      logging::log(logging::Level::warn, "looks at an object again",
                   {{"object", item.facts().id}, {"error", prepared.entry.status.message()}});
      prepared = PreparedItem();
      plan(item, prepared);
    }
  }
  return prepared_.front();
}

// Those that come next, for the time of one; and their plans.
void ReadAhead::look_at_group() {
  looked_at_ = {opened_.session->reconnects(), opened_.session->app().reload_time};
  const auto& items = *items_;
  const auto begun = pipeline_.parallel == 1 ? 0 : pipeline::look_at_group(items, first_, kMostOfAGroup, opened_, flow_, stop_);
  bool refused = false;
  for (std::size_t i = 0; i < std::max<std::size_t>(begun, 1); ++i) {
    auto& prepared = *prepared_.emplace_back(std::make_shared<PreparedItem>());
    // The first is planned by turn(), which asks again where that fails.
    if (i < begun) plan(*items[first_ + i], prepared);
    if (!retryable(prepared.entry.status.code())) continue;
    refused = true;
    prepared = PreparedItem();
  }
  if (refused) flow_.refused();
}

void ReadAhead::plan(Item& item, PreparedItem& prepared) {
  auto plan = item.plan(stop_);
  if (plan) {
    prepared.plan = std::move(*plan);
    return prepare(item, prepared);
  }
  prepared.entry = new_entry(item.facts());
  prepared.entry.status = std::move(plan).error().within(named_in_errors(prepared.entry.object_id, {}, prepared.entry.loop));
}

// What is to be delivered of it, or why nothing is.
void ReadAhead::prepare(Item& item, PreparedItem& prepared) {
  auto& plan = *prepared.plan;
  auto& entry = prepared.entry;
  entry = new_entry(plan.facts);
  entry.notes.insert(entry.notes.end(), plan.notes.begin(), plan.notes.end());
  const auto fail = [&](Status why) { entry.status = std::move(why).within(named_in_errors(entry.object_id, {}, entry.loop)); };
  const auto why = opened_.state && !plan.datasets.empty() ? opened_.state->unfiltered(plan.states) : std::string();
  const auto decision = pipeline_.state.on_mismatch;
  if (!why.empty() && decision == config::OnMismatch::fail) return fail({Code::not_found, why});
  if (!why.empty()) entry.notes.push_back(why);
  if (plan.datasets.empty() || (!why.empty() && decision == config::OnMismatch::skip)) {
    entry.outcome = DatasetOutcome::skipped;
    return;
  }
  if (auto status = transform::check_datasets(bound_.rules, item.facts(), plan); !status.ok()) return fail(std::move(status));
  for (const auto& name : plan.datasets) prepare_dataset(item, prepared, name);
}

void ReadAhead::prepare_dataset(const Item& item, PreparedItem& prepared, const std::string& name) {
  auto& dataset = *prepared.datasets.emplace_back(std::make_unique<PreparedDataset>());
  dataset.report = prepared.entry;
  dataset.report.dataset = name;
  dataset.rules = transform::dataset_rules(bound_.rules, item.facts(), *prepared.plan, name);
  auto source = prepared.plan->source(name);
  if (source)
    dataset.source = std::move(*source);
  else
    dataset.status = std::move(source).error();
  const auto& report = dataset.report;
  auto& run = dataset.run;
  run.pipeline = report_.pipeline, run.run_id = report_.run_id, run.app = report_.app, run.app_id = report_.app_id;
  run.sheet = report.sheet, run.object_id = report.object_id, run.object_type = report.object_type, run.title = report.title;
  run.dataset = run.hypercube = report.dataset, run.started_at = report_.started_at, run.day = day_;
}

DatasetReport ReadAhead::new_entry(const ItemFacts& facts) const {
  DatasetReport entry;
  entry.object_id = facts.id;
  entry.object_type = facts.type;
  entry.title = facts.title;
  entry.sheet = facts.sheet;
  if (!opened_.state) return entry;
  entry.loop = opened_.state->turn().values;
  entry.selections = opened_.state->in_force();
  entry.notes = opened_.state->notes();
  if (!opened_.state->nothing_left().empty()) entry.notes.push_back("no row can be left: " + opened_.state->nothing_left());
  return entry;
}

void ReadAhead::advance() {
  go_on();
  if (flow_.in_flight() == 0) opened_.session->watch().ask_again();
}

void ReadAhead::go_on() {
  if (pipeline_.budget_cells > 0 && cells_ < 0) return;
  if (pipeline_.parallel == 1 || stop_.stop_requested() || !opened_.session->health().ok()) return;
  // The one whose turn it is counts as large: it is all that is read with parallel = 1.
  int large = 1, copies = 0;
  std::size_t begun = 0;
  std::int64_t cells = cells_;
  for (auto& item : prepared_) {
    const std::size_t from = item == prepared_.front() ? dataset_ + 1 : 0;
    for (auto i = from; i < item->datasets.size(); ++i) {
      auto& source = item->datasets[i]->source;
      if (!source) continue;
      if (++begun > kMostBegun) return;
      source->begin_ahead(item->datasets[i]->run, options(), stop_);
      const auto cost = source->cost();
      if (cost.large && ++large > pipeline_.parallel) return;
      if (cost.copy && ++copies > kMostCopies) return;
      // What does not fit in the budget fails in its turn, before any of it is read.
      if (pipeline_.budget_cells > 0 && (cost.cells < 0 || !budget_.check(cells += cost.cells).ok())) return;
      source->advance();
    }
  }
}

void ReadAhead::forget() {
  for (auto& item : prepared_) {
    for (auto& dataset : item->datasets) {
      if (dataset->source) dataset->source->forget();
    }
  }
}

}  // namespace qonduit::pipeline

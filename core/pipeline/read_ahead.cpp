#include "core/pipeline/read_ahead.hpp"

#include <algorithm>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/pipeline/foreach.hpp"
#include "core/pipeline/group_look.hpp"

namespace qonduit::pipeline {
namespace {

constexpr std::size_t kMostBegun = 64;

DatasetReport report_of(const PreparedItem& item) {
  DatasetReport report;
  report.object_id = item.facts.id, report.object_type = item.facts.type, report.title = item.facts.title, report.sheet = item.facts.sheet;
  report.notes = item.notes;
  report.loop = item.loop, report.selections = item.selections;
  if (item.skipped) report.outcome = DatasetOutcome::skipped;
  if (!item.status.ok()) report.status = Status(item.status).within(named_in_errors(report.object_id, {}, report.loop));
  return report;
}

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
  looked_at_ = stand();  // some may have been looked at since they were found
}

void ReadAhead::end() {
  prepared_.clear();
  items_ = nullptr;
  first_ = begun_from_ = 0;
}

fetch::Options ReadAhead::options() {
  auto options = fetch_options(pipeline_);
  options.flow = &flow_;
  return options;
}

ReadAhead::Stand ReadAhead::stand() const { return {opened_.session->reconnects(), opened_.session->app().reload_time}; }

std::shared_ptr<ItemAhead> ReadAhead::turn(std::size_t at) {
  begun_from_ = 0, cells_ = -1;
  while (!prepared_.empty() && first_ < at) prepared_.pop_front(), ++first_;
  // Of another connection or another load of the app nothing holds: they are looked at again, for the time of one.
  if (looked_at_ != stand()) {
    prepared_.clear();
    for (auto i = at; i < items_->size(); ++i) (*items_)[i]->forget();
  }
  if (prepared_.empty()) {
    first_ = at;
    look_at_group();
  } else if (!prepared_.front()->checked) {
    check_all();
  }
  auto& prepared = *prepared_.front();
  auto& item = *(*items_)[at];
  // Ahead of its turn it could not be planned, for a reason that may have passed; or it is another now.
  if ((!prepared.plan && prepared.entry.status.ok()) || (prepared.plan && prepared.plan->outdated())) {
    plan_and_check(item, prepared);
    for (int attempt = 1; attempt < pipeline_.attempts && retryable(prepared.entry.status.code()) && !stop_.stop_requested(); ++attempt) {
      logging::log(logging::Level::warn, "looks at an object again",
                   {{"object", item.facts().id}, {"error", prepared.entry.status.message()}});
      plan_and_check(item, prepared);
    }
  }
  return prepared_.front();
}

// Those that come next, for the time of one; and their plans. What they hold is begun while their expressions are asked about.
void ReadAhead::look_at_group() {
  looked_at_ = stand();
  const auto& items = *items_;
  const auto begun = pipeline_.parallel == 1 ? 0 : pipeline::look_at_group(items, first_, opened_, flow_, stop_);
  // The first is planned by turn(), which asks again where that fails.
  if (begun == 0) return static_cast<void>(prepared_.push_back(std::make_shared<ItemAhead>()));
  for (std::size_t i = 0; i < begun; ++i) plan(*items[first_ + i], *prepared_.emplace_back(std::make_shared<ItemAhead>()));
  check_all();
}

// Checks all that is planned and was not checked yet, in the time of one. Meanwhile what these items hold is read, and what comes behind
// them is looked at.
void ReadAhead::check_all() {
  std::vector<std::shared_ptr<ItemAhead>> open;
  std::vector<const ItemPlan*> plans;
  for (const auto& prepared : prepared_) {
    if (prepared->checked) continue;
    open.push_back(prepared);
    if (prepared->plan) plans.push_back(prepared->plan.get());
  }
  {
    const engine::Rounds rounds(*opened_.session->arrivals(), [this] { advance(); });
    ask_together(plans, *opened_.expressions);
  }
  bool refused = false;
  for (const auto& prepared : open) {
    check(*prepared);
    if (!retryable(prepared->entry.status.code())) continue;
    refused = true;
    *prepared = ItemAhead();
    prepared->checked = true;  // it is planned anew in its turn
  }
  if (refused) flow_.refused();
}

void ReadAhead::plan_and_check(Item& item, ItemAhead& ahead) {
  plan(item, ahead);
  const engine::Rounds rounds(*opened_.session->arrivals(), [this] { advance(); });
  check(ahead);
}

void ReadAhead::check(ItemAhead& ahead) {
  ahead.checked = true;
  if (!ahead.plan || !ahead.entry.status.ok()) return;
  auto& entry = ahead.entry;
  auto notes = ahead.plan->check();
  if (!notes) {
    entry.status = std::move(notes).error().within(named_in_errors(entry.object_id, {}, entry.loop));
    ahead.datasets.clear();  // before the plan that they are of
    ahead.plan.reset();
    return;
  }
  entry.notes.insert(entry.notes.end(), notes->begin(), notes->end());
  for (auto& dataset : ahead.datasets) dataset->report.notes.insert(dataset->report.notes.end(), notes->begin(), notes->end());
}

void ReadAhead::plan(Item& item, ItemAhead& ahead) {
  ahead.layout_bytes = item.seen_bytes();
  auto prepared = prepare(item, preparation(), stop_);
  ahead.datasets.clear();  // before the plan that they are of
  ahead.plan = std::move(prepared.plan);
  ahead.entry = report_of(prepared);
  for (auto& dataset : prepared.datasets) add_dataset(ahead, std::move(dataset));
}

void ReadAhead::add_dataset(ItemAhead& ahead, PreparedDataset prepared) const {
  auto& dataset = *ahead.datasets.emplace_back(std::make_unique<DatasetAhead>(DatasetAhead{std::move(prepared), ahead.entry, {}}));
  auto& report = dataset.report;
  report.dataset = dataset.name;
  auto& run = dataset.run;
  run.pipeline = report_.pipeline, run.run_id = report_.run_id, run.app = report_.app, run.app_id = report_.app_id;
  run.sheet = report.sheet, run.object_id = report.object_id, run.object_type = report.object_type, run.title = report.title;
  run.dataset = report.dataset, run.started_at = report_.started_at, run.day = day_;
}

Preparation ReadAhead::preparation() const { return {pipeline_, &bound_.rules, opened_.state ? &*opened_.state : nullptr}; }

DatasetReport ReadAhead::new_entry(const ItemFacts& facts) const { return report_of(not_prepared(facts, preparation())); }

void ReadAhead::advance() {
  go_on();
  if (flow_.in_flight() == 0) opened_.session->watch().ask_again();
}

void ReadAhead::go_on() {
  if (pipeline_.parallel == 1 || stop_.stop_requested() || !opened_.session->health().ok()) return;
  begin_datasets();
  look_further();
}

void ReadAhead::begin_datasets() {
  if (pipeline_.budget_cells > 0 && cells_ < 0) return;
  // The one whose turn it is counts as large: it is all that is read with parallel = 1.
  int large = 1, copies = 0;
  std::size_t begun = 0;
  std::int64_t cells = cells_;
  for (auto& item : prepared_) {
    const std::size_t from = item == prepared_.front() ? begun_from_ : 0;
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

// At what comes behind those that are planned; and plans it, in its order, where it was seen.
void ReadAhead::look_further() {
  if (prepared_.empty() || looked_at_ != stand()) return;
  std::size_t datasets = 0, bytes = 0;
  for (const auto& prepared : prepared_) datasets += prepared->datasets.size(), bytes += prepared->layout_bytes;
  if (datasets >= kMostBegun || bytes >= kMostLayoutBytes) return;
  const auto& items = *items_;
  const auto behind = first_ + prepared_.size();
  const auto looks = go_on_looking(items, behind, kMostBegun - datasets, flow_, bytes);
  for (auto at = behind; at < behind + looks.begun && items[at]->seen(); ++at)
    plan(*items[at], *prepared_.emplace_back(std::make_shared<ItemAhead>()));
}

void ReadAhead::forget() {
  for (auto& item : prepared_) {
    for (auto& dataset : item->datasets) {
      if (dataset->source) dataset->source->forget();
    }
  }
  for (auto i = first_ + prepared_.size(); i < items_->size(); ++i) (*items_)[i]->forget();
}

}  // namespace qonduit::pipeline

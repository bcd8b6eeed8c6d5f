#include "core/pipeline/prepared_item.hpp"

#include <utility>

#include "core/pipeline/transform/dataset_rules.hpp"

namespace qonduit::pipeline {
namespace {

// Data in a state that the selections do not reach: as the pipeline decides.
void meet_state(PreparedItem& item, const Preparation& how) {
  auto why = how.state != nullptr ? how.state->unfiltered(item.plan->states) : std::string();
  if (why.empty()) return;
  if (how.pipeline.state.on_mismatch == config::OnMismatch::fail) {
    item.status = {Code::not_found, std::move(why)};
    return;
  }
  item.skipped = how.pipeline.state.on_mismatch == config::OnMismatch::skip;
  item.notes.push_back(std::move(why));
}

PreparedDataset prepare_dataset(const std::string& name, const ItemFacts& known, ItemPlan& plan, const transform::RuleBook* rules) {
  PreparedDataset dataset{name, {}, nullptr, {}, plan.states};
  if (rules != nullptr) dataset.rules = transform::dataset_rules(*rules, known, plan, name);
  auto source = plan.source(name);
  if (source)
    dataset.source = std::move(*source);
  else
    dataset.status = std::move(source).error();
  return dataset;
}

}  // namespace

PreparedItem not_prepared(const ItemFacts& facts, const Preparation& how) {
  PreparedItem item{facts, nullptr, {}, {}, {}};
  if (how.state == nullptr) return item;
  item.loop = how.state->turn().values;
  item.selections = how.state->in_force();
  item.notes = how.state->notes();
  if (!how.state->nothing_left().empty()) item.notes.push_back("no row can be left: " + how.state->nothing_left());
  return item;
}

PreparedItem prepare(Item& item, const Preparation& how, const std::stop_token& stop) {
  auto plan = item.plan(stop);
  auto prepared = not_prepared(plan ? (*plan)->facts : item.facts(), how);
  if (!plan) {
    prepared.status = std::move(plan).error();
    return prepared;
  }
  prepared.plan = std::move(*plan);
  prepared.notes.insert(prepared.notes.end(), prepared.plan->notes.begin(), prepared.plan->notes.end());
  prepared.skipped = prepared.plan->datasets.empty();
  if (!prepared.skipped) meet_state(prepared, how);
  if (prepared.skipped || !prepared.status.ok()) return prepared;
  if (how.rules != nullptr) prepared.status = transform::check_datasets(*how.rules, item.facts(), *prepared.plan);
  if (!prepared.status.ok()) return prepared;
  for (const auto& name : prepared.plan->datasets)
    prepared.datasets.push_back(prepare_dataset(name, item.facts(), *prepared.plan, how.rules));
  return prepared;
}

}  // namespace qonduit::pipeline

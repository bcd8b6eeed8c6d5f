#include "core/pipeline/transform/dataset_rules.hpp"

namespace qonduit::pipeline::transform {
namespace {

ObjectNames names_of(const ItemFacts& known, const ItemPlan& plan) {
  ObjectNames names{plan.facts.id, {plan.facts.title}};
  if (known.title != plan.facts.title) names.titles.emplace_back(known.title);
  return names;
}

}  // namespace

Status check_items(const RuleBook& book, const std::vector<std::unique_ptr<Item>>& items) {
  std::vector<ObjectNames> objects;
  for (const auto& item : items) objects.push_back({item->facts().id, {item->facts().title}});
  return book.check_objects(objects);
}

Status check_datasets(const RuleBook& book, const ItemFacts& known, const ItemPlan& plan) {
  return book.check_datasets(names_of(known, plan), plan.datasets);
}

Rules dataset_rules(const RuleBook& book, const ItemFacts& known, ItemPlan& plan, const std::string& dataset) {
  auto rules = book.rules_for(names_of(known, plan), dataset);
  rules.duals_obeyed = plan.takes_duals(dataset);
  plan.reader_options.clear();
  for (const auto& dual : rules.duals) {
    if (rules.duals_obeyed) plan.reader_options.push_back({"dual." + dual.column, config::Secret(dual.value), false, {}});
  }
  return rules;
}

}  // namespace qonduit::pipeline::transform

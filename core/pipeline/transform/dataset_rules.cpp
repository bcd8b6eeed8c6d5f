#include "core/pipeline/transform/dataset_rules.hpp"

#include "qonduit/list.hpp"

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
  std::vector<std::string_view> adapters;
  for (const auto& dataset : plan.datasets) adapters.push_back(plan.adapter_of(dataset));
  return book.check_datasets(names_of(known, plan), plan.datasets, adapters);
}

Rules dataset_rules(const RuleBook& book, const ItemFacts& known, ItemPlan& plan, const std::string& dataset) {
  auto rules = book.rules_for(names_of(known, plan), dataset);
  rules.duals_obeyed = plan.takes_duals(dataset);
  plan.reader_options.clear();
  for (const auto& dual : rules.duals) {
    if (!rules.duals_obeyed) continue;
    const auto column = dual.column.starts_with('"') ? in_quotes(dual.column) : dual.column;
    plan.reader_options.push_back({"dual." + column, config::Secret(dual.value), false, {}});
  }
  const auto look_for = [&](const AdapterOption& given) {
    constexpr std::string_view kDual = "dual.";
    std::string column;
    if (given.adapter != plan.adapter_of(dataset) || !given.option.key.starts_with(kDual)) return;
    if (unquote(std::string_view(given.option.key).substr(kDual.size()), column))
      rules.adapter_duals.push_back({std::move(column), {}, false, given.key});
  };
  for (const auto& given : rules.adapter_options) {
    look_for(given);
    if (given.adapter == plan.adapter_of(dataset)) plan.reader_options.push_back(given.option);
  }
  for (const auto& given : book.adapter_duals()) look_for(given);
  return rules;
}

}  // namespace qonduit::pipeline::transform

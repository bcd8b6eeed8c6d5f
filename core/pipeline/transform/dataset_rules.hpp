// Which rules hold for what a run delivers: the door from items to this folder. TransformReader then applies them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/pipeline/item.hpp"
#include "core/pipeline/transform/rules.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline::transform {

// invalid_config when a rule is for an object that is none of these. Called before the first is read.
Status check_items(const RuleBook& book, const std::vector<std::unique_ptr<Item>>& items);

// The same for the datasets an object turned out to have. known: what was known of the item before it was planned; a title may have
// changed since.
Status check_datasets(const RuleBook& book, const ItemFacts& known, const ItemPlan& plan);

// The rules of one dataset. Tells the plan what its reader is to do of them: called before plan.source(dataset).
Rules dataset_rules(const RuleBook& book, const ItemFacts& known, ItemPlan& plan, const std::string& dataset);

}  // namespace qonduit::pipeline::transform

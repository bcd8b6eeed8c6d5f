// An item looked at and planned, with the datasets that are to be read of it: the same for a run and for its forecast, so that both leave
// out, note and refuse the same. Used by the run's thread.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/pipeline/app_state.hpp"
#include "core/pipeline/item.hpp"
#include "core/pipeline/transform/rules.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

struct PreparedDataset {
  std::string name;
  transform::Rules rules;
  std::unique_ptr<DatasetSource> source;
  Status status;                         // why there is no source
  std::vector<std::string> states = {};  // as of its plan
};

struct PreparedItem {
  ItemFacts facts;                             // as planned; before that, what is known of it
  std::unique_ptr<ItemPlan> plan;              // null: the status says why. No source of a dataset outlives it
  Facts loop, selections;                      // the turn of foreach, and what is in force
  std::vector<std::string> notes;              // of the app's state and of the plan
  bool skipped = false;                        // nothing of it is to be delivered; notes say why
  Status status = {};                          // why nothing of it can be
  std::vector<PreparedDataset> datasets = {};  // none where it is skipped or fails
};

// How items are prepared. All outlive it; null: there are no rules, no selections.
struct Preparation {
  const config::Pipeline& pipeline;
  const transform::RuleBook* rules = nullptr;
  const AppState* state = nullptr;
};

// As far as it is known before it is planned.
PreparedItem not_prepared(const ItemFacts& facts, const Preparation& how);

// Looks at it and plans it. Waits where that was not begun before.
PreparedItem prepare(Item& item, const Preparation& how, const std::stop_token& stop);

}  // namespace qonduit::pipeline

#include "core/pipeline/shared_targets.hpp"

namespace qonduit::pipeline {

void SharedTargets::add(const RunEstimate& estimate) {
  for (const auto& dataset : estimate.datasets) {
    for (const auto& target : dataset.targets) {
      if (target.plan.target.empty()) continue;
      auto& users = targets_[target.plan.target];
      users.pipelines.insert(estimate.pipeline);
      users.exclusive = users.exclusive || target.plan.exclusive;
    }
  }
}

std::vector<std::string> SharedTargets::problems() const {
  std::vector<std::string> problems;
  for (const auto& [target, users] : targets_) {
    if (!users.exclusive || users.pipelines.size() < 2) continue;
    std::string names;
    for (const auto& pipeline : users.pipelines) names += (names.empty() ? "'" : ", '") + pipeline + "'";
    problems.push_back("pipelines " + names + " deliver into one target, " + target +
                       ": it belongs to the first that runs, and the others are refused; put {pipeline} into its name");
  }
  return problems;
}

}  // namespace qonduit::pipeline

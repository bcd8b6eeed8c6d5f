#include "core/pipeline/shared_targets.hpp"

namespace qonduit::pipeline {

void SharedTargets::add(const RunEstimate& estimate) {
  for (const auto& dataset : estimate.datasets) {
    std::map<std::string, std::string> sinks;  // of this dataset: by what its target is
    for (const auto& [sink, plan] : dataset.targets) {
      if (plan.target.empty()) continue;
      const auto& identity = plan.identity.empty() ? plan.target : plan.identity;
      auto& users = targets_[identity];
      if (users.target.empty()) users.target = plan.target;
      users.pipelines.insert(estimate.pipeline);
      users.exclusive = users.exclusive || plan.exclusive;
      const auto [other, first] = sinks.emplace(identity, sink);
      if (!first) twice_.insert(twice_text("pipeline '" + estimate.pipeline + "'", other->second, sink, plan.target));
    }
  }
}

std::vector<std::string> SharedTargets::problems() const {
  std::vector<std::string> problems(twice_.begin(), twice_.end());
  for (const auto& [identity, users] : targets_) {
    if (!users.exclusive || users.pipelines.size() < 2) continue;
    std::string names;
    for (const auto& pipeline : users.pipelines) names += (names.empty() ? "'" : ", '") + pipeline + "'";
    problems.push_back("pipelines " + names + " deliver into one target, " + users.target +
                       ": it belongs to the first that runs, and the others are refused; put {pipeline} into its name");
  }
  return problems;
}

std::string twice_text(const std::string& who, const std::string& first, const std::string& second, const std::string& target) {
  return who + ": the sinks '" + first + "' and '" + second + "' deliver the same rows into one target, " + target +
         "; remove one of them from the pipeline, or give it another target";
}

}  // namespace qonduit::pipeline

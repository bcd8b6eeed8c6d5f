// check --probe: everything a run would fail for before its first row, each by itself.
#include "core/pipeline/estimate.hpp"
#include "core/pipeline/run.hpp"
#include "core/pipeline/shared_targets.hpp"

namespace qonduit::pipeline {

std::vector<ProbeLine> probe(const Bound& bound, const RunSettings& settings, const std::stop_token& stop, SharedTargets& targets) {
  const auto found = estimate(bound, settings, stop, Depth::checked);
  targets.add(found);
  const auto of_pipeline = "pipeline '" + bound.pipeline->name + "'";
  std::vector<ProbeLine> lines;
  // How far it came, and why no further.
  const auto why = found.problems.empty() ? Status() : Status(found.status.code(), found.problems.front());
  const bool opened = !found.app_id.empty();
  lines.push_back({"connection '" + bound.connection->name + "'", found.connected ? Status() : why});
  if (found.connected) lines.push_back({"app '" + bound.pipeline->app + "'", opened ? Status() : why});
  if (opened) {
    const auto sources = "sources of " + of_pipeline;
    for (const auto& problem : found.problems) lines.push_back({sources, {Code::invalid_config, problem}});
    bool failed = !found.problems.empty();
    for (const auto& dataset : found.datasets) {
      if (dataset.status.ok()) continue;
      const auto which =
          (dataset.dataset.empty() ? "" : ", dataset '" + dataset.dataset + "'") + (dataset.turn.empty() ? "" : ", " + dataset.turn);
      lines.push_back({of_pipeline + ", object '" + dataset.facts.id + "'" + which, dataset.status});
      failed = true;
    }
    if (!failed) lines.push_back({sources, {}});
    for (const auto& dataset : found.datasets) {
      for (const auto& target : dataset.targets) {
        if (!target.plan.target.empty())
          lines.push_back({of_pipeline + ", object '" + dataset.facts.id + "' to " + target.plan.target, {}});
      }
    }
  }
  for (const auto& sink : found.sinks) lines.push_back({"sink '" + sink.name + "' (" + sink.type + ")", sink.status});
  return lines;
}

}  // namespace qonduit::pipeline

#include "core/pipeline/report.hpp"

#include <algorithm>

namespace qonduit::pipeline {

RunTotals totals(const RunReport& report) {
  RunTotals sum;
  for (const auto& dataset : report.datasets) {
    sum.calls += dataset.calls;
    sum.retries += dataset.retries;
    if (dataset.outcome == DatasetOutcome::skipped) ++sum.skipped;
    if (dataset.outcome == DatasetOutcome::failed) ++sum.failed;
    if (dataset.outcome == DatasetOutcome::interrupted) ++sum.interrupted;
    if (dataset.outcome == DatasetOutcome::rolled_back) ++sum.rolled_back;
    if (dataset.outcome != DatasetOutcome::delivered) continue;
    ++sum.delivered;
    if (!dataset.rolled_back.empty()) ++sum.rolled_back_in_part;
    sum.rows += dataset.rows;
    sum.cells += dataset.cells;
    for (const auto& target : dataset.targets) {
      sum.bytes += static_cast<std::int64_t>(target.bytes);
      sum.refused += static_cast<std::int64_t>(target.refused);
    }
  }
  return sum;
}

void roll_back(RunReport& report, const std::vector<std::string>& sinks) {
  if (sinks.empty()) return;
  const auto gone = [&](const TargetReport& target) { return std::find(sinks.begin(), sinks.end(), target.sink) != sinks.end(); };
  for (auto& dataset : report.datasets) {
    if (dataset.outcome != DatasetOutcome::delivered) continue;
    for (const auto& target : dataset.targets) {
      if (gone(target)) dataset.rolled_back.push_back(target.sink);
    }
    dataset.targets.erase(std::remove_if(dataset.targets.begin(), dataset.targets.end(), gone), dataset.targets.end());
    if (!dataset.rolled_back.empty() && dataset.targets.empty()) dataset.outcome = DatasetOutcome::rolled_back;
  }
}

}  // namespace qonduit::pipeline

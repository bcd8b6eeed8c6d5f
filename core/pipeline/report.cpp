#include "core/pipeline/report.hpp"

namespace qonduit::pipeline {

RunTotals totals(const RunReport& report) {
  RunTotals sum;
  for (const auto& dataset : report.datasets) {
    sum.calls += dataset.calls;
    sum.retries += dataset.retries;
    if (dataset.outcome == DatasetOutcome::skipped) ++sum.skipped;
    if (dataset.outcome == DatasetOutcome::failed) ++sum.failed;
    if (dataset.outcome != DatasetOutcome::delivered) continue;
    ++sum.delivered;
    sum.rows += dataset.rows;
    sum.cells += dataset.cells;
    for (const auto& target : dataset.targets) {
      sum.bytes += static_cast<std::int64_t>(target.bytes);
      sum.refused += static_cast<std::int64_t>(target.refused);
    }
  }
  return sum;
}

}  // namespace qonduit::pipeline

#include "core/rehearsal/verdict.hpp"

#include <algorithm>
#include <set>

#include "core/pipeline/foreach.hpp"

namespace qonduit::rehearsal {
namespace {

using pipeline::DatasetOutcome;
using pipeline::DatasetReport;
using pipeline::RunOutcome;

// Of a turn of foreach, each dataset has its own.
std::filesystem::path ledger_of(const Attempt& attempt, const DatasetReport& dataset) {
  return ledger_file(attempt.ledgers, dataset.object_id, pipeline::delivered_name(dataset.dataset, dataset.loop));
}

// The same dataset of the other run, in the same turn; one that is not in its report was not reached.
DatasetReport counterpart(const DatasetReport& of, const pipeline::RunReport& report) {
  const auto same = [&](const DatasetReport& other) {
    return other.object_id == of.object_id && other.dataset == of.dataset && other.loop == of.loop;
  };
  const auto found = std::find_if(report.datasets.begin(), report.datasets.end(), same);
  if (found != report.datasets.end()) return *found;
  DatasetReport absent;
  absent.object_id = of.object_id, absent.dataset = of.dataset, absent.title = of.title, absent.loop = of.loop;
  absent.status = Status(Code::cancelled, "the run ended before this dataset");
  return absent;
}

// Every file in the folder belongs to a dataset that was called delivered.
std::string leftover_in(const Attempt& day) {
  std::set<std::filesystem::path> known;
  for (const auto& dataset : day.report.datasets) {
    if (dataset.outcome == DatasetOutcome::delivered) known.insert(ledger_of(day, dataset));
  }
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(day.ledgers, ignored)) {
    if (!known.contains(entry.path())) return entry.path().filename().string();
  }
  return {};
}

}  // namespace

Result<Verdict> judge(const Attempt& calm, const Attempt& day) {
  Verdict verdict;
  verdict.late = calm.report.seconds > 0 ? day.report.seconds / calm.report.seconds : 0;
  bool wrong = false;
  for (const auto& expected : calm.report.datasets) {
    if (expected.outcome != DatasetOutcome::delivered) continue;
    DatasetVerdict dataset{expected, counterpart(expected, day.report), {}};
    const auto truth = ledger_of(calm, expected);
    if (dataset.day.outcome == DatasetOutcome::delivered) {
      auto rows = compare(truth, ledger_of(day, expected));
      if (!rows) return std::move(rows).error();
      dataset.rows = *rows;
      wrong = wrong || !rows->same();
    } else {
      auto rows = count_rows(truth);
      if (!rows) return std::move(rows).error();
      dataset.rows.expected = *rows;
      // A run that is done has delivered everything; one that failed says so itself.
      wrong = wrong || day.report.outcome == RunOutcome::done;
    }
    verdict.datasets.push_back(std::move(dataset));
  }
  for (const auto& delivered : day.report.datasets) {
    if (delivered.outcome != DatasetOutcome::delivered) continue;
    wrong = wrong || counterpart(delivered, calm.report).outcome != DatasetOutcome::delivered;
  }
  verdict.leftover = leftover_in(day);
  if (wrong || !verdict.leftover.empty()) {
    verdict.outcome = Outcome::wrong;
  } else if (day.report.outcome == RunOutcome::interrupted) {
    verdict.outcome = Outcome::interrupted;
  } else if (day.report.outcome != RunOutcome::done) {
    verdict.outcome = Outcome::failed;
  }
  return verdict;
}

}  // namespace qonduit::rehearsal

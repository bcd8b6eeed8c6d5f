// What a bad day made of a run: each dataset of a calm run against the same one of the day. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/pipeline/report.hpp"
#include "core/rehearsal/ledger.hpp"
#include "qonduit/status.hpp"

namespace qonduit::rehearsal {

// A run and the folder of its ledgers.
struct Attempt {
  pipeline::RunReport report;
  std::filesystem::path ledgers;
};

struct DatasetVerdict {
  pipeline::DatasetReport calm, day;  // day: as in the report; outcome failed where there is none
  Comparison rows;
  [[nodiscard]] double late() const { return calm.seconds > 0 ? day.seconds / calm.seconds : 0; }
};

enum class Outcome : std::uint8_t {
  right,        // all datasets, complete
  failed,       // the run says why; what it did deliver is right, and nothing is half-delivered
  wrong,        // rows are lost, duplicated or altered in what was called done, or something half-delivered was left
  interrupted,  // somebody stopped it
};

struct Verdict {
  Outcome outcome = Outcome::right;
  std::vector<DatasetVerdict> datasets;
  std::string leftover;  // a file that no delivery accounts for
  double late = 0;       // how many times as long as the calm run
};

Result<Verdict> judge(const Attempt& calm, const Attempt& day);

}  // namespace qonduit::rehearsal

// What a run did: one entry per dataset, complete enough for the closing table, for --json and for the exit code.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// As reports and forecasts say times.
inline double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct TargetReport {
  std::string sink;           // its configured name
  std::string target;         // in the sink's words: a path, a table
  std::uint64_t rows = 0;     // there
  std::uint64_t refused = 0;  // by the target, and kept elsewhere: the note says where
  std::uint64_t bytes = 0;
  std::string note = {};  // what the sink says of it
};

// interrupted: the run was stopped while it was read. rolled_back: it was delivered, and everywhere went with the run that failed.
enum class DatasetOutcome : std::uint8_t { delivered, skipped, failed, interrupted, rolled_back };

struct DatasetReport {
  std::string object_id, object_type, title, sheet, dataset;
  DatasetOutcome outcome = DatasetOutcome::failed;
  Status status;                   // why it failed
  std::vector<std::string> notes;  // nothing is left out in silence: what was, and why
  std::int64_t rows = 0;           // delivered
  std::int64_t rows_filtered = 0;  // read, and left out by the filter
  std::int64_t cells = 0;          // read
  std::size_t columns = 0;         // delivered
  int attempts = 0;
  std::int64_t calls = 0;    // for data, over all attempts
  std::int64_t retries = 0;  // how often they were asked again after an abort or a lost connection
  double seconds = 0;
  std::vector<TargetReport> targets;
  std::vector<std::string> rolled_back;                         // sinks where it went with the run that failed; no targets
  std::vector<std::pair<std::string, std::string>> loop;        // name and value of each loop of foreach
  std::vector<std::pair<std::string, std::string>> selections;  // in force while it was read
};

// What a run that ended early had not begun to read. object_id is empty for a whole turn of foreach.
struct NotTried {
  std::string object_id, object_type, title, sheet;
  std::string dataset;  // of an object that was begun; empty: all of it
  std::vector<std::pair<std::string, std::string>> loop;
};

enum class RunOutcome : std::uint8_t { done, failed, cannot_connect, interrupted };

struct RunReport {
  std::string pipeline, run_id, app, app_id, started_at;
  RunOutcome outcome = RunOutcome::failed;
  Status status;  // the first failure
  std::vector<DatasetReport> datasets;
  std::vector<NotTried> not_tried;
  int reconnects = 0;                     // connections taken up again after the first
  std::int64_t engine_calls = 0;          // all that were made for it, once its app was known
  std::int64_t waits = 0;                 // how often it had nothing to do before a reply came
  int window_least = 0, window_most = 0;  // calls in flight: what the window was
  std::vector<std::string> notes;         // of the run as a whole: what no delivery holds
  double seconds = 0;
};

// Sums over the datasets of a run. Rows and bytes of what was delivered; a row that went to two sinks counts once, its bytes twice.
struct RunTotals {
  std::int64_t delivered = 0, skipped = 0, failed = 0, interrupted = 0, rolled_back = 0;  // datasets
  std::int64_t rolled_back_in_part = 0;                                                   // of the delivered: not there in some sinks
  std::int64_t rows = 0, refused = 0, bytes = 0, cells = 0, calls = 0, retries = 0;
};
RunTotals totals(const RunReport& report);

// These sinks hold nothing of what the run delivered.
void roll_back(RunReport& report, const std::vector<std::string>& sinks);

// How far a dataset is; sent after every batch and, with `last`, behind the last row; from the run's thread.
struct Progress {
  std::string_view pipeline, title, object_id, dataset;
  std::string_view turn;            // of foreach: "Region=North"; empty outside of it
  std::size_t item = 0;             // which of the objects (of the turn) this is, from 1
  std::size_t items = 0;            // how many there are
  std::int64_t rows = 0;            // read so far, as they are delivered
  std::int64_t expected_rows = -1;  // of a pivot an estimate, until the last row
  std::int64_t cells = 0;
  double seconds = 0;  // since the dataset began
  bool last = false;
};
using ProgressListener = std::function<void(const Progress&)>;

}  // namespace qonduit::pipeline

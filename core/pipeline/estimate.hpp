// What a run would do and cost, said before it does: each item is planned, each reader opened, one page of it read to measure it; its
// columns are met with the rules, and each sink is asked what it would do with them. Nothing is changed anywhere. What fails here fails the
// run, and what fails a run before its first row fails here. Used by one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline/find_items.hpp"
#include "core/pipeline/item.hpp"
#include "core/pipeline/run.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// The first page of a dataset, read alone to know what the others cost: one call, or as many as it takes to have one whole row.
struct MeasuredPage {
  std::int64_t calls = 1;
  std::int64_t cells = 0;
  std::int64_t reply_bytes = 0;
  std::int64_t batch_bytes = 0;
  double seconds = 0;  // asked, computed, sent and decoded; what was left of these, of what was read beside others
  std::int64_t source_rows = 0, batch_rows = 0;  // of the pivot, and as they are delivered
};

// What a sink would do with a dataset, in its own words around the number of rows; without words it does not say.
struct TargetEstimate {
  std::string sink;
  Plan plan;
};

struct DatasetEstimate {
  ItemFacts facts;
  std::string adapter, dataset;
  std::string turn;                                              // of foreach: "Region=North"
  bool skipped = false;                                          // notes say why
  Status status;                                                 // why it cannot be read; the run would fail with it
  std::vector<std::string> notes;                                // what is left out, and why
  std::vector<std::string> warnings;                             // what costs more, or is other than it seems
  std::int64_t columns = -1, rows = -1, cells = -1, calls = -1;  // -1: not known beforehand; columns as they are delivered
  bool filtered = false;                                         // rows are those that are read: a filter leaves some of them out
  std::vector<TargetEstimate> targets;
  std::optional<MeasuredPage> page;  // nothing: there is none, or the budget is exceeded
  bool together = false;             // it was read beside others, as a run reads it
  double seconds = -1;               // of looking at it and reading it, without the sinks: its part where it was together; -1: not known
  double working = 0;                // of these, what the engine and the wire work: waiting can be shared with others
  std::int64_t memory = -1;          // bytes, at most: replies and batches under way, without the sinks' own buffers
};

// A sink that was asked whether its target is there.
struct SinkEstimate {
  std::string name, type;
  Status status;
};

struct RunEstimate {
  std::string pipeline, connection, app, app_id;
  std::vector<SinkEstimate> sinks;
  int window = 0;                 // 0: it finds its own size
  int parallel = 1;               // objects that are read at a time
  std::int64_t budget_cells = 0;  // 0: none
  bool connected = false;
  double latency = 0;  // seconds, of a call that computes nothing
  double connect_seconds = 0;
  double turns_seconds = 0;                  // of selecting, in all turns of foreach
  std::int64_t engine_calls = 0, waits = 0;  // it took to find all this
  std::vector<DatasetEstimate> datasets;
  std::vector<std::string> notes;     // of the run as a whole: what no delivery holds
  Status status;                      // why the run would fail: the first reason
  std::vector<std::string> problems;  // why, where no dataset and no sink says so: each by itself

  // Sums over the datasets that can be read, those above the budget too; -1 when a part is not known.
  [[nodiscard]] std::int64_t rows() const;
  [[nodiscard]] std::int64_t cells() const;
  [[nodiscard]] std::int64_t calls() const;
  // With connecting and selecting. Large objects that are read at a time share their waits, and not the engine's work.
  [[nodiscard]] double seconds() const;
  // The largest, and of those that are read beside it what replies that wait may take.
  [[nodiscard]] std::int64_t memory() const;
};

// measured: reads one page of each dataset, in each turn of foreach. checked: reads none, connects once, and looks at one turn.
enum class Depth : std::uint8_t { measured, checked };

// Connects and finds the items as a run does.
RunEstimate estimate(const Bound& bound, const RunSettings& settings, const std::stop_token& stop, Depth depth = Depth::measured);

// The same for items that are found, without rules and sinks. REQUIRES: into.latency is measured, pipeline and sinks are filled in.
void estimate_items(const Items& items, const config::Pipeline& pipeline, const std::stop_token& stop, RunEstimate& into);

// Rows of the delivery that so many rows of the source make, when a part of them has made so many: a pivot's rows are many rows each. -1:
// not known.
std::int64_t rows_from_source(std::int64_t source_rows, std::int64_t made, std::int64_t of_source_rows);

// Calls in flight: as configured, or as many as a window that finds its own size will have.
int expected_window(const config::Pipeline& pipeline, const MeasuredPage& page, double latency);

// Seconds that so many calls for so many cells take, where one page took what was measured: what the engine and the wire need adds up,
// waiting for replies is shared by a window of calls. window 0: without waiting.
double reading_seconds(const MeasuredPage& page, std::int64_t cells, std::int64_t calls, double latency, int window);

}  // namespace qonduit::pipeline

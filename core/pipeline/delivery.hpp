// One dataset on its way into all sinks of a pipeline: opened one after the other, fed together, committed one after the other, or all
// aborted. Each sink is opened and written on a thread of its own. Used by one thread at a time. The sinks outlive it; its end aborts what
// was not committed.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "core/pipeline/owned_run.hpp"
#include "core/pipeline/report.hpp"
#include "core/pipeline/sink_lane.hpp"
#include "qonduit/host/sink.hpp"
#include "qonduit/sink.hpp"

namespace qonduit::pipeline {

// A sink of the pipeline, created for the run.
struct NamedSink {
  std::string name;
  host::Sink sink;
};

class Delivery {
 public:
  // Begins to open every sink, and does not wait for it; queue: batches that wait for a sink, at most.
  Delivery(const std::vector<NamedSink*>& sinks, const Run& run, const ArrowSchema& schema, std::size_t queue);
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  ~Delivery();

  // Waits until every sink is open, or says why one is not; invalid_config where two of them name one target.
  Status opened();
  // May answer that a sink did not open.
  Status write(const SharedBatch& batch, const std::stop_token& stop);
  // Waits for the sinks, checks that each took exactly `rows` rows, commits each. A commit whose answer was lost is resolved by asking
  // the target. After a failure the sinks not committed are aborted; the message says which were.
  Result<std::vector<TargetReport>> commit(std::int64_t rows);
  // Whether commit() has begun with the first sink: what fails before that has changed nothing anywhere.
  [[nodiscard]] bool commit_begun() const noexcept { return commit_begun_; }
  // What the sinks call their targets, in their order; empty where one does not say. REQUIRES: opened() answered ok.
  [[nodiscard]] std::vector<std::string> names() const;
  void abort();

 private:
  Status open(std::size_t at);
  Status check_target(std::size_t at);
  Status why(std::size_t at, Status status);
  Status commit_one(NamedSink& sink);

  struct Target {
    NamedSink* sink;
    std::unique_ptr<SinkLane> lane = nullptr;
    bool begun = false;  // it may be open
    bool committed = false;
    std::string name = {};  // what the sink calls it; empty: it does not say
  };
  OwnedRun run_;
  ArrowSchema schema_{};
  std::mutex mutex_;  // of the opening
  std::condition_variable changed_;
  std::size_t open_ = 0;  // number of sinks that are open; the next one may open now
  Status not_open_;       // why a sink did not open
  bool given_up_ = false;
  bool commit_begun_ = false;
  std::vector<Target> targets_;  // last: its threads use the others
};

// Tells every sink that the run is over; complete: everything was committed. Where a sink lets the deliveries of a run appear together
// this is when they do: the first failure says that they did not.
Status end_run(const std::vector<NamedSink*>& sinks, std::string_view run_id, bool complete, std::vector<std::string>& gone);

}  // namespace qonduit::pipeline

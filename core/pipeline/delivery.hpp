// One dataset on its way into all sinks of a pipeline: opened together, fed together, committed one after the other, or all aborted.
// Used by one thread. The sinks outlive it; its end aborts what was not committed.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/pipeline/report.hpp"
#include "core/pipeline/sink_lane.hpp"
#include "core/plugin/remote_sink.hpp"
#include "qonduit/sink.hpp"

namespace qonduit::pipeline {

// A sink of the pipeline, created for the run.
struct NamedSink {
  std::string name;
  plugin::RemoteSink sink;
};

class Delivery {
 public:
  // Opens every sink. On failure those already open are aborted. invalid_config where two of them name one target.
  static Result<std::unique_ptr<Delivery>> open(std::vector<NamedSink>& sinks, const Run& run, const ArrowSchema& schema,
                                                std::size_t queue);
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  ~Delivery();

  Status write(const SharedBatch& batch, const std::stop_token& stop);
  // Waits for the sinks, checks that each took exactly `rows` rows, commits each. A commit whose answer was lost is resolved by asking
  // the target. After a failure the sinks not committed are aborted; the message says which were.
  Result<std::vector<TargetReport>> commit(std::int64_t rows);
  void abort();

 private:
  explicit Delivery(std::string run_id) : run_id_(std::move(run_id)) {}
  Status check_target();
  Status commit_one(NamedSink& sink);

  struct Target {
    NamedSink* sink;
    std::unique_ptr<SinkLane> lane;
    bool committed = false;
    std::string name = {};  // what the sink calls it; empty: it does not say
  };
  std::string run_id_;
  std::vector<Target> targets_;
};

// Tells every sink that the run is over; complete: everything was committed. Where a sink lets the deliveries of a run appear together
// this is when they do: the first failure says that they did not.
Status end_run(std::vector<NamedSink>& sinks, std::string_view run_id, bool complete);

}  // namespace qonduit::pipeline

// One sink's own thread during one delivery, with a bounded queue in front: a slow sink holds back the reader, not the other sinks'
// threads. Batches are shared and read-only. Its log lines say what those of the thread that made it say. push, drain and discard are
// called by one thread, the pipeline's.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "core/logging/logging.hpp"
#include "qonduit/batch.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

using SharedBatch = std::shared_ptr<ArrowArray>;

class SinkLane {
 public:
  // On the lane's thread: begin is called first, where there is one, then write for each batch in order; neither after one has failed.
  SinkLane(std::function<Status(const ArrowArray&)> write, std::size_t capacity, std::function<Status()> begin = {});
  SinkLane(const SinkLane&) = delete;
  SinkLane& operator=(const SinkLane&) = delete;
  ~SinkLane();  // discards

  // Waits for room. Answers the failure of what was called earlier, or cancelled.
  Status push(SharedBatch batch, const std::stop_token& stop);
  // Waits until everything pushed is written. ENSURES: the thread has ended.
  Status drain();
  // Drops what waits, lets a write under way finish. ENSURES: the thread has ended.
  void discard();

 private:
  void work();

  logging::Fields context_;
  std::function<Status(const ArrowArray&)> write_;
  std::function<Status()> begin_;
  std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<SharedBatch> queue_;
  Status failure_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace qonduit::pipeline

#include "core/pipeline/sink_lane.hpp"

#include <utility>

namespace qonduit::pipeline {

SinkLane::SinkLane(std::function<Status(const ArrowArray&)> write, std::size_t capacity, std::function<Status()> begin)
    : context_(logging::LogContext::now()),
      write_(std::move(write)),
      begin_(std::move(begin)),
      capacity_(capacity == 0 ? 1 : capacity),
      thread_([this] { work(); }) {}

SinkLane::~SinkLane() { discard(); }

Status SinkLane::push(SharedBatch batch, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait(lock, stop, [&] { return !failure_.ok() || queue_.size() < capacity_; })) {
    return {Code::cancelled, "stopped while waiting for the sink"};
  }
  if (!failure_.ok()) return failure_;
  queue_.push_back(std::move(batch));
  changed_.notify_all();
  return {};
}

Status SinkLane::drain() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  return failure_;
}

void SinkLane::discard() {
  {
    const std::lock_guard lock(mutex_);
    queue_.clear();
    closing_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void SinkLane::work() {
  const logging::LogContext context(context_);
  auto begun = begin_ ? begin_() : Status();
  std::unique_lock lock(mutex_);
  if (!begun.ok()) {
    failure_ = std::move(begun);
    queue_.clear();
    changed_.notify_all();
    return;
  }
  while (true) {
    changed_.wait(lock, [&] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const auto batch = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    auto status = write_(*batch);
    lock.lock();
    changed_.notify_all();
    if (!status.ok()) {
      failure_ = std::move(status);
      queue_.clear();
      return;
    }
  }
}

}  // namespace qonduit::pipeline

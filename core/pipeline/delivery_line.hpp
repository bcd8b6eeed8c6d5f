// Deliveries whose rows are all on their way, and that end in the order they came: each commits when the one before it is committed, on a
// thread of its own, while the run's thread reads on. Where one fails those behind it hold until it is decided what becomes of them. Used
// by the run's thread; its end drops what is not committed.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "core/logging/logging.hpp"
#include "core/pipeline/delivery.hpp"

namespace qonduit::pipeline {

class DeliveryLine {
 public:
  DeliveryLine() = default;
  DeliveryLine(const DeliveryLine&) = delete;
  DeliveryLine& operator=(const DeliveryLine&) = delete;
  ~DeliveryLine();

  // What a delivery came to.
  struct End {
    Result<std::vector<TargetReport>> targets;
    bool commit_begun = false;  // false: it has changed nothing anywhere
  };

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  // All its rows, so many, were written to it. before_commit: called when its turn has come, on another thread than the run's, one at a
  // time; an error keeps it from its commit.
  void add(std::unique_ptr<Delivery> delivery, std::int64_t rows, std::function<Status(const Delivery&)> before_commit);
  // Whether take() does not wait.
  [[nodiscard]] bool ended() const;
  // The end of the first; it leaves the line. A stop request ends it before its commit, not in it. When it failed those behind it go on
  // with go_on(), or are dropped with drop().
  End take(const std::stop_token& stop);
  void go_on();
  // Aborts all that are left.
  void drop();

 private:
  struct Entry {
    std::unique_ptr<Delivery> delivery;
    std::int64_t rows;
    std::function<Status(const Delivery&)> before_commit;
    bool its_turn = false, dropped = false, working = false, done = false;
    End end{std::vector<TargetReport>()};
    std::thread thread;
  };
  void finish(Entry& entry);
  void next_turn();

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::unique_ptr<Entry>> entries_;  // in order; the list itself and every flag: guarded
  bool holds_ = false;                          // one failed, and it is not decided what becomes of the others
};

}  // namespace qonduit::pipeline

// A queue of deliveries that have got all their rows. They commit in order, each on its own thread, while the run's thread reads on. When
// one fails, the later ones wait until the run's thread calls go_on() or drop(). Used by the run's thread. The destructor drops what is not
// committed.
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
  // rows: how many were written to the delivery, which gets no more. before_commit is called before its commit, on the thread that commits,
  // never two at a time; when it answers an error the delivery is not committed.
  void add(std::unique_ptr<Delivery> delivery, std::int64_t rows, std::function<Status(const Delivery&)> before_commit);
  // Whether take() does not wait.
  [[nodiscard]] bool ended() const;
  // Waits for the first delivery and takes it out. A stop request cancels it if its commit has not begun. After a failure call go_on() or
  // drop() for the later ones.
  End take(const std::stop_token& stop);
  void go_on();
  // Aborts all deliveries in the queue.
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
  bool holds_ = false;                          // one failed, and neither go_on() nor drop() was called yet
};

}  // namespace qonduit::pipeline

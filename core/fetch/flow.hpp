// How many calls that make the engine work are in flight at a time, over everything a run reads. A window that was configured stays as it
// is. Else it finds its size between 2 and 64, as TCP does: it grows while replies come as fast with more of them under way, shrinks when
// they queue up in the engine, and is halved, down to 1, by calls that the engine aborts. Replies that wait for their turn count, too: in
// flight, by the cells that were asked for, and waiting they are kept within 48 MiB. It also knows how large a page the engine gives. Used
// by the run's thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

namespace qonduit::fetch {

class Flow {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::duration;
  // Of replies that are on their way or wait. What is read before its turn has half of it.
  static constexpr std::int64_t kMostBytes = std::int64_t{48} << 20;
  static constexpr int kMost = 64;  // calls in flight, where it finds its size

  // window: the configured size; 0: it finds its own.
  explicit Flow(int window = 0);

  [[nodiscard]] int size() const noexcept { return size_; }
  // For one more call, of so many cells. One is always possible when none is in flight.
  [[nodiscard]] bool room(std::int64_t cells) const noexcept {
    return in_flight_ == 0 || (!alone_ && in_flight_ < size_ && fits(cells, kMostBytes));
  }
  // For one more of what is read before its turn, which has half of the bytes, and leaves a call to what is read now. small: all of an
  // object, which costs the engine no more than a look at it; of those 64 while it finds its size, and until the first sign of a queue.
  [[nodiscard]] bool room_ahead(std::int64_t cells, bool small = false) const noexcept {
    const int size = small && growing_ && !fixed_ ? std::max(size_, kMostSmall) : size_;
    return !alone_ && in_flight_ < size - 1 && fits(cells, kMostBytes / 2);
  }
  // Objects that may be looked at at a time, by two calls each: as many as the window has calls for, or 64 where it finds its size and
  // the engine has refused nothing yet.
  [[nodiscard]] int looks() const noexcept;

  [[nodiscard]] int in_flight() const noexcept { return in_flight_; }

  // The most cells to ask for in a page: as many as the engine gave where it trimmed one.
  void trimmed(std::int64_t cells) noexcept { page_cells_ = std::min(page_cells_, cells); }
  [[nodiscard]] std::int64_t page_cells() const noexcept { return page_cells_; }

  // From now on one call at a time, whatever the size: what is measured has the engine for itself. false: no longer so.
  void alone(bool alone) noexcept { alone_ = alone; }

  // cells: that it asks for. It is told again when the call is over.
  void sent(std::int64_t cells);
  // A reply came, so long after its call. least: the shortest time of a call like it so far.
  void arrived(std::int64_t cells, Time time, Time least, std::int64_t bytes);
  // The engine aborted the call.
  void aborted(std::int64_t cells);
  // The engine could not do what is no page, a look at an object for one.
  void refused();
  // No reply is expected any more.
  void gave_up(std::int64_t cells) { --in_flight_, cells_ -= cells; }
  // The reply is done with.
  void release(std::int64_t bytes) { held_ -= bytes; }

  // The extremes, for the report.
  [[nodiscard]] int least() const noexcept { return least_size_; }
  [[nodiscard]] int most() const noexcept { return most_size_; }

 private:
  static constexpr int kMostSmall = 64;

  [[nodiscard]] bool fits(std::int64_t cells, std::int64_t bytes) const noexcept {
    return static_cast<double>(held_) + static_cast<double>(cells_ + cells) * bytes_of_cell_ <= static_cast<double>(bytes);
  }
  void resize(int size);

  bool fixed_;
  bool alone_ = false;
  int size_;
  int least_size_, most_size_;
  int in_flight_ = 0;
  std::int64_t cells_ = 0;  // in flight
  std::int64_t held_ = 0;   // bytes of replies that are not done with
  double bytes_of_cell_;    // in a reply: the most of late
  std::int64_t page_cells_ = std::numeric_limits<std::int64_t>::max();
  bool refused_ = false;  // by the engine, once
  bool growing_ = true;   // until the first sign of a queue: it doubles
  bool filled_ = false;   // in this round all of it was used
  bool asked_since_abort_ = false;
  int round_ = 0, slow_ = 0;  // replies of this round
};

}  // namespace qonduit::fetch

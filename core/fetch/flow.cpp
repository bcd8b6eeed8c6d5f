#include "core/fetch/flow.hpp"

#include <algorithm>
#include <utility>

namespace qonduit::fetch {
namespace {

constexpr int kFirst = 16, kLeast = 2;
// A reply that takes this many times as long as the fastest one has waited behind others.
constexpr int kQueued = 5;
// What a cell of text and number takes, before the first reply tells; and the cells of a reply that does.
constexpr double kBytesOfCell = 70;
constexpr std::int64_t kTelling = 1000;

}  // namespace

Flow::Flow(int window)
    : fixed_(window > 0), size_(window > 0 ? window : kFirst), least_size_(size_), most_size_(size_), bytes_of_cell_(kBytesOfCell) {}

void Flow::sent(std::int64_t cells) {
  ++in_flight_;
  cells_ += cells;
  asked_since_abort_ = true;
  filled_ = filled_ || in_flight_ >= size_;
}

void Flow::arrived(std::int64_t cells, Time time, Time least, std::int64_t bytes) {
  gave_up(cells);
  held_ += bytes;
  if (cells >= kTelling) {
    const auto now = static_cast<double>(bytes) / static_cast<double>(cells);
    bytes_of_cell_ = std::max(now, (7 * bytes_of_cell_ + now) / 8);
  }
  if (time > kQueued * least) ++slow_;
  if (++round_ < size_) return;
  // As many replies as fit into it: those that were sent with this size are through.
  if (2 * slow_ > round_) {
    growing_ = false;
    resize(std::max(kLeast, size_ - std::max(1, size_ / 4)));
  } else if (filled_ && slow_ == 0) {
    resize(std::min(kMost, growing_ ? 2 * size_ : size_ + 1));
  }
  round_ = slow_ = 0;
  filled_ = false;
}

int Flow::looks() const noexcept { return fixed_ || refused_ ? std::max(1, size_ / 2) : kMost; }

void Flow::aborted(std::int64_t cells) {
  gave_up(cells);
  // Many at the same moment are one sign.
  if (std::exchange(asked_since_abort_, false)) refused();
}

void Flow::refused() {
  refused_ = true;
  growing_ = false;
  resize(std::max(1, size_ / 2));
  round_ = slow_ = 0;
}

void Flow::resize(int size) {
  if (fixed_) return;
  size_ = size;
  least_size_ = std::min(least_size_, size);
  most_size_ = std::max(most_size_, size);
}

}  // namespace qonduit::fetch

// The messages handed to a publisher and not confirmed yet, in their order, with copies of what they hold: what a lost connection may have
// lost is here. Buffers are used again. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sinks/queue/core/kept_message.hpp"

namespace qonduit::amqp {

class SentMessages {
 public:
  struct Entry : queue::KeptMessage {
    std::uint64_t tag = 0;  // on this connection; 0: not sent on it
    bool settled = false;   // confirmed, refused, or moved to the end
    std::string returned;   // why the broker sent it back; empty: it did not
  };

  void add(const queue::Message& message);
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t count() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  // The first that is not sent on this connection, or none.
  Entry* unsent() { return next_ < entries_.size() ? &entries_[next_] : nullptr; }
  // unsent() was sent, with this tag; tags rise by one.
  void sent(std::uint64_t tag) { entries_[next_++].tag = tag; }
  // Not settled, of the tag; none when there is no such.
  Entry* find(std::uint64_t tag);
  Entry* find_id(std::string_view id);
  // The oldest that was sent and is not settled, up to this tag.
  Entry* oldest(std::uint64_t tag);
  void settle(Entry& entry);
  // Settled here, and once more at the end, to be sent again.
  void again(Entry& entry);
  // The connection is another: all of them are to be sent again, in their order.
  void reconnect();
  void clear();

 private:
  void forget_front();

  std::deque<Entry> entries_;
  std::vector<Entry> spare_;
  std::size_t next_ = 0;  // of the first that was not sent
  std::size_t bytes_ = 0;
};

}  // namespace qonduit::amqp

#include "sent_messages.hpp"

#include <utility>

namespace qonduit::amqp {

void SentMessages::add(const queue::Message& message) {
  Entry entry;
  if (!spare_.empty()) {
    entry = std::move(spare_.back());
    spare_.pop_back();
  }
  entry.keep(message);
  entry.tag = 0;
  entry.settled = false;
  entry.returned.clear();
  bytes_ += entry.body.size();
  entries_.push_back(std::move(entry));
}

SentMessages::Entry* SentMessages::find(std::uint64_t tag) {
  if (next_ == 0 || tag < entries_.front().tag || tag > entries_[next_ - 1].tag) return nullptr;
  auto& entry = entries_[static_cast<std::size_t>(tag - entries_.front().tag)];
  return entry.settled ? nullptr : &entry;
}

SentMessages::Entry* SentMessages::find_id(std::string_view id) {
  for (auto& entry : entries_) {
    if (!entry.settled && entry.id == id) return &entry;
  }
  return nullptr;
}

SentMessages::Entry* SentMessages::oldest(std::uint64_t tag) {
  // Settled ones do not stay at the front.
  return next_ == 0 || entries_.front().tag > tag ? nullptr : &entries_.front();
}

void SentMessages::settle(Entry& entry) {
  entry.settled = true;
  bytes_ -= entry.body.size();
  while (next_ > 0 && entries_.front().settled) forget_front();
}

void SentMessages::again(Entry& entry) {
  const Entry copy = entry;
  add(copy.message());
  // A reference into a deque stays valid while elements are added at its end.
  settle(entry);
}

void SentMessages::forget_front() {
  spare_.push_back(std::move(entries_.front()));
  entries_.pop_front();
  --next_;
}

void SentMessages::reconnect() {
  std::deque<Entry> left;
  for (auto& entry : entries_) {
    if (entry.settled) continue;
    entry.tag = 0;
    entry.returned.clear();
    left.push_back(std::move(entry));
  }
  entries_ = std::move(left);
  next_ = 0;
}

void SentMessages::clear() {
  entries_.clear();
  next_ = bytes_ = 0;
}

}  // namespace qonduit::amqp

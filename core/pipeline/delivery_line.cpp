#include "core/pipeline/delivery_line.hpp"

#include <utility>

namespace qonduit::pipeline {

DeliveryLine::~DeliveryLine() { drop(); }

void DeliveryLine::add(std::unique_ptr<Delivery> delivery, std::int64_t rows, std::function<Status(const Delivery&)> before_commit) {
  auto entry = std::make_unique<Entry>();
  entry->delivery = std::move(delivery);
  entry->rows = rows;
  entry->before_commit = std::move(before_commit);
  auto& added = *entry;
  {
    const std::lock_guard lock(mutex_);
    entries_.push_back(std::move(entry));
    next_turn();
  }
  added.thread = std::thread([this, &added, fields = logging::LogContext::now()] {
    const logging::LogContext context(fields);
    finish(added);
  });
}

// REQUIRES: the lock.
void DeliveryLine::next_turn() {
  if (holds_) return;
  for (const auto& entry : entries_) {
    if (entry->done) continue;
    entry->its_turn = true;
    break;
  }
  changed_.notify_all();
}

void DeliveryLine::finish(Entry& entry) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return entry.its_turn || entry.dropped; });
    if (entry.dropped) return;
    entry.working = true;
  }
  End end{std::vector<TargetReport>()};
  // Before anything of it is final: its name is known when it is open.
  auto status = entry.delivery->opened();
  if (status.ok()) status = entry.before_commit(*entry.delivery);
  if (status.ok())
    end.targets = entry.delivery->commit(entry.rows);
  else
    end.targets = std::move(status);
  end.commit_begun = entry.delivery->commit_begun();
  const std::lock_guard lock(mutex_);
  entry.end = std::move(end);
  entry.done = true;
  holds_ = holds_ || !entry.end.targets;
  next_turn();
  changed_.notify_all();
}

bool DeliveryLine::ended() const {
  const std::lock_guard lock(mutex_);
  return !entries_.empty() && entries_.front()->done;
}

DeliveryLine::End DeliveryLine::take(const std::stop_token& stop) {
  std::unique_ptr<Entry> entry;
  {
    std::unique_lock lock(mutex_);
    auto& first = *entries_.front();
    changed_.wait(lock, stop, [&] { return first.done; });
    if (!first.done && !first.working) first.dropped = true;
    changed_.notify_all();
  }
  entries_.front()->thread.join();
  const std::lock_guard lock(mutex_);
  entry = std::move(entries_.front());
  entries_.pop_front();
  if (entry->done) return std::move(entry->end);
  holds_ = true;
  return {Status(Code::cancelled, "stopped before commit"), false};
}

void DeliveryLine::go_on() {
  const std::lock_guard lock(mutex_);
  holds_ = false;
  next_turn();
}

void DeliveryLine::drop() {
  {
    const std::lock_guard lock(mutex_);
    for (const auto& entry : entries_) entry->dropped = true;
    changed_.notify_all();
  }
  for (const auto& entry : entries_) entry->thread.join();
  entries_.clear();
  holds_ = false;
}

}  // namespace qonduit::pipeline

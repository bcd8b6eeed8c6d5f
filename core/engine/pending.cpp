#include "core/engine/pending.hpp"

#include <atomic>
#include <utility>

#include "core/engine/calls.hpp"

namespace qonduit::engine {

void Arrivals::notify() {
  const std::lock_guard lock(mutex_);
  ++count_;
  arrived_.notify_all();
}

bool Arrivals::wait(const std::function<bool()>& done, const std::stop_token& stop) {
  if (done()) return true;
  ++waits_;
  while (true) {
    std::unique_lock lock(mutex_);
    const auto seen = count_;
    lock.unlock();
    if (round_ && !in_round_) {
      in_round_ = true;
      round_();
      in_round_ = false;
    }
    if (done()) return true;
    lock.lock();
    if (!arrived_.wait(lock, stop, [&] { return count_ != seen; })) return false;
  }
}

// Shared with the completions, which may come when nobody waits any more.
struct Pending::State {
  State(std::size_t calls, std::function<void(std::size_t)> listener) : missing(calls), replies(calls), arrived(std::move(listener)) {}
  std::atomic<std::size_t> missing;
  std::vector<Reply> replies;  // each written once, before missing is counted down
  std::function<void(std::size_t)> arrived;
};

Pending::Pending(Calls& engine, std::vector<Call> calls, std::function<void(std::size_t)> arrived)
    : engine_(&engine), state_(std::make_shared<State>(calls.size(), std::move(arrived))) {
  ids_.reserve(calls.size());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    auto& call = calls[i];
    ids_.push_back(engine.send(call.handle, std::move(call.method), std::move(call.params_json),
                               [state = state_, arrivals = engine.arrivals(), i](Reply reply) {
                                 if (state->arrived) state->arrived(i);
                                 state->replies[i] = std::move(reply);
                                 if (state->missing.fetch_sub(1, std::memory_order_acq_rel) == 1) arrivals->notify();
                               }));
  }
}

bool Pending::complete() const { return !state_ || state_->missing.load(std::memory_order_acquire) == 0; }

std::vector<Reply> Pending::take() {
  if (!state_) return {};
  engine_->arrivals()->wait([this] { return complete(); });
  return std::move(std::exchange(state_, nullptr)->replies);
}

void Pending::cancel() {
  if (complete()) return;
  for (const auto id : ids_) engine_->cancel(id);
}

std::vector<Reply> call_all(Calls& engine, std::vector<Call> calls) { return Pending(engine, std::move(calls)).take(); }

}  // namespace qonduit::engine

#include "amqp_publisher.hpp"

#include <qonduit/log.hpp>

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

namespace qonduit::amqp {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{100}, kLongestPause{5'000};
constexpr milliseconds kLook{200};      // how long one wait for the broker's words is
constexpr std::size_t kLookEvery = 64;  // messages

// Between half and all of it: hosts that lost the same broker do not come back at once.
milliseconds jittered(milliseconds pause) {
  static thread_local std::mt19937 random{std::random_device()()};
  return milliseconds(std::uniform_int_distribution<std::int64_t>(pause.count() / 2, pause.count())(random));
}

}  // namespace

Status AmqpPublisher::probe() {
  if (connection_) return {};
  auto status = try_each_endpoint();
  connection_.reset();
  return status;
}

Status AmqpPublisher::open(const queue::Destination& destination, OnRefused on_refused) {
  sent_.clear();
  confirmed_ = 0;
  refusal_ = {};
  routing_key_ = destination.name;
  properties_ = Properties(destination.headers, destination.rows_header);
  on_refused_ = std::move(on_refused);
  progress_ = away_since_ = Clock::now();
  // A connection that was idle may be gone, and its channel with it.
  if (connection_) {
    while (true) {
      auto event = connection_->next(milliseconds(0));
      if (!event) connection_.reset();
      if (!event || !*event) break;
      if (auto status = handle(**event); !status.ok()) return status;
    }
  }
  if (connection_) {
    auto status = connection_->declare(options_, routing_key_);
    if (status.ok()) return {};
    connection_.reset();
    if (!retryable(status.code())) return status;
  }
  return connect(options_.connect_wait);
}

Status AmqpPublisher::connect(milliseconds patience) {
  const auto until = Clock::now() + patience;
  for (auto pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
    auto status = try_each_endpoint();
    if (status.ok()) status = prepare();
    if (status.ok()) return {};
    connection_.reset();
    const auto now = Clock::now();
    if (!refusal_.ok() || !retryable(status.code()) || now >= until) return status;
    log::warn("the broker was not reached", {{"reason", status.message()}});
    const auto wait = std::min<Clock::duration>(jittered(pause), until - now);
    if (!Context::current().pause(std::chrono::duration_cast<milliseconds>(wait))) return told_to_stop();
  }
}

Status AmqpPublisher::try_each_endpoint() {
  Status status;
  for (std::size_t tried = 0; tried < endpoints_.size(); ++tried) {
    const auto& endpoint = endpoints_[endpoint_];
    auto connection = Connection::open(options_, endpoint);
    if (connection) {
      connection_ = std::move(*connection);
      next_tag_ = 1;
      blocked_.clear();
      return {};
    }
    // The first that a person must see to, if any: the others may only be down.
    if (status.ok() || (retryable(status.code()) && !retryable(connection.error().code()))) status = std::move(connection).error();
    endpoint_ = (endpoint_ + 1) % endpoints_.size();
  }
  return status;
}

Status AmqpPublisher::prepare() {
  if (confirmed_ > 0) {
    auto status = connection_->expect_queue(options_, routing_key_);
    if (status.code() == Code::not_found) {
      refusal_ = {Code::unavailable, "the broker lost the queue, and " + std::to_string(confirmed_) +
                                         " messages of this delivery that it had confirmed: " + status.message()};
      return refusal_;
    }
    if (!status.ok()) return status;
  }
  return connection_->declare(options_, routing_key_);
}

// A source that is slow, and a connection that its silence has cost, are no broker that does not confirm.
template <typename Call>
Status AmqpPublisher::on_our_time(const Call& call) {
  progress_ += Clock::now() - away_since_;
  auto status = call();
  away_since_ = Clock::now();
  return status;
}

Status AmqpPublisher::publish(const queue::Message& message) {
  return on_our_time([&] { return accept(message); });
}

Status AmqpPublisher::flush() {
  return on_our_time([&] { return settle_all(); });
}

Status AmqpPublisher::accept(const queue::Message& message) {
  while (refusal_.ok() && full()) {
    if (auto status = step(kLook); !status.ok()) return status;
  }
  if (!refusal_.ok()) return refusal_;
  if (sent_.empty()) progress_ = Clock::now();
  sent_.add(message);
  if (auto status = send(); !status.ok()) return status;
  return ++since_look_ < kLookEvery ? Status() : step(milliseconds(0));
}

bool AmqpPublisher::full() const {
  return sent_.count() >= static_cast<std::size_t>(options_.window) || sent_.bytes() >= options_.window_size.count;
}

Status AmqpPublisher::send() {
  if (nacked_) return {};
  while (connection_ && blocked_.empty()) {
    auto* entry = sent_.unsent();
    if (entry == nullptr) return {};
    auto status = connection_->publish(options_.exchange, routing_key_, properties_.of(entry->message()), entry->body);
    if (status.ok()) {
      sent_.sent(next_tag_++);
    } else if (status = recover(std::move(status)); !status.ok()) {
      return status;
    }
  }
  return {};
}

Status AmqpPublisher::settle_all() {
  while (refusal_.ok() && !sent_.empty()) {
    if (auto status = step(kLook); !status.ok()) return status;
  }
  return refusal_;
}

Status AmqpPublisher::step(milliseconds wait) {
  since_look_ = 0;
  while (connection_) {
    auto event = connection_->next(wait);
    if (!event) {
      if (auto status = recover(std::move(event).error()); !status.ok()) return status;
      break;
    }
    if (!*event) break;
    if (auto status = handle(**event); !status.ok()) return status;
    wait = milliseconds(0);
  }
  // A whole look without a word has passed since something was not taken: it is tried again.
  if (wait > milliseconds(0)) nacked_ = false;
  if (!refusal_.ok()) return refusal_;
  if (Context::current().cancelled()) return told_to_stop();
  if (auto status = send(); !status.ok()) return status;
  if (sent_.empty() || Clock::now() - progress_ < options_.retry_for) return {};
  return too_late(!blocked_.empty() ? "it is blocked: " + blocked_ : "it is connected");
}

Status AmqpPublisher::handle(const Event& event) {
  switch (event.kind) {
    case Event::Kind::ack:
    case Event::Kind::nack: {
      const bool confirmed = event.kind == Event::Kind::ack;
      if (!event.multiple) {
        auto* entry = sent_.find(event.tag);
        return entry == nullptr ? Status() : settle(*entry, confirmed);
      }
      for (auto* entry = sent_.oldest(event.tag); entry != nullptr; entry = sent_.oldest(event.tag)) {
        if (auto status = settle(*entry, confirmed); !status.ok()) return status;
      }
      return {};
    }
    case Event::Kind::returned:
      if (auto* entry = sent_.find_id(event.message_id)) entry->returned = event.reason;
      return {};
    case Event::Kind::blocked:
      blocked_ = event.reason.empty() ? "no reason given" : event.reason;
      log::warn("the broker takes no messages", {{"broker", connection_->name()}, {"reason", blocked_}});
      return {};
    case Event::Kind::unblocked:
      blocked_.clear();
      progress_ = Clock::now();
      log::info("the broker takes messages again", {{"broker", connection_->name()}});
      return {};
  }
  return {};
}

Status AmqpPublisher::settle(SentMessages::Entry& entry, bool confirmed) {
  if (!confirmed) {
    // The queue is full, or its process failed: another try may find it better.
    nacked_ = true;
    sent_.again(entry);
    return {};
  }
  progress_ = Clock::now();
  if (entry.returned.empty())
    ++confirmed_;
  else
    refusal_ = on_refused_({entry.message(), target(), "unroutable: " + entry.returned});
  sent_.settle(entry);
  return refusal_;
}

Status AmqpPublisher::recover(Status lost) {
  connection_.reset();
  blocked_.clear();
  if (Context::current().cancelled()) return told_to_stop();
  if (!retryable(lost.code())) return lost;
  const auto left = options_.retry_for - std::chrono::duration_cast<milliseconds>(Clock::now() - progress_);
  if (left <= milliseconds(0)) return too_late(lost.message());
  log::warn("the connection to the broker was lost", {{"reason", lost.message()}, {"unconfirmed", std::to_string(sent_.count())}});
  if (auto status = connect(left); !status.ok()) return status;
  sent_.reconnect();
  log::info("connected to the broker again", {{"broker", connection_->name()}, {"unconfirmed", std::to_string(sent_.count())}});
  return {};
}

Status AmqpPublisher::told_to_stop() const {
  return {Code::cancelled, "stopped with " + std::to_string(sent_.count()) + " messages that " + target() + " had not confirmed"};
}

Status AmqpPublisher::too_late(const std::string& why) const {
  return {Code::unavailable, "nothing was confirmed by " + target() +
                                 " for retry-for = " + std::to_string(options_.retry_for.count() / 1000) + " s, " +
                                 std::to_string(sent_.count()) + " messages are open; " + why};
}

void AmqpPublisher::drop() noexcept {
  // Over this connection the broker could still take them, and later messages would stand behind them.
  if (!sent_.empty()) connection_.reset();
  sent_.clear();
  blocked_.clear();
  nacked_ = false;
}

std::string AmqpPublisher::target() const { return target_of(routing_key_); }

std::string AmqpPublisher::target_of(const std::string& name) const {
  return (options_.exchange.empty() ? "queue '" : "exchange '" + options_.exchange + "', routing key '") + name + "' at " +
         (connection_ ? connection_->name() : endpoints_[endpoint_].name());
}

}  // namespace qonduit::amqp

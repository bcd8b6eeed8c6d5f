// Messages to RabbitMQ: a window of them unconfirmed, sent again in their order over another connection when one is lost. Confirmations may
// come in any order and for several at once; what the broker returns as unroutable it confirms as well, and is refused for good. While the
// broker says that it is blocked, nothing is sent. A broker that comes back without the queue has lost what it confirmed (RabbitMQ 3.10
// that is killed within a second of a queue's declaration does, though it is durable): the delivery fails, and is whole at the next
// attempt.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "amqp_options.hpp"
#include "connection.hpp"
#include "endpoint.hpp"
#include "plugins/sinks/queue/core/publisher.hpp"
#include "sent_messages.hpp"

namespace qonduit::amqp {

class AmqpPublisher final : public queue::Publisher {
 public:
  AmqpPublisher(const AmqpOptions& options, std::vector<Endpoint> endpoints) : options_(options), endpoints_(std::move(endpoints)) {}

  Status probe() override;
  Status open(const queue::Destination& destination, OnRefused on_refused) override;
  Status publish(const queue::Message& message) override;
  Status flush() override;
  [[nodiscard]] bool connected() const override { return connection_ != nullptr && blocked_.empty(); }
  void drop() noexcept override;
  [[nodiscard]] std::string target() const override;
  [[nodiscard]] std::string target_of(const std::string& name) const override;

 private:
  using Clock = std::chrono::steady_clock;

  // Time outside of calls does not count as time without a confirmation.
  template <typename Call>
  Status on_our_time(const Call& call);
  Status accept(const queue::Message& message);
  Status settle_all();
  // Tries the endpoints in turn until one lets us in, or the time is over.
  Status connect(std::chrono::milliseconds patience);
  Status try_each_endpoint();
  // The queue of the delivery over the connection: made as the options ask for, but not when it held messages of this delivery before.
  Status prepare();
  // Sends what is unsent, as far as the broker takes it.
  Status send();
  // Takes the broker's words, waiting for the first of them at most this long; over a lost connection, connects again.
  Status step(std::chrono::milliseconds wait);
  Status handle(const Event& event);
  Status settle(SentMessages::Entry& entry, bool confirmed);
  Status recover(Status lost);
  [[nodiscard]] bool full() const;
  [[nodiscard]] Status told_to_stop() const;
  [[nodiscard]] Status too_late(const std::string& why) const;

  AmqpOptions options_;
  std::vector<Endpoint> endpoints_;
  std::size_t endpoint_ = 0;  // the next to try
  std::string routing_key_;
  Properties properties_;
  OnRefused on_refused_;
  std::unique_ptr<Connection> connection_;
  std::uint64_t next_tag_ = 1;
  std::uint64_t confirmed_ = 0;  // messages of this delivery
  SentMessages sent_;
  std::size_t since_look_ = 0;    // messages sent since the broker's words were taken
  std::string blocked_;           // why the broker takes nothing; empty: it does
  bool nacked_ = false;           // something is to be sent again, not at once
  Clock::time_point progress_;    // when the broker last confirmed something, or had nothing to confirm
  Clock::time_point away_since_;  // when the last call ended
  Status refusal_;                // why the run fails
};

}  // namespace qonduit::amqp

// The sink: rows to RabbitMQ, delivered when it has confirmed them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "amqp_options.hpp"
#include "plugins/sinks/queue/core/queue_sink.hpp"

namespace qonduit::amqp {

class AmqpSink final : public queue::QueueSink {
 public:
  static Result<std::unique_ptr<AmqpSink>> create(AmqpOptions options);

 private:
  using QueueSink::QueueSink;
  [[nodiscard]] std::string broker_name(std::string_view text, Hash hash) const override;
};

}  // namespace qonduit::amqp

// The sink: rows to RabbitMQ, delivered when it has confirmed them.
#pragma once

#include <memory>

#include "amqp_options.hpp"
#include "plugins/sinks/queue/core/queue_sink.hpp"

namespace qonduit::amqp {

class AmqpSink final : public queue::QueueSink {
 public:
  static Result<std::unique_ptr<AmqpSink>> create(AmqpOptions options);

 private:
  using QueueSink::QueueSink;
};

}  // namespace qonduit::amqp

#include <qonduit/plugin.hpp>

#include "amqp_sink.hpp"

QONDUIT_PLUGIN("amqp", "0.1.0",
               qonduit::sink<qonduit::amqp::AmqpSink, qonduit::amqp::kOptions>(
                   "amqp", "Messages to RabbitMQ (AMQP 0-9-1): persistent, confirmed by the broker, sent again when in doubt."))

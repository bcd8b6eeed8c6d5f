#include <qonduit/plugin.hpp>

#include "kafka_sink.hpp"

QONDUIT_PLUGIN("kafka", "0.1.0",
               qonduit::sink<qonduit::kafka::KafkaSink, qonduit::kafka::kOptions>(
                   "kafka", "Messages to Apache Kafka: idempotent, acknowledged by all in-sync replicas, by option in one transaction."))

// The sink: rows to Kafka, delivered when all in-sync replicas have them.
#pragma once

#include <memory>
#include <string>

#include "kafka_options.hpp"
#include "plugins/sinks/queue/core/queue_sink.hpp"

namespace qonduit::kafka {

class KafkaSink final : public queue::QueueSink {
 public:
  static Result<std::unique_ptr<KafkaSink>> create(KafkaOptions options);

 private:
  using QueueSink::QueueSink;
  [[nodiscard]] Result<std::string> destination_name(const Run& run) const override;
};

}  // namespace qonduit::kafka

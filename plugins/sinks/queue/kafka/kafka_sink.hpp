// The sink: rows to Kafka, delivered when all in-sync replicas have them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "kafka_options.hpp"
#include "plugins/sinks/queue/core/queue_sink.hpp"

namespace qonduit::kafka {

class KafkaSink final : public queue::QueueSink {
 public:
  static Result<std::unique_ptr<KafkaSink>> create(KafkaOptions options);

 private:
  using QueueSink::QueueSink;
  [[nodiscard]] std::string broker_name(std::string_view text, Hash hash) const override;
  [[nodiscard]] bool holds(std::string_view value) const override;
  [[nodiscard]] std::string compared(std::string_view name) const override;
};

}  // namespace qonduit::kafka

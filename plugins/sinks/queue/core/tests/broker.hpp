// Where a broker would be: what a sink published, as it came.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sinks/queue/core/queue_sink.hpp"
#include "plugins/sinks/queue/testing/consumer.hpp"

namespace qonduit::queue {

struct Broker {
  Destination destination;
  std::vector<queue::testing::Delivered> messages;
  std::vector<std::optional<std::string>> keys;
  std::vector<std::string> content_types, ops;
  std::vector<bool> tombstones;
  std::size_t flushed = 0;           // messages there were when it was last asked for all
  Status fails;                      // what publishing answers
  Status loses;                      // what flush answers, though it has them
  std::optional<std::size_t> takes;  // how many more messages it accepts before it fails
};

class ToBroker final : public Publisher {
 public:
  explicit ToBroker(Broker& broker) : broker_(broker) {}
  Status probe() override { return broker_.fails; }
  Status open(const Destination& destination, OnRefused /*on_refused*/) override {
    broker_.destination = destination;
    return {};
  }
  Status publish(const Message& message) override {
    if (broker_.takes && (*broker_.takes)-- == 0) broker_.fails = {Code::unavailable, "gone"};
    if (!broker_.fails.ok()) return broker_.fails;
    broker_.messages.push_back({std::string(message.id), std::string(to_string(message.kind)), std::string(message.body)});
    broker_.keys.push_back(message.key ? std::optional(std::string(*message.key)) : std::nullopt);
    broker_.content_types.emplace_back(message.content_type);
    broker_.ops.emplace_back(message.op);
    broker_.tombstones.push_back(message.tombstone);
    return {};
  }
  Status flush() override {
    broker_.flushed = broker_.messages.size();
    return broker_.fails.ok() ? broker_.loses : broker_.fails;
  }
  [[nodiscard]] bool connected() const override { return broker_.fails.ok(); }
  void drop() noexcept override {}
  [[nodiscard]] std::string target() const override { return "queue '" + broker_.destination.name + "'"; }

 private:
  Broker& broker_;
};

class TestSink final : public QueueSink {
 public:
  TestSink(const QueueOptions& options, Broker& broker, std::string_view name = "{title}")
      : QueueSink(options, *RunTemplate::parse("topic", name), std::make_unique<ToBroker>(broker)) {}
  using QueueSink::check;
};

}  // namespace qonduit::queue

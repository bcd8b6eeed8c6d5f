// Messages to Kafka. librdkafka keeps the window and sends again; idempotence keeps repeats out of the log and the order in it. A broker
// refuses a whole batch for one of its messages: those of a refused batch are sent once more, each alone, and only what is refused alone is
// refused. In transactions one refused message fails the delivery. After a failure of which the outcome is not known the producer is
// replaced.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "kafka_options.hpp"
#include "plugins/sinks/queue/core/kept_message.hpp"
#include "plugins/sinks/queue/core/publisher.hpp"
#include "producer.hpp"

namespace qonduit::kafka {

class KafkaPublisher final : public queue::Publisher {
 public:
  explicit KafkaPublisher(KafkaOptions options) : options_(std::move(options)) {}

  Status probe() override;
  Status open(const queue::Destination& destination, OnRefused on_refused) override;
  Status publish(const queue::Message& message) override;
  Status flush() override;
  Status commit() override;
  Status end_run(bool complete) override;
  [[nodiscard]] bool whole_run() const override { return options_.atomic == Atomic::run; }
  [[nodiscard]] bool takes_back() const override { return transactional(); }
  [[nodiscard]] bool connected() const override { return producer_ != nullptr && !producer_->all_down() && producer_->fatal().ok(); }
  void drop() noexcept override;
  [[nodiscard]] std::string target() const override;
  [[nodiscard]] std::string target_of(const std::string& name) const override;

 private:
  struct HeadersDeleter {
    void operator()(rd_kafka_headers_t* headers) const { rd_kafka_headers_destroy(headers); }
  };
  using Headers = std::unique_ptr<rd_kafka_headers_t, HeadersDeleter>;

  [[nodiscard]] bool transactional() const { return options_.delivery == Guarantee::transactional; }
  Status connect(const std::string& transactional_id);
  Status make_topic();
  Status begin_transaction(const std::string& run);
  Status commit_transaction();
  Status send(const queue::Message& message, bool alone);
  [[nodiscard]] Headers headers_of(const queue::Message& message) const;
  void settle(const rd_kafka_message_t& report);
  // Each message of refused batches, alone.
  Status send_alone();
  // Why nothing goes on; ok: it does.
  Status state();
  // Waits until every message has its report.
  Status settle_all();

  KafkaOptions options_;
  std::unique_ptr<Producer> producer_;
  std::string transactional_id_;  // of the producer
  std::string topic_;
  Headers common_;
  bool rows_header_ = true, content_type_header_ = true;
  OnRefused on_refused_;
  std::deque<queue::KeptMessage> refused_batches_;
  std::uint64_t sent_ = 0, reported_ = 0;  // of this delivery
  std::size_t since_look_ = 0;
  Status failure_;      // the first message that was not delivered
  bool spent_ = false;  // the producer's outcome is not known: it is not used again

  bool in_transaction_ = false;
  std::string run_;             // of the transaction
  std::size_t deliveries_ = 0;  // committed into it
  std::string lost_run_;        // whose transaction was aborted with deliveries in it
};

}  // namespace qonduit::kafka

// A producer of librdkafka, and what it says in our words. Callbacks come within poll(), in the caller's thread. What librdkafka cannot
// mend it says once; then the producer is of no use any more (fatal()), and another is made. One thread.
#pragma once

#include <librdkafka/rdkafka.h>
#include <qonduit/status.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "kafka_options.hpp"

namespace qonduit::kafka {

// bad_data: the message, or the batch it was in, is refused for good. unavailable: worth another attempt.
[[nodiscard]] Code code_of(rd_kafka_resp_err_t error, std::string_view words = {});

class Producer {
 public:
  // What became of a message: its err, and all it holds.
  using OnReport = std::function<void(const rd_kafka_message_t&)>;

  static Result<std::unique_ptr<Producer>> create(const KafkaOptions& options, const std::string& transactional_id, OnReport on_report);
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;
  ~Producer();

  // The topic is there and each partition has a leader. not_found when it is not; unauthenticated, forbidden when we are not let in;
  // unavailable when nothing was reached within the time. An empty topic: a broker is reached.
  Status reach(const std::string& topic, std::chrono::milliseconds patience);
  // ok as well when it is there.
  Status make_topic(const KafkaOptions& options, const std::string& topic);

  // Where what follows goes.
  void use_topic(const std::string& topic);
  // Hands a message over, copied. __QUEUE_FULL: as many are open as may be. Takes the headers where it answers no error. REQUIRES: a topic.
  rd_kafka_resp_err_t produce(std::string_view body, bool tombstone, const std::string_view* key, rd_kafka_headers_t* headers,
                              std::uint64_t tag);
  void poll(std::chrono::milliseconds wait) { rd_kafka_poll(handle_, static_cast<int>(wait.count())); }
  // Messages without a report.
  [[nodiscard]] int open() const { return rd_kafka_outq_len(handle_); }

  Status init_transactions(std::chrono::milliseconds patience);
  Status begin_transaction();
  // unavailable: not committed, or not known to be; the transaction must be aborted.
  Status commit_transaction(std::chrono::milliseconds patience);
  Status abort_transaction(std::chrono::milliseconds patience);

  // Why the producer is of no use any more; ok: it is of use.
  [[nodiscard]] Status fatal() const;
  // What was last wrong with the connections; empty: nothing, or not since the last report.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  [[nodiscard]] bool all_down() const { return all_down_; }

 private:
  struct TopicDeleter {
    void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
  };
  using Topic = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;

  Producer(OnReport on_report, std::string transactional_id)
      : on_report_(std::move(on_report)), transactional_id_(std::move(transactional_id)) {}
  void on_report(const rd_kafka_message_t& message);
  void on_error(rd_kafka_resp_err_t error, const char* why);
  [[nodiscard]] Status failed(rd_kafka_resp_err_t error, const std::string& what, const char* why) const;
  Status ask(const std::string& what, std::chrono::milliseconds patience, const std::function<rd_kafka_error_t*(int)>& call);
  Status look(const std::string& topic, std::chrono::milliseconds wait);

  OnReport on_report_;
  std::string transactional_id_;
  bool scram_ = false;
  rd_kafka_t* handle_ = nullptr;
  Topic topic_;
  std::string trouble_;
  Status not_let_in_;  // what a person must see to
  bool all_down_ = false;
};

}  // namespace qonduit::kafka

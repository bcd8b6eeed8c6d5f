#include "kafka_publisher.hpp"

#include <qonduit/log.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace qonduit::kafka {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLookEvery = 64;  // messages
constexpr milliseconds kLook{100}, kTopicKnown{30'000};
constexpr const char *kId = "qonduit-id", *kType = "qonduit-type", *kContentType = "content-type", *kOp = "qonduit-op";

// What a report needs to know and the message does not hold.
std::uint64_t tag_of(const queue::Message& message, bool alone) {
  return message.rows << 2 | (message.kind == queue::MessageKind::marker ? 2u : 0u) | (alone ? 1u : 0u);
}

std::string replaced(std::string text, std::string_view token, std::string_view value) {
  for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at + value.size())) text.replace(at, token.size(), value);
  return text;
}

void add(rd_kafka_headers_t* headers, std::string_view name, std::string_view value) {
  rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(), static_cast<ssize_t>(value.size()));
}

std::string_view header(const rd_kafka_message_t& message, const char* name) {
  rd_kafka_headers_t* headers = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR ||
      rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return {};
  return {static_cast<const char*>(value), size};
}

// The message of a report, borrowed from it.
queue::Message message_of(const rd_kafka_message_t& report) {
  const auto tag = reinterpret_cast<std::uint64_t>(report._private);
  queue::Message message;
  message.kind = (tag & 2u) != 0 ? queue::MessageKind::marker : queue::MessageKind::row;
  message.id = header(report, kId);
  if (report.key != nullptr) message.key = std::string_view(static_cast<const char*>(report.key), report.key_len);
  if (report.payload != nullptr) message.body = {static_cast<const char*>(report.payload), report.len};
  message.content_type = header(report, kContentType);
  message.rows = tag >> 2;
  message.tombstone = report.payload == nullptr;
  message.op = header(report, kOp);
  return message;
}

}  // namespace

Status KafkaPublisher::probe() {
  auto producer = Producer::create(options_, {}, [](const rd_kafka_message_t&) {});
  if (!producer) return std::move(producer).error();
  return (*producer)->reach({}, milliseconds(0));
}

Status KafkaPublisher::open(const queue::Destination& destination, OnRefused on_refused) {
  failure_ = {};
  refused_batches_.clear();
  sent_ = reported_ = 0;
  topic_ = destination.name;
  on_refused_ = std::move(on_refused);
  rows_header_ = destination.rows_header;
  content_type_header_ = destination.content_type_header;
  common_.reset(rd_kafka_headers_new(destination.headers.size()));
  for (const auto& [name, value] : destination.headers) add(common_.get(), name, value);
  const auto id = transactional() ? replaced(options_.transactional_id, "{pipeline}", destination.pipeline) : std::string();
  if (producer_ && (spent_ || !producer_->fatal().ok() || transactional_id_ != id)) {
    drop();
    producer_.reset();
  }
  if (transactional() && !lost_run_.empty() && lost_run_ == destination.run) {
    return {Code::unavailable, "the transaction of this run was aborted with deliveries in it (atomic = run): the run must be made again"};
  }
  if (!producer_) {
    if (auto status = connect(id); !status.ok()) return status;
  }
  auto status = producer_->reach(topic_, options_.connect_wait);
  if (status.code() == Code::not_found && options_.create_topic) status = make_topic();
  if (status.ok() && transactional()) status = begin_transaction(destination.run);
  if (status.ok()) producer_->use_topic(topic_);
  return status;
}

Status KafkaPublisher::make_topic() {
  const auto until = std::chrono::steady_clock::now() + std::max(options_.connect_wait, kTopicKnown);
  while (true) {
    // A broker that dies meanwhile may have made it, or not: asked again, it says that it is there.
    auto made = producer_->make_topic(options_, topic_);
    if (!made.ok() && !retryable(made.code())) return made;
    auto status = producer_->reach(topic_, options_.connect_wait);
    // Brokers learn of it one after the other.
    while (made.ok() && status.code() == Code::not_found && std::chrono::steady_clock::now() <= until) {
      producer_->poll(kLook);
      status = producer_->reach(topic_, options_.connect_wait);
    }
    if (status.code() != Code::not_found) return status;
    if (Context::current().cancelled()) return {Code::cancelled, "stopped while the topic was made: " + status.message()};
    if (std::chrono::steady_clock::now() > until) return made.ok() ? status : made;
    producer_->poll(kLook);
  }
}

Status KafkaPublisher::connect(const std::string& transactional_id) {
  auto producer = Producer::create(options_, transactional_id, [this](const rd_kafka_message_t& report) { settle(report); });
  if (!producer) return std::move(producer).error();
  // Before anything is asked: who is not let in learns it here.
  if (auto status = (*producer)->reach({}, options_.connect_wait); !status.ok()) return status;
  if (!transactional_id.empty()) {
    if (auto status = (*producer)->init_transactions(options_.connect_wait); !status.ok()) return status;
  }
  producer_ = std::move(*producer);
  transactional_id_ = transactional_id;
  spent_ = in_transaction_ = false;
  return {};
}

Status KafkaPublisher::begin_transaction(const std::string& run) {
  if (in_transaction_ && run_ == run) return {};
  // Of a run that nobody ended.
  if (in_transaction_) drop();
  if (!producer_) {
    if (auto status = connect(transactional_id_); !status.ok()) return status;
  }
  auto status = producer_->begin_transaction();
  in_transaction_ = status.ok();
  run_ = run;
  deliveries_ = 0;
  lost_run_.clear();
  return status;
}

KafkaPublisher::Headers KafkaPublisher::headers_of(const queue::Message& message) const {
  Headers headers(rd_kafka_headers_copy(common_.get()));
  add(headers.get(), kId, message.id);
  if (message.kind == queue::MessageKind::marker) add(headers.get(), kType, to_string(message.kind));
  if (content_type_header_ && !message.content_type.empty()) add(headers.get(), kContentType, message.content_type);
  if (!message.op.empty()) add(headers.get(), kOp, message.op);
  if (rows_header_) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, message.rows).ptr;
    add(headers.get(), "qonduit-rows", {digits, static_cast<std::size_t>(end - digits)});
  }
  return headers;
}

Status KafkaPublisher::publish(const queue::Message& message) {
  if (refused_batches_.size() >= static_cast<std::size_t>(options_.window)) {
    if (auto status = flush(); !status.ok()) return status;
  }
  return send(message, false);
}

Status KafkaPublisher::send(const queue::Message& message, bool alone) {
  auto headers = headers_of(message);
  const auto* key = message.key ? &*message.key : nullptr;
  while (true) {
    if (++since_look_ >= kLookEvery) {
      producer_->poll(milliseconds(0));
      since_look_ = 0;
    }
    if (auto status = state(); !status.ok()) return status;
    const auto error = producer_->produce(message.body, message.tombstone, key, headers.get(), tag_of(message, alone));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      static_cast<void>(headers.release());
      ++sent_;
      return {};
    }
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      producer_->poll(kLook);
      continue;
    }
    const std::string why = rd_kafka_err2str(error);
    if (code_of(error) == Code::bad_data && !transactional()) return on_refused_({message, target(), why});
    return {code_of(error), "cannot send message " + std::string(message.id) + " to " + target() + ": " + why};
  }
}

void KafkaPublisher::settle(const rd_kafka_message_t& report) {
  ++reported_;
  if (report.err == RD_KAFKA_RESP_ERR_NO_ERROR || report.err == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
      report.err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT || !failure_.ok())
    return;
  const auto code = code_of(report.err);
  const auto message = message_of(report);
  const std::string why = rd_kafka_err2str(report.err);
  if (code == Code::bad_data && !transactional()) {
    const bool alone = (reinterpret_cast<std::uint64_t>(report._private) & 1u) != 0;
    if (alone)
      failure_ = on_refused_({message, target(), why});
    else
      refused_batches_.emplace_back().keep(message);
    return;
  }
  spent_ = true;
  failure_ = {code, "message " + std::string(message.id) + " was not confirmed by " + target() + ": " + why};
  if (report.err == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT) {
    failure_ = {code,
                "nothing was confirmed by " + target() + " for retry-for = " + std::to_string(options_.retry_for.count() / 1000) + " s"};
  }
  if (!producer_->trouble().empty()) failure_ = {code, failure_.message() + "; " + producer_->trouble()};
}

Status KafkaPublisher::state() {
  // The messages that are in the producer's queue are purged with it.
  if (Context::current().cancelled()) {
    spent_ = true;
    return {Code::cancelled, "stopped with " + std::to_string(producer_->open()) + " messages that " + target() + " had not confirmed"};
  }
  // The producer's end says more than what it made of a message.
  if (auto status = producer_->fatal(); !status.ok()) {
    spent_ = true;
    return status;
  }
  return failure_;
}

Status KafkaPublisher::settle_all() {
  while (state().ok() && producer_->open() > 0) producer_->poll(kLook);
  if (auto status = state(); !status.ok() || reported_ == sent_) return status;
  return {Code::internal,
          "of " + std::to_string(sent_) + " messages to " + target() + ", " + std::to_string(reported_) + " were reported on"};
}

Status KafkaPublisher::flush() {
  if (auto status = settle_all(); !status.ok()) return status;
  return send_alone();
}

Status KafkaPublisher::send_alone() {
  while (!refused_batches_.empty()) {
    const auto kept = std::move(refused_batches_.front());
    refused_batches_.pop_front();
    auto status = send(kept.message(), true);
    if (status.ok()) status = settle_all();
    if (!status.ok()) return status;
  }
  return {};
}

Status KafkaPublisher::commit() {
  if (!transactional()) return {};
  ++deliveries_;
  return options_.atomic == Atomic::run ? Status() : commit_transaction();
}

Status KafkaPublisher::end_run(bool complete) {
  if (!transactional() || options_.atomic != Atomic::run) return {};
  if (!lost_run_.empty()) {
    lost_run_.clear();
    if (!complete) return {};
    return {Code::unavailable, "the transaction of the run was aborted with deliveries in it: nothing of the run is visible"};
  }
  if (!in_transaction_) return {};
  if (complete) return commit_transaction();
  drop();
  lost_run_.clear();
  return {};
}

Status KafkaPublisher::commit_transaction() {
  in_transaction_ = false;
  auto status = producer_->commit_transaction(options_.retry_for);
  // The next producer aborts what is open under its id.
  if (!status.ok()) producer_.reset();
  return std::move(status).within(target());
}

void KafkaPublisher::drop() noexcept {
  refused_batches_.clear();
  if (in_transaction_) {
    if (deliveries_ > 0) lost_run_ = run_;
    in_transaction_ = false;
    deliveries_ = 0;
    // A producer that failed cannot abort; the next one under its id does, and the broker after transaction-timeout.
    // Reports that are still to come would be taken for those of the next delivery.
    if (!spent_ && producer_->fatal().ok() && producer_->abort_transaction(options_.retry_for).ok() && producer_->open() == 0) return;
    producer_.reset();
  } else if (producer_ && (spent_ || producer_->open() > 0)) {
    producer_.reset();
  }
}

std::string KafkaPublisher::target() const { return target_of(topic_); }

std::string KafkaPublisher::target_of(const std::string& name) const {
  return "topic '" + name + "' at " + list_text(options_.bootstrap_servers);
}

}  // namespace qonduit::kafka

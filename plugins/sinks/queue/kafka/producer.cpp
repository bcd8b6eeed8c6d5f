#include "producer.hpp"

#include <qonduit/log.hpp>

#include <algorithm>
#include <utility>

#include "client_settings.hpp"

namespace qonduit::kafka {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kSlice{200};           // of waiting, between which callbacks are taken
constexpr milliseconds kFirstAnswer{10'000};  // how long a broker that does not refuse the connection may think, at least

int count(milliseconds time) { return static_cast<int>(time.count()); }

struct QueueDeleter {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};

struct EventDeleter {
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};

struct NewTopicDeleter {
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
};

struct AdminOptionsDeleter {
  void operator()(rd_kafka_AdminOptions_t* options) const { rd_kafka_AdminOptions_destroy(options); }
};

}  // namespace

Code code_of(rd_kafka_resp_err_t error, std::string_view words) {
  const auto says = [words](std::string_view word) { return words.find(word) != std::string_view::npos; };
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE: return Code::unauthenticated;
    // A broker that dies in the handshake is one that is down.
    case RD_KAFKA_RESP_ERR__SSL: return says("certificate") || says("alert") ? Code::unauthenticated : Code::unavailable;
    // Where the handshake fails at once, librdkafka says OpenSSL's words of a connection that was not made.
    case RD_KAFKA_RESP_ERR__TRANSPORT:
      return says("SSL routines") && (says("certificate") || says("alert")) ? Code::unauthenticated : Code::unavailable;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH: return Code::forbidden;
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: return Code::not_found;
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
    case RD_KAFKA_RESP_ERR__INVALID_ARG: return Code::invalid_config;
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION: return Code::unsupported;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION: return Code::bad_data;
    default: return Code::unavailable;
  }
}

Result<std::unique_ptr<Producer>> Producer::create(const KafkaOptions& options, const std::string& transactional_id, OnReport on_report) {
  auto conf = client_configuration(options, transactional_id);
  if (!conf) return std::move(conf).error();
  std::unique_ptr<Producer> producer(new Producer(std::move(on_report), transactional_id));
  producer->scram_ = options.sasl == Sasl::scram_sha_256 || options.sasl == Sasl::scram_sha_512;
  rd_kafka_conf_set_opaque(conf->get(), producer.get());
  rd_kafka_conf_set_dr_msg_cb(
      conf->get(), [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) { static_cast<Producer*>(self)->on_report(*message); });
  rd_kafka_conf_set_error_cb(conf->get(), [](rd_kafka_t*, int error, const char* why, void* self) {
    static_cast<Producer*>(self)->on_error(static_cast<rd_kafka_resp_err_t>(error), why);
  });
  rd_kafka_conf_set_log_cb(conf->get(), [](const rd_kafka_t*, int, const char* facility, const char* words) {
    log::debug("librdkafka", {{"facility", facility}, {"words", words}});
  });
  char why[512];
  // To the thread that polls, as every other callback.
  rd_kafka_conf_set(conf->get(), "log.queue", "true", why, sizeof why);
  auto* handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), why, sizeof why);
  if (handle == nullptr) return Status(Code::invalid_config, std::string("librdkafka does not start: ") + why);
  static_cast<void>(conf->release());
  producer->handle_ = handle;
  rd_kafka_set_log_queue(handle, nullptr);
  return producer;
}

Producer::~Producer() {
  if (handle_ == nullptr) return;
  topic_.reset();
  // What is not confirmed is not to be delivered later.
  rd_kafka_purge(handle_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  on_report_ = [](const rd_kafka_message_t&) {};
  rd_kafka_destroy_flags(handle_, 0);
}

void Producer::on_report(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) all_down_ = false;
  on_report_(message);
}

void Producer::on_error(rd_kafka_resp_err_t error, const char* why) {
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) all_down_ = true;
  const auto code = code_of(error, why);
  if (code == Code::unauthenticated || code == Code::forbidden) not_let_in_ = {code, why};
  // librdkafka before 2.6.1 says the nonce twice, which Kafka 4 refuses as it does a wrong password.
  constexpr int kScramMended = 0x020601ff;
  if (scram_ && error == RD_KAFKA_RESP_ERR__AUTHENTICATION && rd_kafka_version() < kScramMended) {
    not_let_in_ = {code, std::string(why) + "; the user, the password, or librdkafka " + rd_kafka_version_str() +
                             ": SCRAM with Kafka 4 needs 2.6.1 or later"};
  }
  // The words of a single broker say more than those of all of them.
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !trouble_.empty()) return;
  if (trouble_ == why) return;
  trouble_ = why;
  log::warn("a broker is in trouble", {{"reason", trouble_}});
}

Status Producer::fatal() const {
  char why[512];
  const auto error = rd_kafka_fatal_error(handle_, why, sizeof why);
  return error == RD_KAFKA_RESP_ERR_NO_ERROR ? Status() : failed(error, "the producer ended", why);
}

Status Producer::failed(rd_kafka_resp_err_t error, const std::string& what, const char* why) const {
  const auto code = code_of(error, why);
  std::string words = what + ": " + why;
  if (code == Code::forbidden && !transactional_id_.empty() && error != RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED &&
      error != RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED && error != RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED) {
    words += "; another host has taken over under the transactional id '" + transactional_id_ +
             "', or the transaction was open for longer than transaction-timeout";
  }
  if (!trouble_.empty() && trouble_ != why) words += " (" + trouble_ + ")";
  return {code, std::move(words)};
}

Status Producer::reach(const std::string& topic, milliseconds patience) {
  const auto begin = Clock::now();
  trouble_.clear();
  not_let_in_ = {};
  all_down_ = false;
  while (true) {
    auto status = look(topic, kSlice);
    poll(milliseconds(0));
    if (status.ok()) trouble_.clear();
    if (status.ok() || !retryable(status.code())) return status;
    if (Context::current().cancelled()) return {Code::cancelled, "stopped while Kafka was not reached: " + status.message()};
    if (!not_let_in_.ok()) return not_let_in_.within("cannot connect to Kafka");
    const auto spent = Clock::now() - begin;
    // Every broker was tried and none is there: more time is of no use but where patience says so.
    if (spent >= patience && (all_down_ || spent >= kFirstAnswer)) {
      return trouble_.empty() ? status : Status(Code::unavailable, "cannot connect to Kafka: " + trouble_);
    }
  }
}

Status Producer::look(const std::string& topic, milliseconds wait) {
  Topic handle;
  if (!topic.empty()) handle.reset(rd_kafka_topic_new(handle_, topic.c_str(), nullptr));
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto error = rd_kafka_metadata(handle_, 0, handle.get(), &metadata, count(wait));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (code_of(error) == Code::unavailable) poll(wait);
    return {code_of(error), std::string("cannot connect to Kafka: ") + rd_kafka_err2str(error)};
  }
  Status status;
  if (!topic.empty()) {
    const auto& found = metadata->topics[0];
    if (found.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
      status = {Code::not_found, "there is no topic '" + topic + "'; make it, or set create-topic = true"};
    } else if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      status = {code_of(found.err), "topic '" + topic + "': " + rd_kafka_err2str(found.err)};
    }
    for (int i = 0; i < found.partition_cnt && status.ok(); ++i) {
      if (found.partitions[i].leader >= 0) continue;
      status = {Code::unavailable, "topic '" + topic + "': partition " + std::to_string(found.partitions[i].id) + " has no leader"};
    }
  }
  rd_kafka_metadata_destroy(metadata);
  if (retryable(status.code())) poll(wait);
  return status;
}

Status Producer::make_topic(const KafkaOptions& options, const std::string& topic) {
  char why[512];
  const std::unique_ptr<rd_kafka_NewTopic_t, NewTopicDeleter> wish(
      rd_kafka_NewTopic_new(topic.c_str(), static_cast<int>(options.partitions), static_cast<int>(options.replication), why, sizeof why));
  if (!wish) return {Code::invalid_config, "cannot make the topic '" + topic + "': " + why};
  auto settings = parse_settings("topic-settings", options.topic_settings);
  if (!settings) return std::move(settings).error();
  for (const auto& [name, value] : *settings) rd_kafka_NewTopic_set_config(wish.get(), name.c_str(), value.c_str());

  const std::unique_ptr<rd_kafka_queue_t, QueueDeleter> queue(rd_kafka_queue_new(handle_));
  const std::unique_ptr<rd_kafka_AdminOptions_t, AdminOptionsDeleter> admin(
      rd_kafka_AdminOptions_new(handle_, RD_KAFKA_ADMIN_OP_CREATETOPICS));
  auto* topics = wish.get();
  rd_kafka_CreateTopics(handle_, &topics, 1, admin.get(), queue.get());
  const std::unique_ptr<rd_kafka_event_t, EventDeleter> event(rd_kafka_queue_poll(queue.get(), -1));
  auto error = rd_kafka_event_error(event.get());
  std::string words = error == RD_KAFKA_RESP_ERR_NO_ERROR ? "" : rd_kafka_event_error_string(event.get());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    std::size_t count = 0;
    const auto* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
    error = rd_kafka_topic_result_error(results[0]);
    if (const auto* said = rd_kafka_topic_result_error_string(results[0])) words = said;
  }
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) return {};
  const auto code = error == RD_KAFKA_RESP_ERR_POLICY_VIOLATION ? Code::invalid_config : code_of(error);
  return {code, "cannot make the topic '" + topic + "': " + words};
}

void Producer::use_topic(const std::string& topic) { topic_.reset(rd_kafka_topic_new(handle_, topic.c_str(), nullptr)); }

rd_kafka_resp_err_t Producer::produce(std::string_view body, bool tombstone, const std::string_view* key, rd_kafka_headers_t* headers,
                                      std::uint64_t tag) {
  rd_kafka_vu_t parts[6];
  parts[0].vtype = RD_KAFKA_VTYPE_RKT;
  parts[0].u.rkt = topic_.get();
  parts[1].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[1].u.i = RD_KAFKA_MSG_F_COPY;
  parts[2].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[2].u.headers = headers;
  parts[3].vtype = RD_KAFKA_VTYPE_OPAQUE;
  parts[3].u.ptr = reinterpret_cast<void*>(tag);  // NOLINT(performance-no-int-to-ptr): a number, never followed
  parts[4].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[4].u.mem = {tombstone ? nullptr : const_cast<char*>(body.data()), tombstone ? 0 : body.size()};
  std::size_t used = 5;
  if (key != nullptr) {
    parts[5].vtype = RD_KAFKA_VTYPE_KEY;
    parts[5].u.mem = {const_cast<char*>(key->data()), key->size()};
    ++used;
  }
  auto* error = rd_kafka_produceva(handle_, parts, used);
  if (error == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const auto code = rd_kafka_error_code(error);
  rd_kafka_error_destroy(error);
  return code;
}

Status Producer::ask(const std::string& what, milliseconds patience, const std::function<rd_kafka_error_t*(int)>& call) {
  const auto until = Clock::now() + patience;
  while (true) {
    auto* error = call(count(std::max(kSlice, std::chrono::duration_cast<milliseconds>(until - Clock::now()))));
    poll(milliseconds(0));
    if (error == nullptr) return {};
    const bool again = rd_kafka_error_is_retriable(error) != 0 && rd_kafka_error_txn_requires_abort(error) == 0;
    auto status = failed(rd_kafka_error_code(error), what, rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    if (!again || Clock::now() >= until) return status;
    if (Context::current().cancelled()) return {Code::cancelled, "stopped: " + status.message()};
    poll(kSlice);
  }
}

Status Producer::init_transactions(milliseconds patience) {
  return ask("cannot begin with transactions", std::max(patience, kFirstAnswer),
             [this](int wait) { return rd_kafka_init_transactions(handle_, wait); });
}

Status Producer::begin_transaction() {
  return ask("cannot begin a transaction", milliseconds(0), [this](int) { return rd_kafka_begin_transaction(handle_); });
}

Status Producer::commit_transaction(milliseconds patience) {
  return ask("cannot commit the transaction", patience, [this](int wait) { return rd_kafka_commit_transaction(handle_, wait); });
}

Status Producer::abort_transaction(milliseconds patience) {
  return ask("cannot abort the transaction", patience, [this](int wait) { return rd_kafka_abort_transaction(handle_, wait); });
}

}  // namespace qonduit::kafka

#include "kafka_reader.hpp"

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

namespace qonduit::kafka::testing {
namespace {

struct ClientDeleter {
  void operator()(rd_kafka_t* client) const {
    rd_kafka_consumer_close(client);
    rd_kafka_destroy(client);
  }
};
using Client = std::unique_ptr<rd_kafka_t, ClientDeleter>;

Client consumer(const std::string& servers, Isolation isolation) {
  auto* conf = rd_kafka_conf_new();
  char why[512];
  for (const auto& [name, value] :
       {std::pair("bootstrap.servers", servers),
        {"group.id", std::string("qonduit-tests")},
        {"enable.auto.commit", std::string("false")},
        {"enable.partition.eof", std::string("true")},
        // The broker says that there is nothing more when nothing has come for as long.
        {"fetch.wait.max.ms", std::string("10")},
        {"isolation.level", std::string(isolation == Isolation::committed ? "read_committed" : "read_uncommitted")},
        {"auto.offset.reset", std::string("error")},
        {"allow.auto.create.topics", std::string("false")}}) {
    if (rd_kafka_conf_set(conf, name, value.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK) throw std::runtime_error(why);
  }
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_conf_set_error_cb(conf, [](rd_kafka_t*, int, const char*, void*) {});
  auto* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
  if (client == nullptr) throw std::runtime_error(why);
  rd_kafka_poll_set_consumer(client);
  return Client(client);
}

struct MetadataDeleter {
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, MetadataDeleter>;

Metadata metadata(rd_kafka_t* client, const std::string& topic, int wait) {
  auto* handle = topic.empty() ? nullptr : rd_kafka_topic_new(client, topic.c_str(), nullptr);
  const rd_kafka_metadata_t* found = nullptr;
  const auto error = rd_kafka_metadata(client, 0, handle, &found, wait);
  if (handle != nullptr) rd_kafka_topic_destroy(handle);
  return Metadata(error == RD_KAFKA_RESP_ERR_NO_ERROR ? found : nullptr);
}

Received received(const rd_kafka_message_t& message) {
  Received out;
  out.partition = message.partition;
  if (message.key != nullptr) out.key.emplace(static_cast<const char*>(message.key), message.key_len);
  if (message.payload != nullptr) out.body.emplace(static_cast<const char*>(message.payload), message.len);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return out;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    out.headers[name] = std::string(static_cast<const char*>(value), size);
  out.id = out.headers["qonduit-id"];
  out.type = out.headers.contains("qonduit-type") ? out.headers["qonduit-type"] : "row";
  out.content_type = out.headers["content-type"];
  return out;
}

// The offset behind the last message a consumer of this isolation may read.
std::int64_t end_of(rd_kafka_t* client, const std::string& topic, std::int32_t partition) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  const auto error = rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &low, &high, 30'000);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error("the end of '" + topic + "': " + rd_kafka_err2str(error));
  return high;
}

// Kafka confirms a commit before its markers are in the partitions; a moment later readers of what is committed see it. A transaction that
// is still open after the wait is meant to be.
void wait_until_decided(rd_kafka_t* committed, const std::string& servers, const std::string& topic, int partitions) {
  constexpr std::chrono::seconds kMarkersTake{3};
  const auto uncommitted = consumer(servers, Isolation::uncommitted);
  const auto until = std::chrono::steady_clock::now() + kMarkersTake;
  for (int i = 0; i < partitions; ++i) {
    const auto end = end_of(uncommitted.get(), topic, i);
    while (end_of(committed, topic, i) < end && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  }
}

struct EventDeleter {
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
using Event = std::unique_ptr<rd_kafka_event_t, EventDeleter>;

// Asks what `call` asks, by way of a queue; answers with the broker's words.
Event ask(rd_kafka_t* client, const std::function<void(rd_kafka_queue_t*)>& call) {
  auto* queue = rd_kafka_queue_new(client);
  call(queue);
  Event event(rd_kafka_queue_poll(queue, 60'000));
  rd_kafka_queue_destroy(queue);
  if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error(event ? rd_kafka_event_error_string(event.get()) : "no answer from Kafka");
  return event;
}

}  // namespace

std::vector<Received> read_all(const std::string& servers, const std::string& topic, Isolation isolation) {
  Place beginning;
  return read_new(servers, topic, beginning, isolation);
}

std::vector<Received> read_new(const std::string& servers, const std::string& topic, Place& place, Isolation isolation) {
  const auto client = consumer(servers, isolation);
  const auto found = metadata(client.get(), topic, 30'000);
  if (!found) throw std::runtime_error("no answer from Kafka at " + servers);
  if (found->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  if (isolation == Isolation::committed) wait_until_decided(client.get(), servers, topic, found->topics[0].partition_cnt);
  auto* partitions = rd_kafka_topic_partition_list_new(1);
  for (int i = 0; i < found->topics[0].partition_cnt; ++i) {
    const auto known = place.find(i);
    rd_kafka_topic_partition_list_add(partitions, topic.c_str(), i)->offset =
        known == place.end() ? RD_KAFKA_OFFSET_BEGINNING : known->second;
  }
  int open = partitions->cnt;
  rd_kafka_assign(client.get(), partitions);
  rd_kafka_topic_partition_list_destroy(partitions);
  std::vector<Received> read;
  while (open > 0) {
    auto* message = rd_kafka_consumer_poll(client.get(), 60'000);
    if (message == nullptr) throw std::runtime_error("the topic '" + topic + "' does not come to its end");
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      read.push_back(received(*message));
      place[message->partition] = message->offset + 1;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) --open;
    rd_kafka_message_destroy(message);
  }
  return read;
}

std::vector<queue::testing::Delivered> delivered(const std::vector<Received>& messages) {
  std::vector<queue::testing::Delivered> all;
  for (const auto& message : messages) all.push_back({message.id, message.type, message.body.value_or("")});
  return all;
}

bool answers(const std::string& servers, int node) {
  const auto client = consumer(servers, Isolation::uncommitted);
  const auto found = metadata(client.get(), {}, 300);
  if (!found) return false;
  for (int i = 0; i < found->broker_cnt; ++i) {
    if (found->brokers[i].id == node) return true;
  }
  return false;
}

int leader_of(const std::string& servers, const std::string& topic) {
  const auto client = consumer(servers, Isolation::uncommitted);
  const auto found = metadata(client.get(), topic, 5000);
  return found && found->topics[0].partition_cnt > 0 ? found->topics[0].partitions[0].leader : -1;
}

void make_topic(const std::string& servers, const std::string& topic, int partitions, int replication,
                const std::map<std::string, std::string>& settings) {
  const auto client = consumer(servers, Isolation::uncommitted);
  char why[512];
  auto* wish = rd_kafka_NewTopic_new(topic.c_str(), partitions, replication, why, sizeof why);
  for (const auto& [name, value] : settings) rd_kafka_NewTopic_set_config(wish, name.c_str(), value.c_str());
  const auto event = ask(client.get(), [&](rd_kafka_queue_t* queue) { rd_kafka_CreateTopics(client.get(), &wish, 1, nullptr, queue); });
  rd_kafka_NewTopic_destroy(wish);
  std::size_t count = 0;
  const auto* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  if (rd_kafka_topic_result_error(results[0]) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error(rd_kafka_topic_result_error_string(results[0]));
}

void set_topic(const std::string& servers, const std::string& topic, const std::map<std::string, std::string>& settings) {
  const auto client = consumer(servers, Isolation::uncommitted);
  auto* wish = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str());
  for (const auto& [name, value] : settings) rd_kafka_ConfigResource_set_config(wish, name.c_str(), value.c_str());
  const auto event = ask(client.get(), [&](rd_kafka_queue_t* queue) { rd_kafka_AlterConfigs(client.get(), &wish, 1, nullptr, queue); });
  rd_kafka_ConfigResource_destroy(wish);
  std::size_t count = 0;
  const auto** results = rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(event.get()), &count);
  if (rd_kafka_ConfigResource_error(results[0]) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error(rd_kafka_ConfigResource_error_string(results[0]));
}

}  // namespace qonduit::kafka::testing

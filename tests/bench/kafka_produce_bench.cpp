// The least there is to producing: bodies of one size to a topic over librdkafka, idempotent, acks=all, delivery reports counted; what
// librdkafka's own rdkafka_performance -P does. What the sink is measured against. Prints seconds.
//   kafka_produce_bench SERVERS TOPIC MESSAGES SIZE WINDOW
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

int fail(const char* what) {
  std::fprintf(stderr, "kafka_produce_bench: %s\n", what);
  return 1;
}

void on_report(rd_kafka_t*, const rd_kafka_message_t* message, void* confirmed) {
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<std::uint64_t*>(confirmed);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) return fail("SERVERS TOPIC MESSAGES SIZE WINDOW");
  const auto messages = std::strtoull(arguments[3], nullptr, 10);
  const std::string pattern(std::strtoull(arguments[4], nullptr, 10), 'x');
  std::uint64_t confirmed = 0;
  auto* conf = rd_kafka_conf_new();
  char why[512];
  for (const auto& [name, value] :
       {std::pair("bootstrap.servers", arguments[1]), std::pair("queue.buffering.max.messages", arguments[5])}) {
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) return fail(why);
  }
  for (const auto& [name, value] : {std::pair("enable.idempotence", "true"), std::pair("acks", "all"), std::pair("linger.ms", "5"),
                                    std::pair("batch.num.messages", "100000"), std::pair("compression.type", "lz4"),
                                    std::pair("queue.buffering.max.kbytes", "16384")}) {
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) return fail(why);
  }
  rd_kafka_conf_set_dr_msg_cb(conf, on_report);
  rd_kafka_conf_set_opaque(conf, &confirmed);
  auto* producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
  if (producer == nullptr) return fail(why);
  auto* topic = rd_kafka_topic_new(producer, arguments[2], nullptr);

  const auto begin = std::chrono::steady_clock::now();
  auto body = pattern;
  for (std::uint64_t sent = 0; sent < messages;) {
    // Bodies that differ, as rows do: equal ones would compress to nothing.
    auto state = (sent + 1) * 0x9e3779b97f4a7c15u;
    for (auto& c : body) c = static_cast<char>('0' + (state >> 60)), state = state * 6364136223846793005u + 1442695040888963407u;
    while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, body.data(), body.size(), nullptr, 0, nullptr) != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) return fail(rd_kafka_err2str(rd_kafka_last_error()));
      rd_kafka_poll(producer, 10);
    }
    ++sent;
    rd_kafka_poll(producer, 0);
  }
  rd_kafka_flush(producer, 120'000);
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(producer);
  if (confirmed != messages) return fail("not every message was confirmed");
  std::printf("%.3f\n", seconds);
  return 0;
}

// The Kafka sink keeps the promises of every sink: at least once to a consumer that believes markers, in transactions to every consumer
// that reads committed messages.
#include <qonduit/testing/sink_fixture.hpp>

#include "plugins/sinks/queue/testing/flat_json.hpp"
#include "plugins/sinks/queue/testing/kafka_reader.hpp"
#include "plugins/sinks/queue/testing/kafka_server.hpp"
#include "tests/paths.hpp"

namespace {

namespace fs = std::filesystem;
using qonduit::kafka::testing::KafkaServer;
using qonduit::kafka::testing::read_all;
using qonduit::kafka::testing::set_topic;
using qonduit::testing::Options;
using qonduit::testing::Rows;

std::string topic_of(const fs::path& folder) { return folder.filename().string(); }

std::optional<std::vector<std::string>> marked(const fs::path& folder) {
  return qonduit::queue::testing::completed(delivered(read_all(KafkaServer::shared().address(), topic_of(folder))));
}

// What a consumer sees that knows nothing of markers.
std::optional<std::vector<std::string>> committed(const fs::path& folder) {
  std::vector<std::string> bodies;
  const auto messages = read_all(KafkaServer::shared().address(), topic_of(folder));
  for (const auto& message : messages) {
    if (message.type == "row") bodies.push_back(message.body.value());
  }
  // A delivery without rows leaves its markers.
  return messages.empty() ? std::nullopt : std::optional(bodies);
}

qonduit::testing::SinkTraits to_kafka(const std::string& name, const Options& more,
                                      std::optional<std::vector<std::string>> (*visible)(const fs::path&)) {
  qonduit::testing::SinkTraits traits;
  traits.name = name;
  traits.plugin = qonduit::paths::plugin("kafka");
  traits.sink = "kafka";
  traits.options = [more](const fs::path& folder) {
    Options options{{"bootstrap-servers", KafkaServer::shared().address()},
                    {"tls", "false"},
                    {"topic", topic_of(folder)},
                    {"create-topic", "true"},
                    {"marker", "true"},
                    {"connect-wait", "10s"},
                    {"non-finite", "text"}};
    options.insert(options.end(), more.begin(), more.end());
    return options;
  };
  traits.read_back = [visible](const fs::path& folder, const qonduit::Schema&) -> std::optional<Rows> {
    const auto bodies = visible(folder);
    return bodies ? std::optional(qonduit::queue::testing::flat_rows(*bodies)) : std::nullopt;
  };
  traits.cell = qonduit::queue::testing::json_cell;
  traits.leftovers = [visible](const fs::path& folder) { return visible(folder).value_or(std::vector<std::string>()); };
  traits.refused = {{{}, "bootstrap-servers"},
                    {{{"bootstrap-servers", "kafka.example:9092"}, {"tls", "false"}}, "allow-plaintext"},
                    {{{"bootstrap-servers", "localhost:9092"}, {"headers", "pipelin"}}, "pipeline"},
                    {{{"bootstrap-servers", "localhost:9092"}, {"topic", "{titel}"}}, "titel"}};
  traits.guarantees = QONDUIT_GUARANTEE_APPEND;
  traits.knows_committed = false;
  // Every batch is larger than what the topic takes.
  traits.break_target = [](const fs::path& folder) {
    set_topic(KafkaServer::shared().address(), topic_of(folder), {{"max.message.bytes", "1"}});
  };
  traits.heal_target = [](const fs::path& folder) { set_topic(KafkaServer::shared().address(), topic_of(folder), {}); };
  return traits;
}

}  // namespace

QONDUIT_SINK_CONFORMANCE(Kafka, to_kafka("Json", {}, marked), to_kafka("Transactional", {{"delivery", "transactional"}}, committed),
                         to_kafka("JsonArray", {{"format", "json-array"}}, marked));

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: the server dies with the thread that started it.
  if (!GTEST_FLAG_GET(list_tests)) KafkaServer::shared();
  return RUN_ALL_TESTS();
}

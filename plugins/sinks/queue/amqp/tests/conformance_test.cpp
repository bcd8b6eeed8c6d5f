// The RabbitMQ sink keeps the promises of every sink, to a consumer that believes markers: a queue cannot take back what it has, so what
// is visible is what a completed delivery holds.
#include <qonduit/testing/sink_fixture.hpp>

#include "plugins/sinks/csv/tests/csv_reader.hpp"
#include "plugins/sinks/queue/testing/consumer.hpp"
#include "plugins/sinks/queue/testing/flat_json.hpp"
#include "plugins/sinks/queue/testing/rabbitmq_server.hpp"
#include "tests/paths.hpp"

namespace {

namespace fs = std::filesystem;
using qonduit::Type;
using qonduit::amqp::testing::RabbitmqServer;
using qonduit::amqp::testing::RabbitmqSession;
using qonduit::queue::testing::completed;
using qonduit::queue::testing::Delivered;
using qonduit::queue::testing::json_cell;
using qonduit::testing::Cell;
using qonduit::testing::Options;
using qonduit::testing::Rows;

std::string queue_of(const fs::path& folder) { return folder.filename().string(); }

// What a queue has had, by its name: reading takes messages out.
std::vector<Delivered>& had(const std::string& queue) {
  static std::map<std::string, std::vector<Delivered>> all;
  auto& messages = all[queue];
  RabbitmqSession session(RabbitmqServer::shared().port());
  session.make_queue(queue, {{"x-queue-type", "classic"}});
  for (auto& message : session.take_all(queue)) messages.push_back({message.id, message.type, message.body});
  return messages;
}

std::optional<Rows> read_json(const fs::path& folder, const qonduit::Schema& /*schema*/) {
  const auto bodies = completed(had(queue_of(folder)));
  if (!bodies) return std::nullopt;
  return qonduit::queue::testing::flat_rows(*bodies);
}

std::optional<Rows> read_csv(const fs::path& folder, const qonduit::Schema& schema) {
  const auto bodies = completed(had(queue_of(folder)));
  if (!bodies) return std::nullopt;
  Rows rows;
  for (const auto& body : *bodies) {
    const auto records = qonduit::csv::testing::read_records(body);
    for (std::size_t i = 1; i < records.size(); ++i) {
      auto& row = rows.emplace_back();
      for (const auto& value : records[i]) {
        const bool null = value.text.empty() && (!value.quoted || schema.fields.size() == 1);
        row.push_back(null ? Cell() : Cell(value.text));
      }
    }
  }
  return rows;
}

std::vector<std::string> leftovers(const fs::path& folder) {
  auto rows = completed(had(queue_of(folder)));
  return rows ? *rows : std::vector<std::string>();
}

qonduit::testing::SinkTraits rabbitmq(const std::string& name, const Options& more) {
  qonduit::testing::SinkTraits traits;
  traits.name = name;
  traits.plugin = qonduit::paths::plugin("amqp");
  traits.sink = "amqp";
  traits.options = [more](const fs::path& folder) {
    Options options{{"url", RabbitmqServer::shared().url()},
                    {"routing-key", queue_of(folder)},
                    {"declare-queue", "classic"},
                    {"marker", "true"},
                    {"connect-wait", "0ms"},
                    {"non-finite", "text"}};
    options.insert(options.end(), more.begin(), more.end());
    return options;
  };
  traits.read_back = read_json;
  traits.cell = json_cell;
  traits.leftovers = leftovers;
  traits.refused = {{{}, "url"},
                    {{{"url", "http://localhost"}}, "amqps://"},
                    {{{"url", "amqp://broker.example/"}}, "allow-plaintext"},
                    {{{"url", "amqps://etl:secret@broker.example"}}, "password"},
                    {{{"url", "amqps://broker.example"}, {"auth", "external"}}, "tls-certificate"},
                    {{{"url", "amqps://broker.example"}, {"tls-key", "k.pem"}}, "set both"},
                    {{{"url", "amqps://broker.example"}, {"queue", "q"}}, "declare-queue"},
                    {{{"url", "amqps://broker.example"}, {"headers", "pipelin"}}, "pipeline"},
                    {{{"url", "amqps://broker.example"}, {"format", "csv"}, {"key", "Region"}}, "key"},
                    {{{"url", "amqps://broker.example"}, {"routing-key", "{titel}"}}, "titel"}};
  traits.guarantees = QONDUIT_GUARANTEE_APPEND;
  traits.knows_committed = false;
  // Without its queue a message is unroutable.
  traits.break_target = [](const fs::path& folder) {
    had(queue_of(folder));
    RabbitmqSession(RabbitmqServer::shared().port()).delete_queue(queue_of(folder));
  };
  traits.heal_target = [](const fs::path& folder) { had(queue_of(folder)); };
  return traits;
}

qonduit::testing::SinkTraits csv_messages() {
  auto traits = rabbitmq("Csv", {{"format", "csv"}});
  traits.read_back = read_csv;
  traits.cell = [](const qonduit::Field& field, const qonduit::ColumnView& column, std::int64_t row) -> Cell {
    auto text = json_cell(field, column, row);
    if (!text || (field.dictionary && text->empty())) return Cell();
    if (field.type != Type::float64 || *text == "NaN") return text;
    if (text->ends_with("Infinity")) return *text == "Infinity" ? "inf" : "-inf";
    const double value = column.float64(row), size = value < 0 ? -value : value;
    if (size != 0 && (size < 1e-5 || size >= 1e15)) return text;
    char digits[64];
    return std::string(digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr);
  };
  return traits;
}

qonduit::testing::SinkTraits row_messages() {
  auto traits = rabbitmq("Json", {});
  traits.most_batches = 4;  // 40,000 messages; the others send 200,000 rows
  return traits;
}

}  // namespace

QONDUIT_SINK_CONFORMANCE(Amqp, row_messages(), rabbitmq("JsonArray", {{"format", "json-array"}}), csv_messages());

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  // Started by this thread: the server dies with the thread that started it.
  if (!GTEST_FLAG_GET(list_tests)) RabbitmqServer::shared();
  return RUN_ALL_TESTS();
}

// The options every queue sink has, and their table. A broker's own options are a struct derived from this one, its table
// joined(options(own ...), kQueueOptions).
#pragma once

#include <qonduit/options.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace qonduit::queue {

enum class Format : std::uint8_t { json, json_array, csv, avro };
enum class Mode : std::uint8_t { snapshot, changes };
enum class Changes : std::uint8_t { events, rows };
enum class Envelope : std::uint8_t { none, cloudevents };
enum class NonFinite : std::uint8_t { fail, null, text };

struct QueueOptions {
  Mode mode = Mode::snapshot;
  Format format = Format::json;
  Envelope envelope = Envelope::none;
  NonFinite non_finite = NonFinite::fail;
  bool marker = false;
  std::vector<std::string> key;
  std::string state_directory;
  Changes changes = Changes::events;
  bool before = false;
  bool tombstones = false;
  std::vector<std::string> headers = {"pipeline",    "run",  "app",    "object",      "dataset",
                                      "reload-time", "rows", "schema", "avro-schema", "content-type"};
  std::int64_t rows_per_message = 1000;
  Bytes message_max{1'000'000};
  std::int64_t window = 5000;
  Bytes window_size{16 << 20};
  std::chrono::milliseconds connect_wait{30'000};
  std::chrono::milliseconds retry_for{120'000};
  std::string dead_letter_directory;
  std::int64_t dead_letter_limit = 100;
  std::string schema_registry;
  std::string schema_registry_user;
  std::string schema_registry_password;
  std::string schema_registry_ca;
  bool schema_registry_allow_plaintext = false;
  std::string schema_subject;
  bool schema_register = true;
  bool allow_empty = false;
};

inline constexpr auto kQueueOptions = options(
    option("mode", &QueueOptions::mode,
           "snapshot: every row, each run. changes: what is other than in the delivery before, by key, from the state of state-directory.")
        .values<Mode>({{"snapshot", Mode::snapshot}, {"changes", Mode::changes}}),
    option("format", &QueueOptions::format,
           "json, avro: a row for each message. json-array, csv: rows-per-message rows for each; csv begins with the columns' names.")
        .values<Format>({{"json", Format::json}, {"json-array", Format::json_array}, {"csv", Format::csv}, {"avro", Format::avro}}),
    option("envelope", &QueueOptions::envelope,
           "cloudevents: what JSON messages hold is the data of a CloudEvents 1.0 event (structured mode).")
        .values<Envelope>({{"none", Envelope::none}, {"cloudevents", Envelope::cloudevents}}),
    option("key", &QueueOptions::key,
           "Columns that identify a row, separated by commas, in quotes where a name has one, with format = json or avro. One column: its "
           "text is the message's key; "
           "several: a JSON array."),
    option(
        "state-directory", &QueueOptions::state_directory,
        "mode = changes: where it keeps what was delivered, a file for each dataset and destination. Local, durable, of this host's own."),
    option("changes", &QueueOptions::changes,
           "mode = changes: events: messages say op, key and the row. rows: the row alone, and a tombstone for one that is gone.")
        .values<Changes>({{"events", Changes::events}, {"rows", Changes::rows}}),
    option("before", &QueueOptions::before, "Events also say what the row was; the state keeps rows then, not only hashes."),
    option("tombstones", &QueueOptions::tombstones, "A message without a body behind each delete event, for topics that are compacted."),
    option("non-finite", &QueueOptions::non_finite,
           "NaN and infinities in JSON, which has none: fail, null, or a text. CSV and Avro keep them.")
        .values<NonFinite>({{"fail", NonFinite::fail}, {"null", NonFinite::null}, {"text", NonFinite::text}}),
    option("marker", &QueueOptions::marker,
           "A message before the rows of a delivery and one behind them, with counts and a checksum: a consumer knows when it has all."),
    option(
        "headers", &QueueOptions::headers,
        "Headers of every message, of: pipeline run app object dataset reload-time rows schema avro-schema content-type. Each begins with "
        "qonduit-, but the last, which AMQP has of its own. The message's id is always there."),
    option("rows-per-message", &QueueOptions::rows_per_message, "Rows of a message in formats that hold several.").range(1, 1'000'000),
    option("message-max", &QueueOptions::message_max,
           "The largest body. Messages of several rows are cut to fit; a row that is larger is refused.")
        .range(1024, 128 << 20),
    option("window", &QueueOptions::window, "Messages sent and not confirmed yet, at most.").range(1, 1'000'000),
    option("window-size", &QueueOptions::window_size, "Their bytes, at most.").range(64 << 10, 1 << 30),
    option("connect-wait", &QueueOptions::connect_wait, "How long to try again when the broker is not there, or starting. 0ms: not at all.")
        .range(0, 86'400'000),
    option("retry-for", &QueueOptions::retry_for,
           "How long a run goes on without a confirmation: over lost connections, blocked brokers, elections. Then it fails.")
        .range(1000, 86'400'000),
    option("dead-letter-directory", &QueueOptions::dead_letter_directory,
           "Where messages go that the broker refuses for good, with the reason; when not set, the first one fails the run."),
    option("dead-letter-limit", &QueueOptions::dead_letter_limit, "Messages of a delivery that may go there before it fails.")
        .range(1, 1'000'000'000),
    option(
        "schema-registry", &QueueOptions::schema_registry,
        "With format = avro: a registry with Confluent's API, https://host:8081. When not set, the schema is in the header avro-schema."),
    option("schema-registry-user", &QueueOptions::schema_registry_user, "The user there (basic authentication), or the key of an API."),
    option("schema-registry-password", &QueueOptions::schema_registry_password, "Its password, or the key's secret.").secret(),
    option(
        "schema-registry-ca", &QueueOptions::schema_registry_ca,
        "A PEM file with the authorities that may sign the registry's certificate; when not set, the system's. Certificate and host name "
        "are always checked."),
    option("schema-registry-allow-plaintext", &QueueOptions::schema_registry_allow_plaintext,
           "http:// to other machines: the password can be read on the way. To this machine it always may."),
    option("schema-subject", &QueueOptions::schema_subject,
           "The subject of the schema, with the same {...} as the destination; when not set, the destination's name and -value."),
    option("schema-register", &QueueOptions::schema_register,
           "Register a schema that the subject does not have and the registry calls compatible; false: it is an error."),
    option("allow-empty", &QueueOptions::allow_empty,
           "mode = changes: let a delivery without rows delete all that the one before it had. Otherwise such a delivery fails."));

}  // namespace qonduit::queue

// The options every queue sink has, and their table. A broker's own options are a struct derived from this one, its table
// joined(options(own ...), kQueueOptions).
#pragma once

#include <qonduit/options.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace qonduit::queue {

enum class Format : std::uint8_t { json, json_array, csv };
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
  std::string key;
  std::string state_directory;
  Changes changes = Changes::events;
  bool before = false;
  bool tombstones = false;
  std::string headers = "pipeline, run, app, object, dataset, reload-time, rows, schema";
  std::int64_t rows_per_message = 1000;
  Bytes message_max{1'000'000};
  std::int64_t window = 5000;
  Bytes window_size{16 << 20};
  std::chrono::milliseconds connect_wait{30'000};
  std::chrono::milliseconds retry_for{120'000};
  std::string dead_letter_directory;
  std::int64_t dead_letter_limit = 100;
};

inline constexpr auto kQueueOptions = options(
    option("mode", &QueueOptions::mode,
           "snapshot: every row, each run. changes: what is other than in the delivery before, by key, from the state of state-directory.")
        .values<Mode>({{"snapshot", Mode::snapshot}, {"changes", Mode::changes}}),
    option("format", &QueueOptions::format,
           "json: a row for each message. json-array, csv: rows-per-message rows for each; csv begins with the columns' names.")
        .values<Format>({{"json", Format::json}, {"json-array", Format::json_array}, {"csv", Format::csv}}),
    option("envelope", &QueueOptions::envelope,
           "cloudevents: what JSON messages hold is the data of a CloudEvents 1.0 event (structured mode).")
        .values<Envelope>({{"none", Envelope::none}, {"cloudevents", Envelope::cloudevents}}),
    option(
        "key", &QueueOptions::key,
        "Columns that identify a row, separated by commas, with format = json. One column: its text is the message's key; several: a JSON "
        "array."),
    option(
        "state-directory", &QueueOptions::state_directory,
        "mode = changes: where it keeps what was delivered, a file for each dataset and destination. Local, durable, of this host's own."),
    option("changes", &QueueOptions::changes,
           "mode = changes: events: messages say op, key and the row. rows: the row alone, and a tombstone for one that is gone.")
        .values<Changes>({{"events", Changes::events}, {"rows", Changes::rows}}),
    option("before", &QueueOptions::before, "Events also say what the row was; the state keeps rows then, not only hashes."),
    option("tombstones", &QueueOptions::tombstones, "A message without a body behind each delete event, for topics that are compacted."),
    option("non-finite", &QueueOptions::non_finite, "NaN and infinities in JSON, which has none: fail, null, or a text. CSV keeps them.")
        .values<NonFinite>({{"fail", NonFinite::fail}, {"null", NonFinite::null}, {"text", NonFinite::text}}),
    option("marker", &QueueOptions::marker,
           "A message before the rows of a delivery and one behind them, with counts and a checksum: a consumer knows when it has all."),
    option(
        "headers", &QueueOptions::headers,
        "Headers of every message, of: pipeline run app object dataset reload-time rows schema. Each begins with qonduit-. The message's "
        "id and its content type are always there."),
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
        .range(1, 1'000'000'000));

}  // namespace qonduit::queue

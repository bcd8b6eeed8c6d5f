#include "queue_sink.hpp"

#include <qonduit/log.hpp>
#include <qonduit/options.hpp>
#include <qonduit/suggestion.hpp>
#include <qonduit/text.hpp>

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "destination_owner.hpp"
#include "json.hpp"
#include "plugins/sinks/names/folded_name.hpp"

namespace qonduit::queue {
namespace {

constexpr std::size_t kShortHash = 8;  // digits
constexpr std::string_view kMarkerKey = "qonduit-marker";
constexpr std::string_view kCloudEvents = "application/cloudevents+json";

std::uint64_t checksum(std::string_view body) { return ::crc32_z(0, reinterpret_cast<const unsigned char*>(body.data()), body.size()); }

void append_number(std::uint64_t value, std::string& out) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

std::string columns_json(const Schema& schema) {
  const auto names = unique_names(schema);
  std::string out = "[";
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += i == 0 ? "{" : ",{";
    append_json_member("name", names[i], out);
    append_json_member("type", to_string(schema.fields[i].type), out);
    out += '}';
  }
  return out + "]";
}

// The same for the same delivery, and another one when it is started over after a reload or with other types: numbers are given to other
// rows then. Short: RabbitMQ keeps the properties of a message beside it for free up to 64 bytes, and pays for more (docs/performance.md).
std::string delivery_id(const Run& run, const std::string& columns) {
  std::string all;
  const auto of_object = run.part();
  for (const auto part : {run.run_id, run.app_id, run.object_id, std::string_view(of_object), run.reload_time, std::string_view(columns)}) {
    all += part;
    all += '\0';
  }
  return short_hash(all);
}

constexpr std::string_view kHeaders[] = {"pipeline",    "run",  "app",    "object",      "dataset",
                                         "reload-time", "rows", "schema", "avro-schema", "content-type"};

}  // namespace

Status QueueSink::check(const QueueOptions& options) {
  const auto refused = [](std::string why) { return Status(Code::invalid_config, std::move(why)); };
  if (options.mode == Mode::changes) {
    if (options.key.empty()) return refused("mode: changes needs key, the columns that identify a row");
    if (options.state_directory.empty()) return refused("mode: changes needs state-directory");
    if (options.changes == Changes::rows && options.before) return refused("before: is for changes = events");
    if (options.changes == Changes::rows && options.tombstones) return refused("tombstones: changes = rows has them without it");
    if (options.changes == Changes::events && options.format != Format::json)
      return refused("changes: events are JSON; use format = json, or changes = rows");
    if (options.changes == Changes::rows && options.envelope != Envelope::none) return refused("envelope: is for changes = events");
  } else if (!options.state_directory.empty()) {
    return refused("state-directory: is for mode = changes");
  } else if (options.allow_empty) {
    return refused("allow-empty: is for mode = changes, which deletes what does not come");
  }
  if (!options.key.empty() && options.format != Format::json && options.format != Format::avro)
    return refused("key: a message of several rows has no key; use format = json or avro");
  if (auto status = AvroMessages::check(options); !status.ok()) return status;
  if (options.envelope == Envelope::cloudevents && options.format == Format::csv)
    return refused("envelope: CloudEvents in structured mode hold JSON; use format = json or json-array");
  for (const auto& name : options.headers) {
    if (std::find(std::begin(kHeaders), std::end(kHeaders), name) == std::end(kHeaders)) {
      return refused("headers: there is no '" + name + "'" + suggestion(name, {std::begin(kHeaders), std::end(kHeaders)}));
    }
  }
  if (options.window_size.count < options.message_max.count) return refused("window-size: is smaller than one message (message-max)");
  return {};
}

QueueSink::QueueSink(QueueOptions options, RunTemplate destination, std::unique_ptr<Publisher> publisher)
    : options_(std::move(options)),
      destination_(std::move(destination)),
      publisher_(std::move(publisher)),
      dead_letters_(options_.dead_letter_directory, options_.dead_letter_limit),
      avro_(options_) {}

QueueSink::~QueueSink() = default;

Status QueueSink::probe() {
  auto status = publisher_->probe();
  return status.ok() ? avro_.probe() : status;
}

Result<Plan> QueueSink::plan(const Run& run, const Schema& schema) {
  auto goes_to = choose_destination(run);
  if (!goes_to) return std::move(goes_to).error();
  if (auto key = RowKey::parse(options_.key, schema); !key) return std::move(key).error();
  const bool changes = options_.mode == Mode::changes;
  return Plan{publisher_->target_of(*goes_to), changes ? "publishes what has changed of" : "publishes", "to " + *goes_to, changes};
}

// A broker gets one delivery after the other.
Result<std::string> QueueSink::target_of(const Run& run) {
  if (auto status = destination_.check(run); !status.ok()) return status;
  return std::string();
}

Status QueueSink::open(const Run& run, const Schema& schema) {
  open_ = marked_ = marks_ = false;
  feed_.reset();
  pending_rows_ = rows_ = messages_ = bytes_ = refused_ = refused_rows_ = checksum_ = 0;
  body_.clear();
  broken_ = begin(run, schema);
  open_ = broken_.ok();
  return broken_;
}

std::string QueueSink::compared(std::string_view name) const { return names::folded_name(name); }

std::string QueueSink::name_of(const Run& run, NameForms::Form form) const {
  auto text = destination_.text(run, Turns::apart, form == 0 ? Ids::as_templated : Ids::always);
  if (form >= NameForms::kHashed)
    text += "." + short_hash(std::string(run.object_id) + std::string(form - NameForms::kWithId, '\0')).substr(0, kShortHash);
  // Not by which other turns there are: those of a later run are not known.
  const bool held = std::all_of(run.loop.begin(), run.loop.end(), [this](const auto& loop) { return holds(loop.second); });
  return broker_name(text, held ? Hash::as_needed : Hash::always);
}

Result<std::string> QueueSink::choose_destination(const Run& run) {
  if (auto status = destination_.check(run); !status.ok()) return status;
  const auto form = forms_.of(run, [this](const Run& one, NameForms::Form which) { return compared(name_of(one, which)); });
  auto name = options_.mode == Mode::changes ? free_destination(run, form) : name_of(run, form);
  if (!name) return name;
  if (options_.mode == Mode::changes) {
    if (auto status = DestinationOwner(options_.state_directory, *name).check(run); !status.ok()) return status;
  }
  if (auto status = take_for_the_run(run, *name); !status.ok()) return status;
  return name;
}

// A broker does not say whose a topic is. A state does: a name that was given stays, and nobody else gets it.
Result<std::string> QueueSink::free_destination(const Run& run, NameForms::Form form) const {
  for (NameForms::Form had = 0; had <= NameForms::kHashed; ++had) {
    auto name = name_of(run, had);
    if (!ChangeFeed::known(options_, run, name)) continue;
    const auto others = others_have(run, name);
    if (!others) return others.error();
    if (!*others) return name;
  }
  for (; form < NameForms::kLast; ++form) {
    const auto others = others_have(run, name_of(run, form));
    if (!others) return others.error();
    if (!*others) break;
  }
  return name_of(run, form);
}

// One that is no more leaves its name to who comes after it.
Result<bool> QueueSink::others_have(const Run& run, const std::string& name) const {
  const auto owner = DestinationOwner(options_.state_directory, name).read();
  if (!owner) return owner.error();
  if (!*owner || (*owner)->pipeline != run.pipeline || (*owner)->object == run.object_id) return false;
  return std::any_of(run.objects.begin(), run.objects.end(), [&](const auto& object) { return object.object_id == (*owner)->object; });
}

// What is left: names of several parts that are one when they are put together, "a" and "b.c" and "a.b" and "c".
// A name without a placeholder is one for all on purpose; with mode = changes one would delete the rows of the other there.
Status QueueSink::take_for_the_run(const Run& run, const std::string& name) {
  if (options_.mode != Mode::changes && !destination_.has("title") && !destination_.has("object")) return {};
  auto when = std::string(run.pipeline) + '\0' + std::string(run.run_id);
  if (when != taken_run_) taken_.clear(), taken_run_ = std::move(when);
  auto whose = "object '" + std::string(run.object_id) + "'";
  if (const auto part = run.part(); !part.empty()) whose += " (" + part + ")";
  const auto [taken, first] = taken_.try_emplace(name, whose);
  if (first || taken->second == whose) return {};
  return {Code::invalid_config, "'" + name + "' is where this run publishes " + taken->second + ", and " + whose +
                                    " would go there too; write {object} into the template of the name, and between its parts what no "
                                    "title and no value of a loop has"};
}

Status QueueSink::begin(const Run& run, const Schema& schema) {
  auto goes_to = choose_destination(run);
  if (!goes_to) return std::move(goes_to).error();
  auto key = RowKey::parse(options_.key, schema);
  if (!key) return std::move(key).error();
  key_ = std::move(*key);
  Destination destination;
  destination.name = std::move(*goes_to);
  destination.pipeline = run.pipeline;
  destination.run = run.run_id;
  auto encoder = options_.format == Format::avro ? avro_.encoder(run, schema, destination.name) : Encoder::make(options_, schema);
  if (!encoder) return std::move(encoder).error();
  encoder_ = std::move(*encoder);
  describe(run, schema);
  if (options_.mode == Mode::changes) {
    auto feed = ChangeFeed::open(options_, run, destination.name);
    if (!feed) return std::move(feed).error();
    feed_ = std::move(*feed);
    // Before the first message: whoever comes next must know, also when this delivery does not come to its end.
    const DestinationOwner owner(options_.state_directory, destination.name);
    if (auto status = owner.take(run.pipeline, run.object_id); !status.ok()) return status;
    facts_.description += std::string(R"(,"mode":"changes","fresh":)") + (feed_->fresh() ? "true" : "false");
  }
  // Without a state nobody knows what is gone: consumers are told that this is all there is.
  marks_ = options_.marker || (feed_ && feed_->fresh());

  add_headers(run, destination);
  dead_letters_.begin(run, destination);
  auto status = publisher_->open(destination, [this](const Refused& message) { return refused(message); });
  if (status.ok() && marks_) {
    status = send_marker("started");
    if (status.ok()) status = publisher_->flush();
    marked_ = status.ok();
  }
  return status;
}

void QueueSink::add_headers(const Run& run, Destination& destination) const {
  destination.rows_header = destination.content_type_header = false;
  const auto part = run.part();
  for (const auto& name : options_.headers) {
    const auto value = name == "pipeline"      ? run.pipeline
                       : name == "run"         ? run.run_id
                       : name == "app"         ? run.app
                       : name == "object"      ? run.object_id
                       : name == "dataset"     ? std::string_view(part)
                       : name == "reload-time" ? run.reload_time
                       : name == "avro-schema" ? std::string_view(avro_.header())
                                               : std::string_view(facts_.fingerprint);
    if (name == "rows") {
      destination.rows_header = true;
    } else if (name == "content-type") {
      destination.content_type_header = true;
    } else if (!value.empty()) {
      destination.headers.emplace_back("qonduit-" + name, value);
    }
  }
}

void QueueSink::describe(const Run& run, const Schema& schema) {
  const auto columns = columns_json(schema);
  facts_.fingerprint = short_hash(columns);
  facts_.id_prefix = delivery_id(run, columns) + "/";
  facts_.source = "/qonduit/" + std::string(run.pipeline) + "/" + std::string(run.app_id) + "/" + std::string(run.object_id);
  facts_.started_at = run.started_at;
  auto& out = facts_.description;
  out.clear();
  append_json_member("pipeline", run.pipeline, out);
  append_json_member("run", run.run_id, out);
  append_json_member("app", run.app, out);
  append_json_member("app_id", run.app_id, out);
  append_json_member("sheet", run.sheet, out);
  append_json_member("object", run.object_id, out);
  append_json_member("title", run.title, out);
  append_json_member("dataset", run.part(), out);
  append_json_member("started_at", run.started_at, out);
  append_json_member("reload_time", run.reload_time, out);
  out += ",\"fence\":";
  append_number(run.fence, out);
  for (const auto& [name, pairs] : {std::pair("foreach", &run.loop), std::pair("selections", &run.selections)}) {
    if (pairs->empty()) continue;
    out += std::string(",\"") + name + "\":{";
    for (const auto& [what, value] : *pairs) append_json_member(what, value, out);
    out += '}';
  }
  out += ",\"columns\":" + columns;
}

Status QueueSink::write(const BatchView& batch) {
  if (!open_) return {Code::invalid_argument, "write before open"};
  if (broken_.ok()) broken_ = send_rows(batch);
  return broken_;
}

Status QueueSink::send_rows(const BatchView& batch) {
  encoder_->use(batch);
  for (std::int64_t row = 0; row < batch.rows(); ++row) {
    ++rows_;
    if (auto status = add_row(batch, row); !status.ok()) return status;
  }
  return {};
}

Status QueueSink::add_row(const BatchView& batch, std::int64_t row) {
  if (!encoder_->several()) {
    body_.clear();
    if (auto status = encoder_->row(row, rows_, body_); !status.ok()) return status;
    if (feed_) return feed_->row(key_, batch, row, rows_, body_, [this](const Change& change) { return send_change(change); });
    return send({.key = key_.empty() ? std::nullopt : key_.of(batch, row), .body = body_, .rows = 1}, rows_);
  }
  row_.clear();
  if (auto status = encoder_->row(row, rows_, row_); !status.ok()) return status;
  constexpr std::size_t kClosing = 1;  // the bracket of an array
  if (pending_rows_ > 0 && body_.size() + row_.size() + 1 + kClosing > options_.message_max.count) {
    if (auto status = send_body(); !status.ok()) return status;
  }
  if (pending_rows_ == 0) {
    body_.clear();
    if (auto status = encoder_->begin(body_); !status.ok()) return status;
  } else {
    encoder_->between(body_);
  }
  body_ += row_;
  ++pending_rows_;
  return pending_rows_ < static_cast<std::uint64_t>(options_.rows_per_message) ? Status() : send_body();
}

Status QueueSink::send_body() {
  if (pending_rows_ == 0) return {};
  encoder_->end(body_);
  return send({.body = body_, .rows = std::exchange(pending_rows_, 0)}, rows_);
}

Status QueueSink::send_change(const Change& change) {
  return send({.id = change.id, .key = change.key, .body = change.body, .rows = 1, .tombstone = change.tombstone, .op = change.op},
              change.row);
}

Status QueueSink::send(Message message, std::uint64_t row) {
  ++messages_;
  if (message.id.empty()) {
    id_ = facts_.id_prefix;
    append_number(messages_, id_);
    message.id = id_;
  }
  message.content_type = encoder_->content_type();
  if (options_.envelope == Envelope::cloudevents && !message.tombstone) {
    envelope_ = "{\"specversion\":\"1.0\"";
    append_json_member("id", message.id, envelope_);
    append_json_member("source", facts_.source, envelope_);
    append_json_member("type", message.op.empty() ? "qonduit.row" : "qonduit.change", envelope_);
    append_json_member("time", facts_.started_at, envelope_);
    append_json_member("datacontenttype", message.content_type, envelope_);
    envelope_ += ",\"data\":";
    envelope_ += message.body;
    envelope_ += '}';
    message.body = envelope_;
    message.content_type = kCloudEvents;
  }
  bytes_ += message.body.size();
  if (marks_) checksum_ += checksum(message.body);
  if (message.body.size() <= options_.message_max.count) return publisher_->publish(message);
  return refused({message, publisher_->target(),
                  "its body of " + std::to_string(message.body.size()) + " bytes is larger than message-max = " +
                      std::to_string(options_.message_max.count) + " (row " + std::to_string(row) + " of the delivery)"});
}

Status QueueSink::send_marker(std::string_view what) {
  std::string body = "{";
  append_json_member("marker", what, body);
  body += ',' + facts_.description;
  if (what == "completed") {
    for (const auto& [name, value] : {std::pair("rows", rows_ - refused_rows_), std::pair("messages", messages_ - refused_),
                                      std::pair("refused", refused_), std::pair("crc32_sum", checksum_)}) {
      body += std::string(",\"") + name + "\":";
      append_number(value, body);
    }
  }
  body += '}';
  id_ = facts_.id_prefix + std::string(what);
  Message message{.kind = MessageKind::marker, .id = id_, .body = body, .content_type = "application/json"};
  // What has keys may go where there is nothing without one: a compacted topic.
  if (!key_.empty()) message.key = kMarkerKey;
  return publisher_->publish(message);
}

Status QueueSink::refused(const Refused& message) {
  if (message.message.kind == MessageKind::marker) {
    return {Code::bad_data, "the marker " + std::string(message.message.id) + " was refused: " + message.reason};
  }
  auto status = dead_letters_.add(message);
  if (!status.ok()) return status;
  ++refused_;
  refused_rows_ += message.message.rows;
  if (marks_) checksum_ -= checksum(message.message.body);
  return {};
}

Status QueueSink::commit() {
  if (!open_) return {Code::invalid_argument, "commit before open"};
  if (broken_.ok()) broken_ = finish();
  if (!broken_.ok()) return broken_;
  feed_.reset();
  open_ = marked_ = false;
  if (refused_ > 0) {
    log::warn("messages were refused for good", {{"messages", std::to_string(refused_)}, {"file", dead_letters_.path()}});
  }
  return {};
}

// The marker stands behind every row: what is sent again after a lost connection is sent before it.
Status QueueSink::finish() {
  if (feed_ && rows_ == 0 && !feed_->empty() && !options_.allow_empty) {
    return {Code::bad_data,
            "the delivery has no rows, and the one before it had; they are not deleted. Set allow-empty = true where no rows are right"};
  }
  auto status = send_body();
  if (status.ok() && feed_) status = feed_->end([this](const Change& change) { return send_change(change); });
  if (status.ok()) status = publisher_->flush();
  if (status.ok()) status = dead_letters_.sync();
  if (status.ok() && marks_) status = send_marker("completed");
  if (status.ok() && marks_) status = publisher_->flush();
  if (status.ok()) status = publisher_->commit();
  // The broker has them: a failure here means that they are published again, under the ids they had.
  if (status.ok() && feed_) status = feed_->commit();
  return status;
}

Status QueueSink::abort() {
  Status status;
  // Where the broker itself failed, a consumer finds a start without an end; the next run's start says the same.
  if (open_ && marked_ && !publisher_->takes_back() && publisher_->connected()) {
    status = send_marker("aborted");
    if (status.ok()) status = publisher_->flush();
  }
  publisher_->drop();
  feed_.reset();
  open_ = marked_ = false;
  return status;
}

Delivery QueueSink::delivery() const {
  Delivery delivery{rows_, bytes_, publisher_->target()};
  delivery.refused = refused_rows_;
  if (refused_ > 0) {
    delivery.note = std::to_string(refused_) + (refused_ == 1 ? " message was" : " messages were") +
                    " refused by the broker and kept in '" + dead_letters_.path() + "'";
  }
  return delivery;
}

Result<std::vector<DeadLetterFile>> QueueSink::dead_letters() { return dead_letters_.files(); }

Status QueueSink::replay(std::string_view path, Replayed& replayed) {
  if (open_) return {Code::invalid_argument, "replay inside of a delivery"};
  return dead_letters_.replay(path, *publisher_, options_.message_max.count, replayed);
}

}  // namespace qonduit::queue

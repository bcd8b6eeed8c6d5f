#include "change_feed.hpp"

#include <qonduit/log.hpp>
#include <qonduit/text.hpp>

#include <unistd.h>

#include <optional>
#include <utility>

#include "json.hpp"
#include "safe_name.hpp"

namespace qonduit::queue {
namespace {

// What waits for its keys to be on disk, at most.
constexpr std::size_t kWaiting = 4096;
constexpr std::size_t kWaitingBytes = 4 << 20;

// Not of the app's id: an app that is imported again has another one, and its changes go on where they were.
std::string source_of(const Run& run, std::string_view destination) {
  std::string source;
  const auto of_object = run.part();
  for (const auto part : {run.pipeline, run.object_id, std::string_view(of_object), destination}) {
    source += part;
    source += '\0';
  }
  return short_hash(source);
}

std::string path_of(const QueueOptions& options, const Run& run, const std::string& source) {
  return options.state_directory + "/" + safe_name(run.pipeline) + "." + safe_name(run.object_id) + "." + source + ".changes.sqlite";
}

}  // namespace

bool ChangeFeed::known(const QueueOptions& options, const Run& run, std::string_view destination) {
  return ::access(path_of(options, run, source_of(run, destination)).c_str(), F_OK) == 0;
}

Result<std::unique_ptr<ChangeFeed>> ChangeFeed::open(const QueueOptions& options, const Run& run, std::string_view destination) {
  const auto source = source_of(run, destination);
  const auto path = path_of(options, run, source);
  std::unique_ptr<ChangeFeed> feed(new ChangeFeed(options, path, source));
  if (auto status = feed->store_.begin(); !status.ok()) return status;
  if (auto status = feed->pending_.begin(feed->store_.generation()); !status.ok()) return status;
  if (!feed->pending_.empty())
    log::info("a delivery before this one did not come to its end: the keys it published are published again", {{"state", path}});
  if (feed->fresh()) log::info("there is no state to compare with: every row is published", {{"state", path}});
  return feed;
}

// Of what the change is and of the state it starts from: a run that failed, and the one that mends it, publish it under one id. Where
// something else was published of the key in between, it is another message.
std::string ChangeFeed::id_of(std::string_view op, std::string_view key, std::string_view row, const Pending& pending,
                              std::string_view hash) const {
  const auto generation = std::to_string(store_.generation());
  std::string all;
  for (const auto part : {std::string_view(generation), op, key, row}) {
    all += part;
    all += '\0';
  }
  const auto attempt = !pending ? 0 : pending->hash == hash ? pending->attempt : pending_.attempt();
  if (attempt > 0) all += std::to_string(attempt);
  return source_ + "/" + short_hash(all);
}

std::string ChangeFeed::event(std::string_view op, std::string_view key, std::string_view before, std::string_view after) {
  std::string event = "{";
  append_json_member("op", op, event);
  for (const auto& [name, value] : {std::pair("key", key), std::pair("before", before), std::pair("after", after)}) {
    if (value.empty()) continue;
    event += std::string(",\"") + name + "\":";
    event += value;
  }
  event += '}';
  return event;
}

Status ChangeFeed::row(RowKey& key, const BatchView& batch, std::int64_t row, std::uint64_t number, std::string_view json,
                       const Publish& publish) {
  rows_ = number;
  const auto key_json = key.json(batch, row);
  const auto message_key = key.several() ? std::optional(key_json) : key.of(batch, row);
  if (!message_key) return {Code::bad_data, "row " + std::to_string(number) + ": its key is null; key must name what identifies a row"};
  auto found = store_.put(key_json, *message_key, json);
  if (!found) return std::move(found).error().within("row " + std::to_string(number));
  auto pending = pending_.find(key_json);
  if (!pending) return std::move(pending).error();
  if (found->was == ChangeStore::Was::same && !*pending) return {};
  const std::string_view op = fresh() ? "read" : found->was == ChangeStore::Was::absent ? "insert" : "update";
  const auto hash = store_.last_hash();
  return wait({std::string(op), id_of(op, key_json, json, *pending, hash), std::string(key_json), std::string(*message_key),
               options_.changes == Changes::rows ? std::string(json) : event(op, key_json, found->before, json), std::string(hash), number},
              publish);
}

Status ChangeFeed::end(const Publish& publish) {
  auto status = store_.each_gone([&](const ChangeStore::Gone& gone_row) -> Status {
    const auto pending = pending_.find(gone_row.key);
    return pending ? gone(gone_row.key, gone_row.message_key, gone_row.before, *pending, publish) : pending.error();
  });
  if (status.ok())
    status = pending_.each_left([&](const PendingChanges::Key& left) { return gone(left.key, left.message_key, {}, left.last, publish); });
  return status.ok() ? publish_waiting(publish) : status;
}

Status ChangeFeed::gone(std::string_view key, std::string_view message_key, std::string_view before, const Pending& pending,
                        const Publish& publish) {
  const bool events = options_.changes == Changes::events;
  auto status = wait({"delete",
                      id_of("delete", key, {}, pending, {}),
                      std::string(key),
                      std::string(message_key),
                      events ? event("delete", key, before, {}) : std::string(),
                      {},
                      rows_,
                      !events},
                     publish);
  if (!status.ok() || !events || !options_.tombstones) return status;
  return wait({"delete", id_of("tombstone", key, {}, pending, {}), std::string(key), std::string(message_key), {}, {}, rows_, true},
              publish);
}

Status ChangeFeed::wait(Waiting change, const Publish& publish) {
  waiting_bytes_ += change.key.size() + change.message_key.size() + change.body.size();
  waiting_.push_back(std::move(change));
  return waiting_.size() < kWaiting && waiting_bytes_ < kWaitingBytes ? Status() : publish_waiting(publish);
}

Status ChangeFeed::publish_waiting(const Publish& publish) {
  for (const auto& change : waiting_) {
    if (auto status = pending_.add(change.key, change.message_key, change.hash); !status.ok()) return status;
  }
  if (auto status = pending_.sync(); !status.ok()) return status;
  for (const auto& change : waiting_) {
    if (auto status = publish({change.op, change.id, change.message_key, change.body, change.row, change.tombstone}); !status.ok())
      return status;
  }
  waiting_.clear();
  waiting_bytes_ = 0;
  return {};
}

Status ChangeFeed::commit() {
  auto status = store_.commit();
  if (status.ok()) pending_.clear();
  return status;
}

}  // namespace qonduit::queue

#include "change_feed.hpp"

#include <qonduit/log.hpp>
#include <qonduit/text.hpp>

#include <optional>
#include <utility>

#include "json.hpp"
#include "safe_name.hpp"

namespace qonduit::queue {

Result<std::unique_ptr<ChangeFeed>> ChangeFeed::open(const QueueOptions& options, const Run& run, std::string_view destination) {
  std::string source;
  for (const auto part : {run.pipeline, run.app_id, run.object_id, run.dataset, destination}) {
    source += part;
    source += '\0';
  }
  source = short_hash(source);
  const auto path =
      options.state_directory + "/" + safe_name(run.pipeline) + "." + safe_name(run.object_id) + "." + source + ".changes.sqlite";
  std::unique_ptr<ChangeFeed> feed(new ChangeFeed(options, path, source));
  if (auto status = feed->store_.begin(); !status.ok()) return status;
  if (feed->fresh()) log::info("there is no state to compare with: every row is published", {{"state", path}});
  return feed;
}

// Of what the change is and of the state it starts from: a run that failed, and the one that mends it, publish it under one id.
std::string_view ChangeFeed::id_of(std::string_view op, std::string_view key, std::string_view row) {
  const auto generation = std::to_string(store_.generation());
  std::string all;
  for (const auto part : {std::string_view(generation), op, key, row}) {
    all += part;
    all += '\0';
  }
  id_ = source_ + "/" + short_hash(all);
  return id_;
}

std::string_view ChangeFeed::event(std::string_view op, std::string_view key, std::string_view before, std::string_view after) {
  event_ = "{";
  append_json_member("op", op, event_);
  for (const auto& [name, value] : {std::pair("key", key), std::pair("before", before), std::pair("after", after)}) {
    if (value.empty()) continue;
    event_ += std::string(",\"") + name + "\":";
    event_ += value;
  }
  event_ += '}';
  return event_;
}

Status ChangeFeed::row(RowKey& key, const BatchView& batch, std::int64_t row, std::uint64_t number, std::string_view json,
                       const Publish& publish) {
  const auto key_json = key.json(batch, row);
  const auto message_key = key.several() ? std::optional(key_json) : key.of(batch, row);
  if (!message_key) return {Code::bad_data, "row " + std::to_string(number) + ": its key is null; key must name what identifies a row"};
  auto found = store_.put(key_json, *message_key, json);
  if (!found) return std::move(found).error().within("row " + std::to_string(number));
  if (found->was == ChangeStore::Was::same) return {};
  const std::string_view op = fresh() ? "read" : found->was == ChangeStore::Was::absent ? "insert" : "update";
  const auto body = options_.changes == Changes::rows ? json : event(op, key_json, found->before, json);
  return publish({op, id_of(op, key_json, json), *message_key, body});
}

Status ChangeFeed::end(const Publish& publish) {
  return store_.each_gone([&](const ChangeStore::Gone& gone) -> Status {
    const auto id = id_of("delete", gone.key, {});
    if (options_.changes == Changes::events) {
      if (auto status = publish({"delete", id, gone.message_key, event("delete", gone.key, gone.before, {})}); !status.ok()) return status;
      if (!options_.tombstones) return {};
      return publish({"delete", id_of("tombstone", gone.key, {}), gone.message_key, {}, true});
    }
    return publish({"delete", id, gone.message_key, {}, true});
  });
}

}  // namespace qonduit::queue

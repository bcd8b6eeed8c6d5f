#include "core/pipeline/dataset_reader.hpp"

#include <utility>

#include "core/fetch/member_text.hpp"

namespace qonduit::pipeline {
namespace {

// What the adapter wants read instead of the published object; an empty handle when that is fine as it is. A reader without rights to
// definitions gets access denied here, which is no reason not to deliver what is visible.
Result<engine::Handle> session_object(engine::Session& session, const engine::Handle& object, plugin::RemoteAdapter& adapter) {
  auto reply = session.call(object.number(), "GetEffectiveProperties");
  if (!reply.ok()) {
    if (retryable(reply.status.code())) return std::move(reply.status);
    return engine::Handle();
  }
  const auto properties = fetch::member_text(reply.result, "qProp");
  if (!properties) return properties.error();
  auto definition = adapter.prepare(*properties);
  if (!definition) return std::move(definition).error();
  if (!*definition) return engine::Handle();
  return session.create_session_object(**definition);
}

}  // namespace

Result<fetch::Snapshot> look_at(engine::Session& session, const std::string& object_id, const std::stop_token& stop) {
  if (!session.health().ok()) {
    if (auto status = session.reconnect(stop); !status.ok()) return status;
  }
  auto handle = session.get_object(object_id);
  if (!handle) return std::move(handle).error();
  return fetch::Snapshot::take(session, std::move(*handle));
}

Result<std::unique_ptr<DatasetReader>> DatasetReader::open(engine::Session& session, plugin::RemoteAdapter& adapter, fetch::Snapshot seen,
                                                           const Run& run, fetch::Options options, const std::stop_token& stop) {
  auto replacement = session_object(session, seen.object(), adapter);
  if (!replacement) return std::move(replacement).error();
  if (*replacement) {
    auto snapshot = fetch::Snapshot::take(session, std::move(*replacement));
    if (!snapshot) return std::move(snapshot).error();
    seen = std::move(*snapshot);
  }
  std::unique_ptr<DatasetReader> reader(new DatasetReader(std::move(seen), adapter, run));
  auto opened = adapter.open(reader->run_, reader->snapshot_.layout_json());
  if (!opened) return std::move(opened).error();
  reader->opened_ = std::move(*opened);
  options.expected_rows = reader->opened_.rows;
  reader->fetcher_.emplace(session, reader->snapshot_, reader->source_, options, stop);
  return reader;
}

}  // namespace qonduit::pipeline

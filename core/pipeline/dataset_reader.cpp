#include "core/pipeline/dataset_reader.hpp"

#include <utility>

#include "core/fetch/member_text.hpp"
#include "core/logging/logging.hpp"

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

Result<ObjectPlan> plan_object(engine::Session& session, const std::vector<NamedAdapter>& adapters, const engine::ObjectRef& object,
                               const std::stop_token& stop) {
  auto seen = look_at(session, object.id, stop);
  if (!seen) return std::move(seen).error();
  const auto layout = seen->layout_json();
  auto facts = read_facts(layout);
  if (!facts) return std::move(facts).error();
  const auto census = take_census(layout);
  if (!census) return census.error();
  if (facts->type.empty()) facts->type = object.type;
  if (facts->title.empty()) facts->title = object.title;
  if (census->total() == 0) return ObjectPlan{std::move(*facts), nullptr, {}, {"holds no data"}, std::move(*seen)};

  const auto* adapter = choose_adapter(adapters, facts->type, layout);
  if (adapter == nullptr) {
    return Status(Code::unsupported, "no plugin reads objects of type '" + facts->type + "' with this kind of data (" +
                                         std::to_string(census->other) + " pivot, stacked or tree cubes, " + std::to_string(census->lists) +
                                         " lists); leave it out of 'objects', or install an adapter for it");
  }
  auto names = plugin::RemoteAdapter::datasets(*adapter->component, facts->type, layout);
  if (!names) return std::move(names).error();
  std::vector<std::string> notes;
  if (names->size() < static_cast<std::size_t>(census->total())) {
    notes.push_back("adapter '" + std::string(adapter->component->name()) + "' reads " + std::to_string(names->size()) + " of " +
                    std::to_string(census->total()) + " hypercubes and lists of this object");
    logging::log(logging::Level::warn, "left out data of an object that no adapter reads", {{"object", object.id}, {"note", notes.back()}});
  }
  return ObjectPlan{std::move(*facts), adapter, std::move(*names), std::move(notes), std::move(*seen)};
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

#include "core/pipeline/dataset_reader.hpp"

#include <algorithm>
#include <utility>

#include "core/fetch/member_text.hpp"

namespace qonduit::pipeline {
namespace {

// A reader without rights to definitions is denied access: no reason not to deliver what is visible.
bool denied(const Status& status) { return status.code() == Code::forbidden; }

// What the adapter wants read instead of the published object; an empty handle when that is fine as it is, or not to be had.
Result<engine::Handle> session_object(engine::Objects& engine, const Seen& seen, plugin::RemoteAdapter& adapter, const Run& run) {
  if (!seen.properties)
    return denied(seen.properties.error()) ? Result<engine::Handle>(engine::Handle()) : Result<engine::Handle>(seen.properties.error());
  auto definition = adapter.prepare(run, seen.snapshot.layout_json(), *seen.properties);
  if (!definition) return std::move(definition).error();
  if (!*definition) return engine::Handle();
  auto made = engine.create_session_object(**definition);
  if (!made && denied(made.error())) return engine::Handle();
  return made;
}

// Whether some column holds what the object computes beside its values.
Result<bool> delivers_attributes(const ArrowSchema& schema) {
  const auto columns = arrow::import_schema(schema);
  if (!columns) return columns.error();
  return std::any_of(columns->fields.begin(), columns->fields.end(),
                     [](const Field& field) { return field.find("qlik.role") == "attribute"; });
}

}  // namespace

Status ensure_connected(engine::Calls& engine, const std::stop_token& stop) {
  return engine.health().ok() ? Status() : engine.reconnect(stop);
}

Result<Seen> Seen::take(engine::Calls& engine, engine::Handle object) {
  engine::Reply reply;
  auto snapshot = fetch::Snapshot::take(engine, std::move(object), &reply);
  if (!snapshot) return std::move(snapshot).error();
  if (!reply.ok()) return Seen{std::move(*snapshot), std::move(reply.status)};
  const auto found = fetch::member_text(reply.result, "qProp");
  auto properties = found ? Result<std::string>(std::string(*found)) : Result<std::string>(found.error());
  return Seen{std::move(*snapshot), std::move(properties)};
}

Result<Seen> look_at(engine::Objects& engine, const std::string& object_id, const std::stop_token& stop) {
  if (auto status = ensure_connected(engine, stop); !status.ok()) return status;
  auto handle = engine.get_object(object_id);
  if (!handle) return std::move(handle).error();
  return Seen::take(engine, std::move(*handle));
}

Result<std::unique_ptr<DatasetReader>> DatasetReader::open(engine::Objects& engine, plugin::RemoteAdapter& adapter, Seen seen,
                                                           const Run& run, fetch::Options options, const std::stop_token& stop) {
  if (auto status = adapter.use_locale(seen.snapshot.locale()); !status.ok()) return status;
  auto replacement = session_object(engine, seen, adapter, run);
  if (!replacement) return std::move(replacement).error();
  const bool copied = static_cast<bool>(*replacement);
  if (copied) {
    auto snapshot = fetch::Snapshot::take(engine, std::move(*replacement));
    if (!snapshot) return std::move(snapshot).error();
    seen.snapshot = std::move(*snapshot);
  }
  std::unique_ptr<DatasetReader> reader(new DatasetReader(std::move(seen.snapshot), adapter, run));
  reader->copied_ = copied;
  auto opened = adapter.open(reader->run_, reader->snapshot_.layout_json());
  if (!opened) return std::move(opened).error();
  reader->opened_ = std::move(*opened);
  auto attributes = delivers_attributes(*reader->opened_.schema);
  if (!attributes) return std::move(attributes).error();
  reader->snapshot_.count(*attributes ? fetch::Beside::delivered : fetch::Beside::shown);
  reader->rows_ = reader->opened_.rows;
  // A limit beyond the end is none: then the end is checked.
  if (options.row_limit >= 0 && reader->rows_ >= 0 && reader->rows_ <= options.row_limit) options.row_limit = -1;
  reader->cells_ = reader->opened_.cells;
  if (options.row_limit >= 0 && reader->rows_ > 0) {
    if (reader->cells_ >= 0) reader->cells_ = reader->cells_ / reader->rows_ * options.row_limit;
    reader->rows_ = options.row_limit;
  }
  options.expected_rows = reader->rows_;
  reader->fetcher_.emplace(engine, reader->snapshot_, reader->source_, options, stop);
  const auto forecast = reader->fetcher_->forecast();
  if (!forecast) return forecast.error();
  // A row of a pivot's matrix may be several of a batch.
  if (forecast->rows >= 0) reader->rows_ = forecast->rows;
  return reader;
}

Result<fetch::Forecast> DatasetReader::forecast() {
  auto forecast = fetcher_->forecast();
  if (forecast && forecast->cells < 0) forecast->cells = cells_;
  return forecast;
}

Result<std::vector<std::string>> DatasetReader::findings() { return adapter_.findings(); }

std::vector<std::string> DatasetReader::remarks() const {
  if (!copied_) return {};
  return {"is read from a copy for this session, so that all of it can be read; the object in the app stays as it is"};
}

}  // namespace qonduit::pipeline

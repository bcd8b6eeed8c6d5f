#include "core/pipeline/dataset_reader.hpp"

#include <algorithm>
#include <utility>

#include "core/fetch/member_text.hpp"

namespace qonduit::pipeline {
namespace {

// A reader without rights to definitions is denied access: no reason not to deliver what is visible.
bool denied(const Status& status) { return status.code() == Code::forbidden; }

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
  return Looking(engine, engine::PendingHandle(std::move(object))).take();
}

Result<Seen> look_at(engine::Objects& engine, const std::string& object_id, const std::stop_token& stop) {
  if (auto status = ensure_connected(engine, stop); !status.ok()) return status;
  return Looking(engine, engine.begin_object(object_id)).take();
}

bool Looking::advance() {
  if (object_) {
    if (!object_->complete()) return false;
    look_at(object_->take());
  }
  return !look_ || look_->complete();
}

void Looking::look_at(Result<engine::Handle> handle) {
  object_.reset();
  if (handle)
    look_.emplace(engine_, std::move(*handle), true);
  else
    failure_ = std::move(handle).error();
}

Result<Seen> Looking::take() {
  if (object_) look_at(object_->take());
  if (!look_) return failure_;
  engine::Reply reply;
  auto snapshot = look_->take(&reply);
  if (!snapshot) return std::move(snapshot).error();
  if (!reply.ok()) return Seen{std::move(*snapshot), std::move(reply.status)};
  const auto found = fetch::member_text(reply.result, "qProp");
  auto properties = found ? Result<std::string>(std::string(*found)) : Result<std::string>(found.error());
  return Seen{std::move(*snapshot), std::move(properties)};
}

DatasetOpening::DatasetOpening(engine::Objects& engine, host::Adapter& adapter, Seen seen, const Run& run, const fetch::Options& options,
                               std::stop_token stop)
    : engine_(engine), adapter_(adapter), seen_(std::move(seen)), run_(run), options_(options), stop_(std::move(stop)) {
  failure_ = begin();
}

DatasetOpening::~DatasetOpening() = default;

// What the adapter wants read instead of the published object; the object itself where that is fine as it is.
Status DatasetOpening::begin() {
  if (auto status = adapter_.use_locale(seen_->snapshot.locale()); !status.ok()) return status;
  if (!seen_->properties) {
    if (!denied(seen_->properties.error())) return seen_->properties.error();
  } else {
    auto definition = adapter_.prepare(run_, seen_->snapshot.layout_json(), *seen_->properties);
    if (!definition) return std::move(definition).error();
    if (*definition) {
      copies_ = true;
      definition_ = std::move(**definition);
      return {};
    }
  }
  return make_reader(std::move(seen_->snapshot));
}

bool DatasetOpening::advance() {
  if (reader_ || !failure_.ok()) return true;
  if (!handle_ && !copy_) handle_.emplace(engine_.begin_session_object(definition_));
  if (handle_) {
    if (!handle_->complete()) return false;
    take_handle();
    if (reader_ || !failure_.ok()) return true;
  }
  if (!copy_->complete()) return false;
  take_copy();
  return true;
}

// The user may not make one: the object is read as it is.
void DatasetOpening::take_handle() {
  auto made = handle_->take();
  handle_.reset();
  if (made) return static_cast<void>(copy_.emplace(engine_, std::move(*made), false));
  copies_ = false;
  failure_ = denied(made.error()) ? make_reader(std::move(seen_->snapshot)) : std::move(made).error();
}

void DatasetOpening::take_copy() {
  auto snapshot = copy_->take();
  copy_.reset();
  failure_ = snapshot ? make_reader(std::move(*snapshot)) : std::move(snapshot).error();
}

Status DatasetOpening::make_reader(fetch::Snapshot snapshot) {
  auto reader = DatasetReader::make(engine_, adapter_, std::move(snapshot), copies_, run_, options_, stop_);
  if (!reader) return std::move(reader).error();
  reader_ = std::move(*reader);
  return {};
}

Result<std::unique_ptr<DatasetReader>> DatasetOpening::take() {
  if (!advance()) {
    if (handle_) take_handle();
    if (copy_) take_copy();
  }
  if (!failure_.ok()) return failure_;
  return std::move(reader_);
}

Result<std::unique_ptr<DatasetReader>> DatasetReader::open(engine::Objects& engine, host::Adapter& adapter, Seen seen, const Run& run,
                                                           const fetch::Options& options, const std::stop_token& stop) {
  return DatasetOpening(engine, adapter, std::move(seen), run, options, stop).take();
}

Result<std::unique_ptr<DatasetReader>> DatasetReader::make(engine::Calls& engine, host::Adapter& adapter, fetch::Snapshot snapshot,
                                                           bool copied, const Run& run, fetch::Options options,
                                                           const std::stop_token& stop) {
  std::unique_ptr<DatasetReader> reader(new DatasetReader(std::move(snapshot), adapter, run));
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
  reader->pages_ = forecast->pages;
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

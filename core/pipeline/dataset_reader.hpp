// Reads objects through adapters, apart from where the batches go: which adapter takes an object, which datasets it holds, and the
// batches of one of them. A run delivers them to sinks; a preview shows the first. Used by one thread. The session outlives both.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/engine/catalog.hpp"
#include "core/engine/session.hpp"
#include "core/fetch/fetcher.hpp"
#include "core/pipeline/object_source.hpp"
#include "core/plugin/remote_adapter.hpp"
#include "qonduit/sink.hpp"

namespace qonduit::pipeline {

// The object as it is now. Connects again first where the connection was lost.
Result<fetch::Snapshot> look_at(engine::Session& session, const std::string& object_id, const std::stop_token& stop);

// Everything about an object that is settled before its first page.
struct ObjectPlan {
  ObjectFacts facts;
  const NamedAdapter* adapter = nullptr;  // null: the object holds no data
  std::vector<std::string> datasets;
  std::vector<std::string> notes;  // what is left out, and why
  fetch::Snapshot seen;            // the object as it was when planned
};

// unsupported when the object holds data that no adapter reads.
Result<ObjectPlan> plan_object(engine::Session& session, const std::vector<NamedAdapter>& adapters, const engine::ObjectRef& object,
                               const std::stop_token& stop);

// One attempt at reading one dataset.
class DatasetReader {
 public:
  // Starts from `seen`. Where the adapter asks for a session object instead, that is made and read; it is destroyed with the reader.
  // The adapter outlives the reader.
  static Result<std::unique_ptr<DatasetReader>> open(engine::Session& session, plugin::RemoteAdapter& adapter, fetch::Snapshot seen,
                                                     const Run& run, fetch::Options options, const std::stop_token& stop);
  DatasetReader(const DatasetReader&) = delete;
  DatasetReader& operator=(const DatasetReader&) = delete;

  [[nodiscard]] const Run& run() const noexcept { return run_; }  // with the reload time of what is read
  [[nodiscard]] const ArrowSchema& schema() const noexcept { return *opened_.schema; }
  [[nodiscard]] std::int64_t rows() const noexcept { return opened_.rows; }  // -1: not known
  [[nodiscard]] const fetch::Counters& counters() const noexcept { return fetcher_->counters(); }
  // As Fetcher::next.
  Result<std::optional<arrow::ArrayHandle>> next() { return fetcher_->next(); }
  // After next() failed with bad_data: asks the adapter to widen for the reply that did not fit. Ok: a new reader will hold it.
  Status widen() { return source_.widen(); }

 private:
  DatasetReader(fetch::Snapshot snapshot, plugin::RemoteAdapter& adapter, const Run& run)
      : snapshot_(std::move(snapshot)), source_(adapter), run_(run) {
    run_.reload_time = snapshot_.reload_time();
  }

  fetch::Snapshot snapshot_;
  AdapterSource source_;
  Run run_;
  plugin::OpenedAdapter opened_;
  std::optional<fetch::Fetcher> fetcher_;
};

}  // namespace qonduit::pipeline

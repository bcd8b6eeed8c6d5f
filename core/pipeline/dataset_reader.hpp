// Reads one dataset of an object through its adapter, apart from where the batches go: a run delivers them to sinks, a preview shows the
// first. Used by one thread. What it asks outlives the reader.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/engine/calls.hpp"
#include "core/fetch/fetcher.hpp"
#include "core/fetch/snapshot.hpp"
#include "core/pipeline/batch_reader.hpp"
#include "core/pipeline/object_source.hpp"
#include "core/plugin/remote_adapter.hpp"
#include "qonduit/sink.hpp"

namespace qonduit::pipeline {

// Ok when there is a connection: connects again where it was lost.
Status ensure_connected(engine::Calls& engine, const std::stop_token& stop);

// An object as it is: its layout, and at the same moment its definition.
struct Seen {
  fetch::Snapshot snapshot;
  Result<std::string> properties;  // forbidden: the user may not see it

  static Result<Seen> take(engine::Calls& engine, engine::Handle object);
};
// The object as it is now. Connects again first where the connection was lost.
Result<Seen> look_at(engine::Objects& engine, const std::string& object_id, const std::stop_token& stop);

// One attempt at reading one dataset.
class DatasetReader final : public BatchReader {
 public:
  // Starts from `seen`; reads options.row_limit rows at most. Where the adapter asks for a session object instead, that is made and read;
  // it is destroyed with the reader. The adapter outlives the reader.
  static Result<std::unique_ptr<DatasetReader>> open(engine::Objects& engine, plugin::RemoteAdapter& adapter, Seen seen, const Run& run,
                                                     fetch::Options options, const std::stop_token& stop);

  [[nodiscard]] const Run& run() const noexcept override { return run_; }
  [[nodiscard]] const ArrowSchema& schema() const noexcept override { return *opened_.schema; }
  [[nodiscard]] std::int64_t rows() const noexcept override { return rows_; }
  [[nodiscard]] std::int64_t cells() const noexcept override { return cells_; }
  [[nodiscard]] const fetch::Counters& counters() const noexcept override { return fetcher_->counters(); }
  [[nodiscard]] std::vector<std::string> notes() const override {
    return opened_.note.empty() ? std::vector<std::string>() : std::vector<std::string>{opened_.note};
  }
  Result<std::optional<arrow::ArrayHandle>> next() override { return fetcher_->next(); }
  Result<fetch::Forecast> forecast() override;
  Result<std::vector<std::string>> findings() override;
  [[nodiscard]] std::vector<std::string> remarks() const override;
  // Asks the adapter to widen for the reply that did not fit.
  Status widen() override { return source_.widen(); }

 private:
  DatasetReader(fetch::Snapshot snapshot, plugin::RemoteAdapter& adapter, const Run& run)
      : snapshot_(std::move(snapshot)), adapter_(adapter), source_(adapter), run_(run) {
    run_.reload_time = snapshot_.reload_time();
  }

  fetch::Snapshot snapshot_;
  plugin::RemoteAdapter& adapter_;
  AdapterSource source_;
  Run run_;
  bool copied_ = false;  // a session object is read in place of the published one
  plugin::OpenedAdapter opened_;
  std::int64_t rows_ = -1, cells_ = -1;  // those that are read
  std::optional<fetch::Fetcher> fetcher_;
};

}  // namespace qonduit::pipeline

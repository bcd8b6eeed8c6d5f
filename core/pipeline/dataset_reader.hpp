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
#include "qonduit/host/adapter.hpp"
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

// A look at an object that is under way. Used by the thread that reads; the engine outlives it.
class Looking {
 public:
  Looking(engine::Calls& engine, engine::PendingHandle object) : engine_(engine), object_(std::move(object)) {}

  // Goes on as far as it can without waiting. True: take() does not wait.
  bool advance();
  // Waits. Once.
  Result<Seen> take();

 private:
  void look_at(Result<engine::Handle> handle);

  engine::Calls& engine_;
  std::optional<engine::PendingHandle> object_;
  std::optional<fetch::SnapshotLook> look_;
  Status failure_;
};

// The object as it is now. Connects again first where the connection was lost.
Result<Seen> look_at(engine::Objects& engine, const std::string& object_id, const std::stop_token& stop);

class DatasetReader;

// A reader on its way: made at once, or made in steps that do not wait, so that many are opened in the time of one.
class DatasetOpening {
 public:
  // Starts from `seen`; reads options.row_limit rows at most. Where the adapter asks for a session object instead, that is made and read;
  // it is destroyed with the reader. Engine and adapter outlive the opening and the reader.
  DatasetOpening(engine::Objects& engine, host::Adapter& adapter, Seen seen, const Run& run, const fetch::Options& options,
                 std::stop_token stop);
  DatasetOpening(const DatasetOpening&) = delete;
  DatasetOpening& operator=(const DatasetOpening&) = delete;
  ~DatasetOpening();

  // Whether a session object is made. It costs the engine memory.
  [[nodiscard]] bool copies() const noexcept { return copies_; }
  // The reader, where there is one already. Reading ahead begins with that.
  [[nodiscard]] DatasetReader* reader() const noexcept { return reader_.get(); }
  // Goes on as far as it can without waiting. True: take() does not wait.
  bool advance();
  // Waits. Once.
  Result<std::unique_ptr<DatasetReader>> take();

 private:
  Status begin();
  void take_handle();
  void take_copy();
  Status make_reader(fetch::Snapshot snapshot);

  engine::Objects& engine_;
  host::Adapter& adapter_;
  std::optional<Seen> seen_;
  Run run_;
  fetch::Options options_;
  std::stop_token stop_;
  bool copies_ = false;
  std::string definition_;                       // of the session object
  std::optional<engine::PendingHandle> handle_;  // while it is made
  std::optional<fetch::SnapshotLook> copy_;      // while it is looked at
  std::unique_ptr<DatasetReader> reader_;
  Status failure_;
};

// One attempt at reading one dataset.
class DatasetReader final : public BatchReader {
 public:
  // See DatasetOpening, which this makes and waits for.
  static Result<std::unique_ptr<DatasetReader>> open(engine::Objects& engine, host::Adapter& adapter, Seen seen, const Run& run,
                                                     const fetch::Options& options, const std::stop_token& stop);

  [[nodiscard]] const Run& run() const noexcept override { return run_; }
  [[nodiscard]] const ArrowSchema& schema() const noexcept override { return *opened_.schema; }
  [[nodiscard]] std::int64_t rows() const noexcept override { return rows_; }
  [[nodiscard]] std::int64_t cells() const noexcept override { return cells_; }
  [[nodiscard]] const fetch::Counters& counters() const noexcept override { return fetcher_->counters(); }
  [[nodiscard]] std::vector<std::string> notes() const override {
    return opened_.note.empty() ? std::vector<std::string>() : std::vector<std::string>{opened_.note};
  }
  Result<std::optional<arrow::ArrayHandle>> next() override { return fetcher_->next(); }
  // Reads ahead: see Fetcher.
  void advance() { fetcher_->advance(); }
  // Calls that bring rows; -1: not known.
  [[nodiscard]] std::int64_t pages() const noexcept { return pages_; }
  [[nodiscard]] bool spoilt() const { return fetcher_->spoilt(); }
  Result<fetch::Forecast> forecast() override;
  Result<std::vector<std::string>> findings() override;
  [[nodiscard]] std::vector<std::string> remarks() const override;
  // Asks the adapter to widen for the reply that did not fit.
  Status widen() override { return source_.widen(); }

 private:
  friend class DatasetOpening;
  static Result<std::unique_ptr<DatasetReader>> make(engine::Calls& engine, host::Adapter& adapter, fetch::Snapshot snapshot, bool copied,
                                                     const Run& run, fetch::Options options, const std::stop_token& stop);
  DatasetReader(fetch::Snapshot snapshot, host::Adapter& adapter, const Run& run)
      : snapshot_(std::move(snapshot)), adapter_(adapter), source_(adapter, snapshot_), run_(run) {
    run_.reload_time = snapshot_.reload_time();
  }

  fetch::Snapshot snapshot_;
  host::Adapter& adapter_;
  AdapterSource source_;
  Run run_;
  bool copied_ = false;  // a session object is read in place of the published one
  host::OpenedAdapter opened_;
  std::int64_t rows_ = -1, cells_ = -1;  // those that are read
  std::int64_t pages_ = -1;
  std::optional<fetch::Fetcher> fetcher_;
};

}  // namespace qonduit::pipeline

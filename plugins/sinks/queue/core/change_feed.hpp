// Rows of a delivery to the changes since the one before it: what is published in place of the rows (mode = changes). One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "change_store.hpp"
#include "pending_changes.hpp"
#include "queue_options.hpp"
#include "row_key.hpp"

namespace qonduit::queue {

// A message to be. Borrowed for the call it is passed to.
struct Change {
  std::string_view op;  // read, insert, update, delete
  std::string_view id;  // the same when the same change is published again by a later run, and nothing else of its key was in between
  std::string_view key, body;
  std::uint64_t row = 0;  // of the delivery, from 1; behind the last row: their number
  bool tombstone = false;
};

class ChangeFeed {
 public:
  using Publish = std::function<Status(const Change&)>;

  // destination: where the delivery goes; each has a state of its own.
  static Result<std::unique_ptr<ChangeFeed>> open(const QueueOptions& options, const Run& run, std::string_view destination);
  // Whether a delivery of this dataset went to the destination before.
  [[nodiscard]] static bool known(const QueueOptions& options, const Run& run, std::string_view destination);

  // Whether nothing is known of what a consumer has: every row is published, as read.
  [[nodiscard]] bool fresh() const { return store_.fresh(); }
  // Whether the consumer has no row.
  [[nodiscard]] bool empty() const { return store_.empty(); }
  // Changes are published in pieces: their keys are on disk before, so that whatever becomes of this delivery the next one knows of which
  // keys it does not know what the consumer has. Of those it publishes the present truth.
  Status row(RowKey& key, const BatchView& batch, std::int64_t row, std::uint64_t number, std::string_view json, const Publish& publish);
  // Deletes what did not come, behind the last row.
  Status end(const Publish& publish);
  Status commit();

 private:
  ChangeFeed(const QueueOptions& options, const std::string& path, std::string source)
      : options_(options), store_(path, options.before), pending_(path + ".pending"), source_(std::move(source)) {}
  // One that waits for its piece to be full.
  struct Waiting {
    std::string op, id, key, message_key, body, hash;
    std::uint64_t row = 0;
    bool tombstone = false;
  };
  using Pending = std::optional<PendingChanges::Entry>;

  [[nodiscard]] std::string id_of(std::string_view op, std::string_view key, std::string_view row, const Pending& pending,
                                  std::string_view hash) const;
  [[nodiscard]] static std::string event(std::string_view op, std::string_view key, std::string_view before, std::string_view after);
  Status wait(Waiting change, const Publish& publish);
  Status gone(std::string_view key, std::string_view message_key, std::string_view before, const Pending& pending, const Publish& publish);
  Status publish_waiting(const Publish& publish);

  QueueOptions options_;
  ChangeStore store_;
  PendingChanges pending_;
  std::string source_;
  std::vector<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t rows_ = 0;
};

}  // namespace qonduit::queue

// Rows of a delivery to the changes since the one before it: what is published in place of the rows (mode = changes). One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "change_store.hpp"
#include "queue_options.hpp"
#include "row_key.hpp"

namespace qonduit::queue {

// A message to be. Borrowed for the call it is passed to.
struct Change {
  std::string_view op;  // read, insert, update, delete
  std::string_view id;  // the same when the same change is published again by a later run
  std::string_view key, body;
  bool tombstone = false;
};

class ChangeFeed {
 public:
  using Publish = std::function<Status(const Change&)>;

  // destination: where the delivery goes; each has a state of its own.
  static Result<std::unique_ptr<ChangeFeed>> open(const QueueOptions& options, const Run& run, std::string_view destination);

  // Whether nothing is known of what a consumer has: every row is published, as read.
  [[nodiscard]] bool fresh() const { return store_.fresh(); }
  Status row(RowKey& key, const BatchView& batch, std::int64_t row, std::uint64_t number, std::string_view json, const Publish& publish);
  // Deletes what did not come, behind the last row.
  Status end(const Publish& publish);
  Status commit() { return store_.commit(); }

 private:
  ChangeFeed(const QueueOptions& options, const std::string& path, std::string source)
      : options_(options), store_(path, options.before), source_(std::move(source)) {}
  std::string_view id_of(std::string_view op, std::string_view key, std::string_view row);
  std::string_view event(std::string_view op, std::string_view key, std::string_view before, std::string_view after);

  QueueOptions options_;
  ChangeStore store_;
  std::string source_;
  std::string id_, event_;
};

}  // namespace qonduit::queue

// What deliveries that did not come to their end have published of a dataset, or were about to: of these keys nobody knows what a consumer
// has. Recorded before it is published, in a SQLite file beside the state, which moves only when a delivery is complete. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sqlite_file.hpp"

namespace qonduit::queue {

class PendingChanges {
 public:
  // What was published last of a key.
  struct Entry {
    std::string hash;  // of the row; empty: that it is gone
    std::uint64_t attempt = 0;
  };
  struct Key {
    std::string_view key, message_key;
    Entry last;
  };

  explicit PendingChanges(std::string path) : file_("the pending changes", std::move(path)) {}

  // generation: of the state that this delivery is compared with. What is pending of an earlier one was settled by its successor.
  Status begin(std::uint64_t generation);
  [[nodiscard]] bool empty() const { return empty_; }
  // Which delivery from this state this one is; 0: no other has published anything.
  [[nodiscard]] std::uint64_t attempt() const { return attempt_; }
  // Of a key of the delivery: none when nothing is pending of it.
  Result<std::optional<Entry>> find(std::string_view key);
  // The keys that find() was not asked for. Stops at the first failure of `each`.
  Status each_left(const std::function<Status(const Key&)>& each);

  // To be published, at the next sync.
  Status add(std::string_view key, std::string_view message_key, std::string_view hash);
  // ENSURES: what was added is durable when ok.
  Status sync();
  // Call it after the state was committed. If it fails, the next begin() removes the entries: they are of an older generation.
  void clear() noexcept;

 private:
  Status load();

  SqliteFile file_;
  SqliteFile::Statement find_, seen_, add_;
  std::uint64_t generation_ = 0, attempt_ = 0;
  bool empty_ = true;
  bool adding_ = false;  // a transaction is open
};

}  // namespace qonduit::queue

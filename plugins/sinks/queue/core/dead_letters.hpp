// Messages a broker refused for good, kept in a file for each delivery, a line for each (dead_letter.hpp): DIRECTORY/PIPELINE.OBJECT.
// DATASET.RUN.jsonl. A line is durable before the delivery commits. Several processes may write to a file and replay it. One thread.
#pragma once

#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dead_letter.hpp"
#include "message.hpp"
#include "publisher.hpp"

namespace qonduit::queue {

class DeadLetters {
 public:
  // directory: empty: nothing is kept, and add() says why the run fails. It must exist.
  DeadLetters(std::string directory, std::int64_t limit) : directory_(std::move(directory)), limit_(limit) {}

  // Of another delivery.
  void begin(const Run& run, const Destination& destination);
  // ok when it was kept; bad_data when there is nowhere to keep it, or no room: it says why the broker refused.
  Status add(const Refused& refused);
  // What add() wrote is durable.
  Status sync();

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  // Of all deliveries, by name. unsupported when there is no directory.
  [[nodiscard]] Result<std::vector<DeadLetterFile>> files() const;
  // Publishes the messages of one of these files again (dead_letter_replay.hpp).
  Status replay(std::string_view path, Publisher& publisher, std::uint64_t message_max, Replayed& replayed) const;

 private:
  Status append(std::string_view line);

  std::string directory_;
  std::int64_t limit_;
  std::string path_;
  DeadLetter delivery_;  // what the letters of a delivery have in common
  std::int64_t count_ = 0;
  bool written_ = false;
};

}  // namespace qonduit::queue

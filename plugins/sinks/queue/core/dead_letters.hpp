// Messages a broker refused for good, kept in a file for each delivery: one JSON object a line, with the reason, where it was going, its
// key, headers and body (as text where it is UTF-8, otherwise in base64). A line is durable before the delivery commits. One thread.
#pragma once

#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <string>
#include <utility>

#include "message.hpp"

namespace qonduit::queue {

class DeadLetters {
 public:
  // directory: empty: nothing is kept, and add() says why the run fails. It must exist.
  DeadLetters(std::string directory, std::int64_t limit) : directory_(std::move(directory)), limit_(limit) {}

  // Of another delivery.
  void begin(const Run& run, const Headers& headers);
  // ok when it was kept; bad_data when there is nowhere to keep it, or no room: it says why the broker refused.
  Status add(const Refused& refused);
  // What add() wrote is durable.
  Status sync();

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Status append(std::string_view line);

  std::string directory_;
  std::int64_t limit_;
  std::string path_, context_;
  std::int64_t count_ = 0;
  bool written_ = false;
};

}  // namespace qonduit::queue

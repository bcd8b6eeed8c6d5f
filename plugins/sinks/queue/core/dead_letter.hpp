// A message that the broker refused for good, as a line of a dead letter file: one JSON object. Bytes stand as text where they are UTF-8,
// otherwise in base64 under the name with _base64 behind it. Lines of versions before have fewer members; what is not there is empty.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "message.hpp"
#include "publisher.hpp"

namespace qonduit::queue {

struct DeadLetter {
  std::string time;         // of the refusal: UTC, ISO 8601
  std::string reason;       // the broker's
  std::string destination;  // words for people: Publisher::target()
  Destination to;           // where it is sent again; its name, rows_header and headers are members of the line
  MessageKind kind = MessageKind::row;
  std::string id, content_type;
  std::uint64_t rows = 0;  // in the body
  std::string pipeline, run, app, object, dataset;
  std::optional<std::string> key;
  std::string body;
  std::string op;          // of a change
  bool tombstone = false;  // no body

  // Now, with this reason. Only the words of what was refused are read.
  void refuse(const Refused& refused);
  // Borrowed from this letter.
  [[nodiscard]] Message message() const { return {kind, id, key, body, content_type, rows, tombstone, op}; }
};

// What a line held. missing: the members without which it cannot be sent again, separated by commas; empty: it can.
struct ReadLetter {
  DeadLetter letter;
  std::string missing;
};

// With the line feed.
void append_line(const DeadLetter& letter, std::string& out);
// bad_data when the line is no JSON object, or a member is not of its type.
Result<ReadLetter> parse_line(std::string_view line);

}  // namespace qonduit::queue

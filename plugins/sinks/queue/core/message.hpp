// What goes to a broker. Bodies and keys are bytes; everything is borrowed for the call it is passed to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::queue {

using Headers = std::vector<std::pair<std::string, std::string>>;

// row: one row, or several; marker: that a delivery started, completed, or was aborted.
enum class MessageKind : std::uint8_t { row, marker };

[[nodiscard]] constexpr std::string_view to_string(MessageKind kind) noexcept {
  switch (kind) {
    case MessageKind::row: return "row";
    case MessageKind::marker: return "marker";
  }
  return "unknown";
}

struct Message {
  MessageKind kind = MessageKind::row;
  std::string_view id = {};  // the same whenever the same message is sent again
  std::optional<std::string_view> key = std::nullopt;
  std::string_view body = {};
  std::string_view content_type = {};
  std::uint64_t rows = 0;    // in the body
  bool tombstone = false;    // no body: the key is gone
  std::string_view op = {};  // of a change: read, insert, update, delete; empty: a row of a snapshot
};

// A message that the broker refused for good.
struct Refused {
  Message message;
  std::string_view destination;
  std::string reason;
};

}  // namespace qonduit::queue

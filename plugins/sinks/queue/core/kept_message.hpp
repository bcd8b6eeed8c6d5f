// A message with copies of what it holds: what may have to be sent again. Buffers are used again. A value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "message.hpp"

namespace qonduit::queue {

struct KeptMessage {
  MessageKind kind = MessageKind::row;
  std::string id, key, body, content_type, op;
  bool has_key = false, tombstone = false;
  std::uint64_t rows = 0;

  void keep(const Message& message) {
    kind = message.kind;
    id = message.id;
    has_key = message.key.has_value();
    key = message.key.value_or("");
    body = message.body;
    content_type = message.content_type;
    rows = message.rows;
    tombstone = message.tombstone;
    op = message.op;
  }
  // Borrowed from this.
  [[nodiscard]] Message message() const {
    return {kind, id, has_key ? std::optional<std::string_view>(key) : std::nullopt, body, content_type, rows, tombstone, op};
  }
};

}  // namespace qonduit::queue

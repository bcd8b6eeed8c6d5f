// The envelope of JSON-RPC messages: the fast reading agrees with the full one wherever both succeed.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/engine/envelope.hpp"
#include "core/engine/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace engine = qonduit::engine;
  const std::string padded = std::string(reinterpret_cast<const char*>(data), size) + std::string(engine::Message::kPadding, ' ');
  const std::string_view text = std::string_view(padded).substr(0, size);
  const auto full = engine::parse_envelope_fully(text);
  const auto fast = engine::parse_envelope_fast(text);
  if (full && fast && full->id && full->id != fast->id) std::abort();
  static_cast<void>(engine::parse_envelope(text));
  return 0;
}

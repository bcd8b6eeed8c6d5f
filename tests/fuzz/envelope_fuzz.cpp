// The envelope of JSON-RPC messages: the fast reading agrees with the full one on every message that is JSON and says each member once.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include <simdjson.h>

#include "core/engine/envelope.hpp"
#include "core/engine/message.hpp"

namespace {

// Neither reading checks what is inside the result: that is for those who read it.
bool well_formed(const std::string& text) {
  static simdjson::dom::parser parser;
  simdjson::dom::object members;
  if (parser.parse(text).get(members) != simdjson::SUCCESS) return false;
  std::set<std::string_view> names;
  for (const auto member : members) {
    if (!names.insert(member.key).second) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace engine = qonduit::engine;
  const std::string padded = std::string(reinterpret_cast<const char*>(data), size) + std::string(engine::Message::kPadding, ' ');
  const std::string_view text = std::string_view(padded).substr(0, size);
  const auto full = engine::parse_envelope_fully(text);
  const auto fast = engine::parse_envelope_fast(text);
  if (full && fast && full->id && full->id != fast->id && well_formed(std::string(text))) std::abort();
  static_cast<void>(engine::parse_envelope(text));
  return 0;
}

// The few members around a result that may be a megabyte, read without looking into the result.
//
// Real frames have id before result, and behind the result nothing but change, close, suspend and delta. The fast way reads the front up
// to "result", then the tail backwards from the closing brace, token by token. Backwards is rigorous here because it only ever accepts
// complete known members: the last character of a message is its closing brace; if the character before it is ']' or the end of true or
// false, it cannot lie inside a text, since a text would end in a quote; a list of integers and the known, escape-free name in front of it
// are then read to the comma before. Whatever is not of this form ends the tail, and what remains must end in '}'. That brace is the
// result's own as long as no member unknown to the protocol, with an object for its value, stands behind the result; where one does, result
// has it as trailing text (readers of result stop at the end of its first value) and what stands before it is not read. A member of any
// other value, any doubt, and every small message goes the slow way: a full parse. Tests hold both to the same answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "qonduit/status.hpp"

namespace qonduit::engine {

struct Envelope {
  std::optional<std::uint64_t> id;
  std::string_view result;  // raw JSON; empty when there is none
  std::string_view error;   // raw JSON of the error object; empty when there is none
  std::string_view method;  // of a notification, without quotes
  std::string_view params;  // raw JSON of a notification's params
  std::vector<int> changed, closed, suspended;
  bool delta = false;
};

// bad_data when text is no JSON object, or ends early. REQUIRES: Message::kPadding readable bytes behind text.
Result<Envelope> parse_envelope(std::string_view text);

// The two ways, for tests: the fast one answers nothing when it is not sure.
std::optional<Envelope> parse_envelope_fast(std::string_view text);
Result<Envelope> parse_envelope_fully(std::string_view text);

}  // namespace qonduit::engine

// mask.COLUMN: values that are not to leave the host. The result is text, a null stays null.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/pipeline/transform/keyed_hash.hpp"
#include "core/pipeline/transform/owned_columns.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline::transform {

enum class Mask : std::uint8_t {
  none,
  hash,    // the first 32 hexadecimal digits of HMAC-SHA-256 over the value's text
  redact,  // ***
  last4,   // **** and the last four code points; **** alone where there are no more than four
};

constexpr std::size_t kHashDigits = 32;
constexpr std::string_view kRedacted = "***";
constexpr std::string_view kHidden = "****";

// **** and the last four code points of a UTF-8 text; nothing of it where it has no more than four.
std::string_view last_four(std::string_view text);

// The column masked, utf8. A dictionary is masked once and its indices are kept. REQUIRES: key is given for hash.
Result<OwnedColumn> mask_column(OwnedColumn column, Type type, Mask mask, KeyedHash* key);

}  // namespace qonduit::pipeline::transform

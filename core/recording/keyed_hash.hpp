// SipHash-2-4: a short text and a secret key in, 64 bits out that say nothing of either to those without the key. Thread-safe. Source:
// Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), whose test vector is in the tests.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "qonduit/status.hpp"

namespace qonduit::recording {

using Key = std::array<std::uint8_t, 16>;

std::uint64_t keyed_hash(const Key& key, std::string_view text);
// From the system's source of randomness. io when there is none.
Result<Key> random_key();

}  // namespace qonduit::recording

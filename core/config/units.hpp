// Durations and sizes as people write them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qonduit::config {

// "250ms", "30s", "15m", "1h", "7d".
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
// The shortest of the above: 60000 ms is "1m".
std::string duration_text(std::chrono::milliseconds duration);
// "512", "64KiB", "256MiB", "1GiB".
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace qonduit::config

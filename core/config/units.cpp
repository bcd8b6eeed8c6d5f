#include "core/config/units.hpp"

#include "qonduit/units.hpp"

namespace qonduit::config {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto milliseconds = qonduit::parse_milliseconds(text);
  if (!milliseconds) return std::nullopt;
  return std::chrono::milliseconds(*milliseconds);
}

std::string duration_text(std::chrono::milliseconds duration) {
  const auto count = duration.count();
  if (count == 0) return "0s";
  if (count % 86'400'000 == 0) return std::to_string(count / 86'400'000) + "d";
  if (count % 3'600'000 == 0) return std::to_string(count / 3'600'000) + "h";
  if (count % 60'000 == 0) return std::to_string(count / 60'000) + "m";
  if (count % 1000 == 0) return std::to_string(count / 1000) + "s";
  return std::to_string(count) + "ms";
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto bytes = qonduit::parse_bytes(text);
  if (!bytes) return std::nullopt;
  return static_cast<std::uint64_t>(*bytes);
}

}  // namespace qonduit::config

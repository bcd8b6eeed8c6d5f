#include "core/config/units.hpp"

#include "qonduit/detail/option_text.hpp"

namespace qonduit::config {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto milliseconds = qonduit::detail::parse_milliseconds(text);
  if (!milliseconds) return std::nullopt;
  return std::chrono::milliseconds(*milliseconds);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto bytes = qonduit::detail::parse_bytes(text);
  if (!bytes) return std::nullopt;
  return static_cast<std::uint64_t>(*bytes);
}

}  // namespace qonduit::config

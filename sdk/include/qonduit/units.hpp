// Durations and sizes as people write them: "250ms", "15m", "64KiB". Any thread.
#pragma once

#include <qonduit/text.hpp>

#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace qonduit {

using Unit = std::pair<std::string_view, std::int64_t>;  // its name, and how much it is

// A whole number with a unit: the number, and the factor of the unit found, or nothing.
[[nodiscard, gnu::cold]] inline std::optional<std::int64_t> with_unit(std::string_view text, std::initializer_list<Unit> units) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  for (const auto& [name, factor] : units) {
    if (name != unit) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / factor) return std::nullopt;
    return number * factor;
  }
  return std::nullopt;
}

// The number in the first of these units that divides it; the last must.
[[nodiscard, gnu::cold]] inline std::string in_largest_unit(std::int64_t number, std::initializer_list<Unit> units) {
  for (const auto& [name, factor] : units) {
    if (number % factor == 0) return concat({std::to_string(number / factor), name});
  }
  return {};
}

[[nodiscard, gnu::cold]] inline std::optional<std::int64_t> parse_milliseconds(std::string_view text) {
  return with_unit(text, {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}});
}

[[nodiscard, gnu::cold]] inline std::optional<std::int64_t> parse_bytes(std::string_view text) {
  return with_unit(text, {{"", 1}, {"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}});
}

}  // namespace qonduit

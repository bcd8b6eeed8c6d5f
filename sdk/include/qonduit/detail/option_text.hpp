// Texts to option values and back: what options.hpp is made of.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <locale>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace qonduit {

// A number of bytes, written "512", "64KiB", "16MiB", "1GiB".
struct Bytes {
  std::uint64_t count = 0;
  friend bool operator==(const Bytes&, const Bytes&) = default;
};

namespace detail {

struct OptionTraits {
  bool required = false;
  bool secret = false;
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  std::array<std::pair<std::string_view, std::int64_t>, 12> values{};
  std::size_t value_count = 0;
};

template <typename T>
struct is_option_map : std::false_type {};
template <typename T>
struct is_option_map<std::map<std::string, T>> : std::true_type {};

template <typename T>
struct is_optional : std::false_type {};
template <typename T>
struct is_optional<std::optional<T>> : std::true_type {};

template <typename T>
struct option_value {
  using type = T;
};
template <typename T>
struct option_value<std::optional<T>> {
  using type = T;
};
template <typename T>
struct option_value<std::map<std::string, T>> {
  using type = T;
};
template <typename T>
using option_value_t = typename option_value<T>::type;

template <typename T>
constexpr std::string_view type_name() {
  if constexpr (std::is_enum_v<T>)
    return "enum";
  else if constexpr (std::is_same_v<T, bool>)
    return "bool";
  else if constexpr (std::is_same_v<T, char>)
    return "char";
  else if constexpr (std::is_integral_v<T>)
    return "integer";
  else if constexpr (std::is_floating_point_v<T>)
    return "number";
  else if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
    return "duration";
  else if constexpr (std::is_same_v<T, Bytes>)
    return "size";
  else
    return "string";
}

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// A whole number with a unit: the number, and the factor of the unit found, or nothing.
inline std::optional<std::int64_t> with_unit(std::string_view text,
                                             std::initializer_list<std::pair<std::string_view, std::int64_t>> units) {
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

inline std::optional<std::int64_t> parse_milliseconds(std::string_view text) {
  return with_unit(text, {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}});
}

inline std::optional<std::int64_t> parse_bytes(std::string_view text) {
  return with_unit(text, {{"", 1}, {"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}});
}

inline std::string out_of_range(const OptionTraits& traits, std::string_view text) {
  return "'" + std::string(text) + "' is out of range: " + std::to_string(traits.low) + " to " + std::to_string(traits.high);
}

inline std::string names_of(const OptionTraits& traits) {
  std::string names;
  for (std::size_t i = 0; i < traits.value_count; ++i) names += (i == 0 ? "" : ", ") + std::string(traits.values[i].first);
  return names;
}

// The problem in words, empty when there is none.
template <typename T>
std::string parse_value(const OptionTraits& traits, std::string_view text, T& value) {
  const auto quoted = "'" + std::string(text.substr(0, 200)) + "'";
  if constexpr (is_optional<T>::value) {
    typename T::value_type inner{};
    auto problem = parse_value(traits, text, inner);
    if (problem.empty()) value = std::move(inner);
    return problem;
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = std::string(text);
    return {};
  } else if constexpr (std::is_enum_v<T>) {
    for (std::size_t i = 0; i < traits.value_count; ++i) {
      if (traits.values[i].first != text) continue;
      value = static_cast<T>(traits.values[i].second);
      return {};
    }
    return quoted + " is none of: " + names_of(traits);
  } else if constexpr (std::is_same_v<T, bool>) {
    const auto word = lower(text);
    if (word == "true" || word == "yes" || word == "on") return value = true, std::string();
    if (word == "false" || word == "no" || word == "off") return value = false, std::string();
    return quoted + " is neither true nor false";
  } else if constexpr (std::is_same_v<T, char>) {
    if (text == "\\t" || text == "tab") return value = '\t', std::string();
    if (text == "space") return value = ' ', std::string();
    if (text.size() != 1) return quoted + " is not a single character (a tab is written \\t)";
    value = text.front();
    return {};
  } else if constexpr (std::is_integral_v<T>) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) return quoted + " is too large";
    if (error != std::errc() || end != text.data() + text.size()) return quoted + " is no whole number";
    if (static_cast<std::int64_t>(value) < traits.low || static_cast<std::int64_t>(value) > traits.high) return out_of_range(traits, text);
    return {};
  } else if constexpr (std::is_floating_point_v<T>) {
    // Not from_chars: libc++ 14 has none for floating point. The classic locale keeps the decimal point a point.
    std::istringstream stream{std::string(text)};
    stream.imbue(std::locale::classic());
    stream >> std::noskipws >> value;
    if (stream.fail() || stream.peek() != std::istringstream::traits_type::eof()) return quoted + " is no number";
    if (value < static_cast<T>(traits.low) || value > static_cast<T>(traits.high)) return out_of_range(traits, text);
    return {};
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    const auto parsed = parse_milliseconds(text);
    if (!parsed) return quoted + " is no duration: write 250ms, 30s, 15m, 1h or 7d";
    if (*parsed < traits.low || *parsed > traits.high) return out_of_range(traits, text);
    value = std::chrono::milliseconds(*parsed);
    return {};
  } else {
    static_assert(std::is_same_v<T, Bytes>, "no option can have this type");
    const auto parsed = parse_bytes(text);
    if (!parsed) return quoted + " is no size: write 512, 64KiB, 16MiB or 1GiB";
    if (*parsed < traits.low || *parsed > traits.high) return out_of_range(traits, text);
    value.count = static_cast<std::uint64_t>(*parsed);
    return {};
  }
}

template <typename T>
std::string show_value(const OptionTraits& traits, const T& value) {
  if constexpr (is_optional<T>::value) {
    return value ? show_value(traits, *value) : std::string();
  } else if constexpr (std::is_same_v<T, std::string>) {
    return value;
  } else if constexpr (std::is_enum_v<T>) {
    for (std::size_t i = 0; i < traits.value_count; ++i) {
      if (traits.values[i].second == static_cast<std::int64_t>(value)) return std::string(traits.values[i].first);
    }
    return {};
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, char>) {
    return value == '\t' ? "\\t" : std::string(1, value);
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    const auto count = value.count();
    if (count != 0 && count % 3'600'000 == 0) return std::to_string(count / 3'600'000) + "h";
    if (count != 0 && count % 60'000 == 0) return std::to_string(count / 60'000) + "m";
    if (count % 1000 == 0) return std::to_string(count / 1000) + "s";
    return std::to_string(count) + "ms";
  } else if constexpr (std::is_same_v<T, Bytes>) {
    if (value.count != 0 && value.count % (1u << 20) == 0) return std::to_string(value.count >> 20) + "MiB";
    if (value.count != 0 && value.count % (1u << 10) == 0) return std::to_string(value.count >> 10) + "KiB";
    return std::to_string(value.count);
  } else {
    char text[64];
    const auto result = std::to_chars(text, text + sizeof text, value);
    return std::string(text, result.ptr);
  }
}

// How many letters to insert, drop or change to get from one to the other.
inline std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const auto changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row[to.size()];
}

// " (did you mean 'x'?)", or what there is to choose from.
inline std::string suggestion(std::string_view key, const std::vector<std::string_view>& names) {
  std::string_view best;
  std::size_t best_distance = key.size() / 3 + 2;
  std::string all;
  for (const auto name : names) {
    all += (all.empty() ? "" : ", ") + std::string(name);
    const auto distance = edit_distance(key, name);
    if (distance < best_distance) best = name, best_distance = distance;
  }
  if (!best.empty()) return " (did you mean '" + std::string(best) + "'?)";
  return all.empty() ? " (there are none)" : " (there are: " + all + ")";
}

inline std::string json_string(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kDigits[(c >> 4) & 0xF];
      out += kDigits[c & 0xF];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace detail
}  // namespace qonduit

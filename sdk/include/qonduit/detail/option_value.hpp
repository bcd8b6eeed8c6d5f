// Values of options: from text, to text, and what a row of the table knows about the type of its member.
#pragma once

#include <qonduit/list.hpp>
#include <qonduit/text.hpp>
#include <qonduit/units.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <locale>
#include <map>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
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

// The name of a value of an enum.
struct OptionWord {
  std::string_view name;
  std::int64_t number = 0;
};

// What a value may be: a number of this range, a word of an enum.
struct OptionLimits {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  std::span<const OptionWord> words = {};
};

// A value and what is wrong with it.
[[gnu::cold]] inline std::string wrong_value(std::string_view text, std::string_view problem) {
  return concat({"'", text.substr(0, 200), "'", problem});
}

[[gnu::cold]] inline std::string out_of_range(const OptionLimits& limits, std::string_view text) {
  return concat({"'", text, "' is out of range: ", std::to_string(limits.low), " to ", std::to_string(limits.high)});
}

[[gnu::cold]] inline const OptionWord* find_word(const OptionLimits& limits, std::string_view text) noexcept {
  for (const auto& word : limits.words) {
    if (word.name == text) return &word;
  }
  return nullptr;
}

[[gnu::cold]] inline std::string none_of_the_words(const OptionLimits& limits, std::string_view text) {
  auto problem = wrong_value(text, " is none of: ");
  for (const auto& word : limits.words) problem.append(&word == limits.words.data() ? "" : ", ").append(word.name);
  return problem;
}

[[gnu::cold]] inline std::string word_for(const OptionLimits& limits, std::int64_t number) {
  for (const auto& word : limits.words) {
    if (word.number == number) return std::string(word.name);
  }
  return {};
}

// parse_value: text into a value of each type. The problem in words, empty when there is none.
[[gnu::cold]] inline std::string parse_value(const OptionLimits&, std::string_view text, std::string& value) {
  value = text;
  return {};
}

[[gnu::cold]] inline std::string parse_value(const OptionLimits&, std::string_view text, std::vector<std::string>& value) {
  auto items = parse_list(text);
  if (!items) return items.error().message();
  value = std::move(*items);
  return {};
}

[[gnu::cold]] inline std::string parse_value(const OptionLimits&, std::string_view text, bool& value) {
  const auto word = ascii_lower(text);
  value = word == "true" || word == "yes" || word == "on";
  if (value || word == "false" || word == "no" || word == "off") return {};
  return wrong_value(text, " is neither true nor false");
}

[[gnu::cold]] inline std::string parse_value(const OptionLimits&, std::string_view text, char& value) {
  const bool tab = text == "\\t" || text == "tab";
  if (!tab && text != "space" && text.size() != 1) return wrong_value(text, " is not a single character (a tab is written \\t)");
  value = tab ? '\t' : text.size() == 1 ? text.front() : ' ';
  return {};
}

[[gnu::cold]] inline std::string parse_value(const OptionLimits& limits, std::string_view text, std::chrono::milliseconds& value) {
  const auto parsed = parse_milliseconds(text);
  if (!parsed) return wrong_value(text, " is no duration: write 250ms, 30s, 15m, 1h or 7d");
  if (*parsed < limits.low || *parsed > limits.high) return out_of_range(limits, text);
  value = std::chrono::milliseconds(*parsed);
  return {};
}

[[gnu::cold]] inline std::string parse_value(const OptionLimits& limits, std::string_view text, Bytes& value) {
  const auto parsed = parse_bytes(text);
  if (!parsed) return wrong_value(text, " is no size: write 512, 64KiB, 16MiB or 1GiB");
  if (*parsed < limits.low || *parsed > limits.high) return out_of_range(limits, text);
  value.count = static_cast<std::uint64_t>(*parsed);
  return {};
}

template <typename T>
requires std::is_enum_v<T> std::string parse_value(const OptionLimits& limits, std::string_view text, T& value) {
  const auto* word = find_word(limits, text);
  if (word == nullptr) return none_of_the_words(limits, text);
  value = static_cast<T>(word->number);
  return {};
}

[[gnu::cold]] inline std::string number_problem(const OptionLimits& limits, std::string_view text, std::errc error, bool whole,
                                                std::int64_t number) {
  if (error == std::errc::result_out_of_range) return wrong_value(text, " is too large");
  if (error != std::errc() || !whole) return wrong_value(text, " is no whole number");
  return number < limits.low || number > limits.high ? out_of_range(limits, text) : std::string();
}

template <typename T>
requires std::is_integral_v<T> std::string parse_value(const OptionLimits& limits, std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return number_problem(limits, text, error, end == text.data() + text.size(), static_cast<std::int64_t>(value));
}

template <typename T>
requires std::is_floating_point_v<T> std::string parse_value(const OptionLimits& limits, std::string_view text, T& value) {
  // Not from_chars: libc++ 14 has none for floating point. The classic locale keeps the decimal point a point.
  std::istringstream stream{std::string(text)};
  stream.imbue(std::locale::classic());
  stream >> std::noskipws >> value;
  if (stream.fail() || stream.peek() != std::istringstream::traits_type::eof()) return wrong_value(text, " is no number");
  if (value < static_cast<T>(limits.low) || value > static_cast<T>(limits.high)) return out_of_range(limits, text);
  return {};
}

template <typename T>
std::string parse_value(const OptionLimits& limits, std::string_view text, std::optional<T>& value) {
  T inner{};
  auto problem = parse_value(limits, text, inner);
  if (problem.empty()) value = std::move(inner);
  return problem;
}

// show_value: a value as a user writes it.
[[gnu::cold]] inline std::string show_value(const OptionLimits&, const std::string& value) { return value; }
[[gnu::cold]] inline std::string show_value(const OptionLimits&, const std::vector<std::string>& value) { return list_text(value); }
[[gnu::cold]] inline std::string show_value(const OptionLimits&, const bool& value) { return value ? "true" : "false"; }
[[gnu::cold]] inline std::string show_value(const OptionLimits&, const char& value) {
  return value == '\t' ? "\\t" : std::string(1, value);
}

[[gnu::cold]] inline std::string show_value(const OptionLimits&, const std::chrono::milliseconds& value) {
  if (value.count() == 0) return "0s";
  return in_largest_unit(value.count(), {{"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}});
}

[[gnu::cold]] inline std::string show_value(const OptionLimits&, const Bytes& value) {
  if (value.count == 0) return "0";
  return in_largest_unit(static_cast<std::int64_t>(value.count), {{"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}});
}

template <typename T>
requires std::is_enum_v<T> std::string show_value(const OptionLimits& limits, const T& value) {
  return word_for(limits, static_cast<std::int64_t>(value));
}

template <typename T>
requires std::is_arithmetic_v<T> std::string show_value(const OptionLimits&, const T& value) {
  char text[64];
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}

template <typename T>
std::string show_value(const OptionLimits& limits, const std::optional<T>& value) {
  return value ? show_value(limits, *value) : std::string();
}

// A member's type as the rows of a table know it: one object for each type.
struct OptionType {
  std::string_view name;  // in the description
  bool family;            // a map: an option for each of its keys
  // Puts a value into the member, in a family under the key. The problem in words, empty when there is none.
  std::string (*set)(void* member, std::string_view key, std::string_view text, const OptionLimits& limits);
  // The member's value as a user writes it; empty for a family.
  std::string (*show)(const void* member, const OptionLimits& limits);
};

template <typename T>
struct OptionTypeOf {
  using value_type = T;
  static constexpr bool kFamily = false;
  static std::string set(void* member, std::string_view, std::string_view text, const OptionLimits& limits) {
    return parse_value(limits, text, *static_cast<T*>(member));
  }
  static std::string show(const void* member, const OptionLimits& limits) { return show_value(limits, *static_cast<const T*>(member)); }
};

template <typename T>
struct OptionTypeOf<std::optional<T>> : OptionTypeOf<T> {
  static std::string set(void* member, std::string_view, std::string_view text, const OptionLimits& limits) {
    return parse_value(limits, text, *static_cast<std::optional<T>*>(member));
  }
  static std::string show(const void* member, const OptionLimits& limits) {
    return show_value(limits, *static_cast<const std::optional<T>*>(member));
  }
};

template <typename T>
struct OptionTypeOf<std::map<std::string, T>> : OptionTypeOf<T> {
  static constexpr bool kFamily = true;
  static std::string set(void* member, std::string_view key, std::string_view text, const OptionLimits& limits) {
    return parse_value(limits, text, (*static_cast<std::map<std::string, T>*>(member))[std::string(key)]);
  }
  static std::string show(const void*, const OptionLimits&) { return {}; }
};

template <typename T>
constexpr std::string_view type_name() {
  if constexpr (std::is_enum_v<T>) {
    return "enum";
  } else if constexpr (std::is_same_v<T, bool>) {
    return "bool";
  } else if constexpr (std::is_same_v<T, char>) {
    return "char";
  } else if constexpr (std::is_integral_v<T>) {
    return "integer";
  } else if constexpr (std::is_floating_point_v<T>) {
    return "number";
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    return "duration";
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return "size";
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    return "list";
  } else {
    static_assert(std::is_same_v<T, std::string>, "no option can have this type");
    return "string";
  }
}

template <typename Member>
inline constexpr OptionType option_type{type_name<typename OptionTypeOf<Member>::value_type>(), OptionTypeOf<Member>::kFamily,
                                        OptionTypeOf<Member>::set, OptionTypeOf<Member>::show};

}  // namespace detail
}  // namespace qonduit

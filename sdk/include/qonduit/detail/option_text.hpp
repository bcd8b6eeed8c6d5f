// Texts of options and of their mistakes: units, did-you-mean, JSON strings.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::detail {

// One text out of several. What makes texts here runs once for a configuration or a mistake: cold, so that compilers spend no time on it.
[[gnu::cold]] inline std::string texts(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) out += part;
  return out;
}

[[gnu::cold]] inline std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

using Unit = std::pair<std::string_view, std::int64_t>;  // its name, and how much it is

// A whole number with a unit: the number, and the factor of the unit found, or nothing.
[[gnu::cold]] inline std::optional<std::int64_t> with_unit(std::string_view text, std::initializer_list<Unit> units) {
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
[[gnu::cold]] inline std::string in_largest_unit(std::int64_t number, std::initializer_list<Unit> units) {
  for (const auto& [name, factor] : units) {
    if (number % factor == 0) return texts({std::to_string(number / factor), name});
  }
  return {};
}

[[gnu::cold]] inline std::optional<std::int64_t> parse_milliseconds(std::string_view text) {
  return with_unit(text, {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}});
}

[[gnu::cold]] inline std::optional<std::int64_t> parse_bytes(std::string_view text) {
  return with_unit(text, {{"", 1}, {"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}});
}

using Letters = std::vector<std::string_view>;  // of UTF-8, each with all its bytes

[[gnu::cold]] inline Letters letters_of(std::string_view text) {
  Letters letters;
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = begin + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) ++end;
    letters.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return letters;
}

// How many letters to insert, drop, change or swap with their neighbour to get from one to the other.
[[gnu::cold]] inline std::size_t edit_distance(const Letters& from, const Letters& to) {
  const auto width = to.size() + 1;
  std::vector<std::size_t> before(width), last(width), row(width);
  for (std::size_t j = 0; j < width; ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[to.size()];
}

// The name that may have been meant; empty where none comes near. A word of which as many letters differ as are the same is another word.
template <typename Names>
[[gnu::cold]] inline std::string_view nearest(std::string_view key, const Names& names) {
  const auto wanted = letters_of(key);
  std::string_view best;
  std::size_t fewest = wanted.size() / 3 + 2;
  for (const std::string_view name : names) {
    const auto letters = letters_of(name);
    const auto distance = edit_distance(wanted, letters);
    if (distance >= fewest || distance * 2 >= std::max(wanted.size(), letters.size())) continue;
    best = name, fewest = distance;
  }
  return best;
}

// A name as it stands in a list: in quotes where it has a comma.
[[gnu::cold]] inline std::string list_item(std::string_view name) {
  return name.find(',') == name.npos ? std::string(name) : texts({"\"", name, "\""});
}

// " (did you mean 'x'?)", or what there is to choose from.
[[gnu::cold]] inline std::string suggestion(std::string_view key, const std::vector<std::string_view>& names) {
  if (const auto best = nearest(key, names); !best.empty()) return texts({" (did you mean '", best, "'?)"});
  std::string all;
  for (const auto name : names) all.append(all.empty() ? "" : ", ").append(list_item(name));
  return all.empty() ? " (there are none)" : texts({" (there are: ", all, ")"});
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
  out += '"';
  return out;
}

}  // namespace qonduit::detail

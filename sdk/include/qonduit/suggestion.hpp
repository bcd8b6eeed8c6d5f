// What a misspelt word may have meant, for the end of a message. Any thread.
#pragma once

#include <qonduit/list.hpp>
#include <qonduit/text.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit {

using Letters = std::vector<std::string_view>;  // of UTF-8, each with all its bytes

[[nodiscard, gnu::cold]] inline Letters letters_of(std::string_view text) {
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
[[nodiscard, gnu::cold]] inline std::size_t edit_distance(const Letters& from, const Letters& to) {
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
[[nodiscard, gnu::cold]] inline std::string_view nearest(std::string_view key, const Names& names) {
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

// " (did you mean 'x'?)", or what there is to choose from.
[[nodiscard, gnu::cold]] inline std::string suggestion(std::string_view key, const std::vector<std::string_view>& names) {
  if (const auto best = nearest(key, names); !best.empty()) return concat({" (did you mean '", best, "'?)"});
  std::string all;
  for (const auto name : names) {
    const bool parted = name.find(',') != std::string_view::npos && name.front() != '"';
    all.append(all.empty() ? "" : ", ").append(parted ? in_quotes(name) : std::string(name));
  }
  return all.empty() ? " (there are none)" : concat({" (there are: ", all, ")"});
}

}  // namespace qonduit

#include "core/engine/near_names.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

namespace qonduit::engine {
namespace {

constexpr std::size_t kMost = 8;

std::vector<std::string_view> letters_of(std::string_view text) {
  std::vector<std::string_view> letters;
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = begin + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) ++end;
    letters.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return letters;
}

using Letters = std::vector<std::string_view>;

std::size_t apart(const Letters& from, const Letters& to) {
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

// The name that may have been meant; null where none comes near. A word of which as many letters differ as are the same is another word.
const std::string* nearest(const std::string& name, const std::vector<std::string>& known) {
  const auto wanted = letters_of(name);
  const std::string* best = nullptr;
  std::size_t fewest = wanted.size() / 3 + 2;
  for (const auto& candidate : known) {
    const auto letters = letters_of(candidate);
    const auto distance = apart(wanted, letters);
    if (distance >= fewest || distance * 2 >= std::max(wanted.size(), letters.size())) continue;
    best = &candidate, fewest = distance;
  }
  return best;
}

std::string did_you_mean(const std::string& name) { return " (did you mean '" + name + "'?)"; }

// All of them, or the nearest of many.
std::string listed(const std::string& name, std::vector<std::string> known) {
  if (known.empty()) return " (there are none)";
  const auto count = known.size();
  std::string text = " (there are: ";
  if (count > kMost) {
    const auto wanted = letters_of(name);
    std::vector<std::pair<std::size_t, std::string>> ranked;
    ranked.reserve(count);
    for (auto& candidate : known) {
      const auto distance = apart(wanted, letters_of(candidate));
      ranked.emplace_back(distance, std::move(candidate));
    }
    std::partial_sort(ranked.begin(), ranked.begin() + kMost, ranked.end());
    known.clear();
    for (std::size_t i = 0; i < kMost; ++i) known.push_back(std::move(ranked[i].second));
    text = " (there are " + std::to_string(count) + ", among them: ";
  }
  for (std::size_t i = 0; i < known.size(); ++i) text += (i == 0 ? "" : ", ") + known[i];
  return text + ")";
}

}  // namespace

std::size_t letters_apart(const std::string& from, const std::string& to) { return apart(letters_of(from), letters_of(to)); }

std::string near_names(const std::string& name, const std::vector<std::string>& known) {
  if (const auto* meant = nearest(name, known)) return did_you_mean(*meant);
  return listed(name, known);
}

std::string near_things(const std::string& name, const std::vector<Named>& known) {
  std::vector<std::string> names;
  for (const auto& thing : known) {
    if (!thing.title.empty()) names.push_back(thing.title);
    names.push_back(thing.id);
  }
  if (const auto* meant = nearest(name, names)) return did_you_mean(*meant);
  // By its title; where several share it, or there is none, by its id.
  std::vector<std::string> shown;
  for (const auto& thing : known) {
    const auto same = std::count_if(known.begin(), known.end(), [&](const Named& other) { return other.title == thing.title; });
    shown.push_back(thing.title.empty() || same > 1 ? thing.id : thing.title);
  }
  return listed(name, std::move(shown));
}

}  // namespace qonduit::engine

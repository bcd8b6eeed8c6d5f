#include "core/engine/near_names.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "qonduit/list.hpp"
#include "qonduit/suggestion.hpp"

namespace qonduit::engine {
namespace {

using Names = std::vector<std::string_view>;

constexpr std::size_t kMost = 8;

// All of them, or the nearest of many.
std::string listed(std::string_view name, const Names& known) {
  if (known.size() <= kMost) return suggestion({}, known);
  const auto wanted = letters_of(name);
  std::vector<std::pair<std::size_t, std::string_view>> ranked;
  ranked.reserve(known.size());
  for (const auto candidate : known) ranked.emplace_back(edit_distance(wanted, letters_of(candidate)), candidate);
  std::partial_sort(ranked.begin(), ranked.begin() + kMost, ranked.end());
  std::string text;
  for (std::size_t i = 0; i < kMost; ++i) text.append(i == 0 ? "" : ", ").append(list_item(ranked[i].second));
  return " (there are " + std::to_string(known.size()) + ", among them: " + text + ")";
}

std::string meant_or_listed(std::string_view name, const Names& meant, const Names& shown) {
  if (const auto best = nearest(name, meant); !best.empty()) return suggestion(name, {best});
  return listed(name, shown);
}

}  // namespace

std::string near_names(const std::string& name, const std::vector<std::string>& known) {
  const Names names(known.begin(), known.end());
  return meant_or_listed(name, names, names);
}

std::string near_names(const std::string& name, const std::vector<std::string>& known, const std::vector<std::string>& others) {
  const Names shown(known.begin(), known.end());
  Names meant = shown;
  meant.insert(meant.end(), others.begin(), others.end());
  return meant_or_listed(name, meant, shown);
}

std::string near_things(const std::string& name, const std::vector<Named>& known) {
  Names names, shown;
  for (const auto& thing : known) {
    if (!thing.title.empty()) names.emplace_back(thing.title);
    names.emplace_back(thing.id);
    // By its title; where several share it, or there is none, by its id.
    const auto same = std::count_if(known.begin(), known.end(), [&](const Named& other) { return other.title == thing.title; });
    shown.emplace_back(thing.title.empty() || same > 1 ? thing.id : thing.title);
  }
  return meant_or_listed(name, names, shown);
}

}  // namespace qonduit::engine

// What a misspelt name may have meant, as the end of a sentence: ", did you mean ...", or the names there are, the nearest of many.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "qonduit/detail/option_text.hpp"

namespace qonduit::engine {

inline std::string near_names(const std::string& name, const std::vector<std::string>& known) {
  constexpr std::size_t kMost = 8;
  std::vector<std::string_view> views(known.begin(), known.end());
  if (views.size() <= kMost) return qonduit::detail::suggestion(name, views);
  using qonduit::detail::edit_distance;
  std::partial_sort(views.begin(), views.begin() + kMost, views.end(),
                    [&](auto a, auto b) { return edit_distance(name, a) < edit_distance(name, b); });
  views.resize(kMost);
  const auto text = qonduit::detail::suggestion(name, views);
  constexpr std::string_view kList = " (there are: ";
  if (!text.starts_with(kList)) return text;
  return " (there are " + std::to_string(known.size()) + ", among them: " + text.substr(kList.size());
}

}  // namespace qonduit::engine

#include "core/config/problem.hpp"

#include <algorithm>
#include <tuple>

namespace qonduit::config {

std::string Problem::text() const {
  std::string out = origin.source.empty() ? "" : origin.text() + ": ";
  if (!key.empty()) out += key + ": ";
  return out + what;
}

void sort_by_place(Problems& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) {
    return std::tie(a.origin.source, a.origin.line) < std::tie(b.origin.source, b.origin.line);
  });
}

void add_once(Problems& problems, Problem problem) {
  const auto text = problem.text();
  if (std::none_of(problems.begin(), problems.end(), [&](const auto& known) { return known.text() == text; }))
    problems.push_back(std::move(problem));
}

std::vector<std::string> texts_of(const Problems& problems) {
  std::vector<std::string> texts;
  for (const auto& problem : problems) texts.push_back(problem.text());
  return texts;
}

}  // namespace qonduit::config

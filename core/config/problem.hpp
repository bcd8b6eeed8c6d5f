// A mistake in a configuration: where it was written, in which key, and what would be right.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/config/config.hpp"

namespace qonduit::config {

struct Problem {
  Origin origin;    // without a source: nowhere in particular
  std::string key;  // empty: of none
  std::string what;

  // q.properties:3: sink.lake.directory: is missing
  [[nodiscard]] std::string text() const;
};
using Problems = std::vector<Problem>;

// One that is not of a key.
inline Problem problem_of(std::string what) {
  Problem problem;
  problem.what = std::move(what);
  return problem;
}

// Where it is not told yet.
void add_once(Problems& problems, Problem problem);
// By file and line; those of one place as they are.
void sort_by_place(Problems& problems);
std::vector<std::string> texts_of(const Problems& problems);

}  // namespace qonduit::config

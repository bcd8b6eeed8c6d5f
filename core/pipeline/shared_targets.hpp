// Where pipelines deliver, gathered over all that a command looks ahead at: to find two that would take a target from each other before the
// first of them has delivered, when no target knows its owner yet. One thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline/estimate.hpp"

namespace qonduit::pipeline {

class SharedTargets {
 public:
  void add(const RunEstimate& estimate);
  // A sentence for each target of several pipelines, of which one would be refused.
  [[nodiscard]] std::vector<std::string> problems() const;

 private:
  struct Users {
    std::set<std::string> pipelines;
    bool exclusive = false;  // one of them has it for itself
  };
  std::map<std::string, Users> targets_;
};

}  // namespace qonduit::pipeline

// Where pipelines deliver, gathered over all that a command looks ahead at: to find two that would take a target from each other before the
// first of them has delivered, when no target knows its owner yet, and two sinks of one pipeline with one target. One thread.
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
  // A sentence for each target of several pipelines, of which one would be refused, and for each that a pipeline delivers into twice.
  [[nodiscard]] std::vector<std::string> problems() const;

 private:
  struct Users {
    std::string target;  // in the words of its first user
    std::set<std::string> pipelines;
    bool exclusive = false;  // one of them has it for itself
  };
  std::map<std::string, Users> targets_;  // by what tells one from another
  std::set<std::string> twice_;
};

// What is wrong with two sinks that deliver one dataset into one target.
std::string twice_text(const std::string& who, const std::string& first, const std::string& second, const std::string& target);

}  // namespace qonduit::pipeline

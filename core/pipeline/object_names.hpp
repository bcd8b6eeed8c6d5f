// What the objects of a pipeline are called, known before the first is read: sinks tell by it which of them would share a name. Used by the
// run's thread.
#pragma once

#include <list>
#include <stop_token>
#include <string>
#include <vector>

#include "core/engine/calls.hpp"
#include "core/pipeline/find_items.hpp"
#include "qonduit/sink.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

class ObjectNames {
 public:
  ObjectNames() = default;
  // Asks for the titles that the list of objects does not tell. The items outlive it.
  static Result<ObjectNames> of(const Items& items, engine::Objects& engine);

  // In the order of the items; borrowed from here and from the items.
  [[nodiscard]] const std::vector<NamedObject>& all() const { return all_; }

 private:
  std::list<std::string> asked_;  // titles that the items do not have
  std::vector<NamedObject> all_;
};

}  // namespace qonduit::pipeline

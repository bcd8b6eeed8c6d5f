// Evaluations of an app's objects that its sessions share: what one session has evaluated, the next that sees the same need not. Used by
// any number of threads, each with its own session's scope; the evaluations themselves are immutable.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "apps/app.hpp"

namespace qonduit::simulator {

class EvaluationCache {
 public:
  // Everything an evaluation is made from: the data, the object's properties, the session's selections and variables, expansions, searches.
  // What belongs to the app and never changes (other objects, master items) is not in it. REQUIRES: a cache for each app.
  struct Key {
    std::shared_ptr<const DataModel> model;  // held, so that no other model gets its address
    std::string text;
    bool operator==(const Key& other) const = default;
  };
  [[nodiscard]] static Key key(const StoredObject& stored, const Scope& scope, const ObjectView& view);

  // Null when there is none.
  [[nodiscard]] std::shared_ptr<const Evaluation> find(const Key& key);
  // The least used make way. Pivots are not kept: their pages are computed with the scope of the session they were made for.
  void keep(Key key, const std::shared_ptr<const Evaluation>& evaluation);
  // After the app's data changed: no session gets at what was evaluated before.
  void clear();

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const Evaluation> evaluation;
    std::uint64_t cells = 0;
  };
  std::mutex mutex_;
  std::list<Entry> entries_;  // the last used first
  std::uint64_t cells_ = 0;
};

}  // namespace qonduit::simulator

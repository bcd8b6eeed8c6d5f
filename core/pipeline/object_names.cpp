#include "core/pipeline/object_names.hpp"

#include <utility>

#include "core/engine/object_titles.hpp"

namespace qonduit::pipeline {

Result<ObjectNames> ObjectNames::of(const Items& items, engine::Objects& engine) {
  ObjectNames names;
  std::vector<std::string> unknown;
  std::vector<std::size_t> places;
  for (const auto& item : items) {
    const auto& facts = item->facts();
    names.all_.push_back({facts.id, facts.title, facts.sheet});
    if (!facts.title.empty() && !facts.title.starts_with('=')) continue;
    unknown.push_back(facts.id);
    places.push_back(names.all_.size() - 1);
  }
  // One object has nobody to share a name with.
  if (items.size() < 2 || unknown.empty()) return names;
  auto titles = engine::titles_of(engine, unknown);
  if (!titles) return std::move(titles).error();
  for (std::size_t i = 0; i < places.size(); ++i) {
    names.asked_.push_back(std::move((*titles)[i]));
    names.all_[places[i]].title = names.asked_.back();
  }
  return names;
}

}  // namespace qonduit::pipeline

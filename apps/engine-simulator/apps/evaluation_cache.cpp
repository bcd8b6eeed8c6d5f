#include "apps/evaluation_cache.hpp"

#include <algorithm>
#include <set>

#include "cube/header_tree.hpp"

namespace qonduit::simulator {
namespace {

constexpr std::size_t kMostKept = 100;
constexpr std::uint64_t kMostCellsKept = 1'000'000;  // about 100 MB

void add_text(std::string& to, const std::string& text) { to.append(std::to_string(text.size())).append(":").append(text); }

void add_paths(std::string& to, const std::set<Expansion::Path>& paths) {
  for (const auto& path : paths) {
    for (const auto element : path) to.append(std::to_string(element)).append(",");
    to.push_back(';');
  }
  to.push_back('|');
}

void add_expansion(std::string& to, const Expansion& expansion) {
  for (const auto level : expansion.levels) to.append(std::to_string(level)).append(",");
  to.push_back('|');
  add_paths(to, expansion.expanded);
  add_paths(to, expansion.collapsed);
}

// How much an evaluation holds: cells and rows of trees, and one for the layout.
std::uint64_t cells_of(const Evaluation& evaluation) {
  std::uint64_t made = 1;
  for (const auto& [path, cube] : evaluation.cubes) {
    if (cube.matrix) made += cube.matrix->rows() * cube.matrix->columns();
    if (cube.pages) made += static_cast<std::uint64_t>(std::max<std::int64_t>(cube.pages->rows(), 0)) * (1 + cube.dimension_fields.size());
  }
  return made;
}

// Whether its data calls need nothing of the session that evaluated it.
bool stands_alone(const Evaluation& evaluation) {
  return std::none_of(evaluation.cubes.begin(), evaluation.cubes.end(), [](const auto& cube) { return cube.second.mode == "P"; });
}

}  // namespace

EvaluationCache::Key EvaluationCache::key(const StoredObject& stored, const Scope& scope, const ObjectView& view) {
  Key made{scope.shared_model(), scope.fingerprint()};
  auto& text = made.text;
  add_text(text, stored.id);
  add_text(text, stored.type);
  for (const auto& child : stored.children) add_text(text, child);
  text.push_back('|');
  for (const auto& [path, expansions] : view.expansions) {
    add_text(text, path);
    add_expansion(text, expansions.left);
    add_expansion(text, expansions.top);
  }
  text.push_back('|');
  for (const auto& [path, search] : view.searches) {
    add_text(text, path);
    add_text(text, search);
  }
  text.push_back('|');
  text += to_text(stored.properties);
  return made;
}

std::shared_ptr<const Evaluation> EvaluationCache::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  if (found == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found);
  return found->evaluation;
}

void EvaluationCache::keep(Key key, const std::shared_ptr<const Evaluation>& evaluation) {
  if (!stands_alone(*evaluation)) return;
  const auto cells = cells_of(*evaluation);
  if (cells > kMostCellsKept) return;
  const std::lock_guard lock(mutex_);
  // Two sessions may have evaluated the same at once; the second finds its own in front.
  entries_.push_front({std::move(key), evaluation, cells});
  cells_ += cells;
  while (entries_.size() > kMostKept || cells_ > kMostCellsKept) {
    cells_ -= entries_.back().cells;
    entries_.pop_back();
  }
}

void EvaluationCache::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  cells_ = 0;
}

}  // namespace qonduit::simulator

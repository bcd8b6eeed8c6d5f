#include "core/pipeline/field_selection.hpp"

#include <algorithm>
#include <utility>

#include "core/engine/near_names.hpp"
#include "core/pipeline/value_match.hpp"
#include "qonduit/suggestion.hpp"

namespace qonduit::pipeline {
namespace {

constexpr std::size_t kListed = 20;    // values written out; more are counted
constexpr std::size_t kExplained = 5;  // of a kind of difference
constexpr std::size_t kNearest = 3;

// Keeps the few names nearest to one, whatever the number of those seen.
class Nearest {
 public:
  explicit Nearest(std::string wanted) : wanted_(std::move(wanted)) {}
  void see(std::string_view name) {
    const auto distance = edit_distance(letters_of(wanted_), letters_of(name));
    if (kept_.size() == kNearest && distance >= kept_.back().first) return;
    kept_.emplace_back(distance, std::string(name));
    std::stable_sort(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    if (kept_.size() > kNearest) kept_.pop_back();
  }
  [[nodiscard]] std::string text() const {
    std::vector<std::string> names;
    for (const auto& [distance, name] : kept_) names.push_back(name);
    return engine::near_names(wanted_, names);
  }

 private:
  std::string wanted_;
  std::vector<std::pair<std::size_t, std::string>> kept_;
};

// The first few texts, and how many more there are.
class Sample {
 public:
  void add(std::string_view text) {
    if (texts_.size() < kExplained) texts_.emplace_back(text);
    ++count_;
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::string text() const {
    return joined_values(texts_) + (count_ > texts_.size() ? " and " + std::to_string(count_ - texts_.size()) + " more" : "");
  }

 private:
  std::vector<std::string> texts_;
  std::size_t count_ = 0;
};

}  // namespace

std::string joined_values(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) {
    text += text.empty() ? "" : ", ";
    if (!value.empty() && value.find_first_of(",\"") == std::string::npos) {
      text += value;
      continue;
    }
    text += '"';
    for (const char c : value) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    text += '"';
  }
  return text;
}

Result<FieldSelection> FieldSelection::make(engine::Session& session, const config::Selection& selection, bool only_possible,
                                            const std::stop_token& stop) {
  const auto context = "select." + selection.name.text();
  auto list = engine::FieldList::open(session, selection.name.field, selection.name.state, stop);
  if (!list) return std::move(list).error().within(context);
  FieldSelection made(std::move(*list), selection);
  if (auto status = made.look_up(only_possible); !status.ok()) return std::move(status).within(context);
  if (made.wanted_.empty() || made.excluded_) return made;
  const auto done = made.list_.select(made.wanted_);
  if (!done) return done.error().within(context);
  if (!*done) made.problems_.emplace_back("the engine refuses the selection");
  return made;
}

Status FieldSelection::look_up(bool only_possible) {
  ValueMatch match(asked_->values);
  std::vector<std::int64_t> possible;
  const auto facts = list_.read([&](const engine::FieldValue& value) {
    match.see(value);
    if (only_possible && value.possible) possible.push_back(value.element);
  });
  if (!facts) return facts.error();
  wanted_ = match.elements();
  if (only_possible && !wanted_.empty()) {
    excluded_ = std::none_of(possible.begin(), possible.end(),
                             [&](auto element) { return std::binary_search(wanted_.begin(), wanted_.end(), element); });
  }
  const auto unmatched = match.unmatched();
  if (!unmatched.empty()) return explain(unmatched);
  if (wanted_.empty()) problems_.push_back("no value is left of " + asked_->written);
  return {};
}

// A second look at the values, for what comes near the names that are none of them.
Status FieldSelection::explain(const std::vector<const config::ValuePattern*>& unmatched) {
  std::vector<std::pair<const config::ValuePattern*, Nearest>> near;
  for (const auto* pattern : unmatched) {
    if (near.size() < kExplained) near.emplace_back(pattern, Nearest(pattern->text));
  }
  const auto seen = list_.read([&](const engine::FieldValue& value) {
    for (auto& [pattern, nearest] : near) nearest.see(value.text);
  });
  if (!seen) return seen.error();
  for (const auto& [pattern, nearest] : near) {
    const bool named = pattern->kind != config::Wanted::range && pattern->kind != config::Wanted::search;
    problems_.push_back((named ? "there is no value '" : "no value fits '") + pattern->written + "'" + (named ? nearest.text() : ""));
  }
  if (unmatched.size() > near.size()) problems_.push_back("and " + std::to_string(unmatched.size() - near.size()) + " more are not there");
  return {};
}

Status FieldSelection::read_back(std::vector<engine::Reply> look) {
  Sample missing;
  Sample surplus;
  std::vector<std::string> texts;
  const auto facts = list_.read(std::move(look), [&](const engine::FieldValue& value) {
    const bool wanted = std::binary_search(wanted_.begin(), wanted_.end(), value.element);
    if (wanted && !value.selected) missing.add(value.text);
    if (!wanted && value.selected) surplus.add(value.text);
    if (!value.selected) return;
    ++selected_;
    possible_ += value.possible ? 1 : 0;
    if (texts.size() < kListed) texts.emplace_back(value.text);
  });
  if (!facts) return facts.error().within("select." + asked_->name.text());
  if (!missing.empty()) problems_.push_back("asked for, but not selected: " + missing.text());
  if (!surplus.empty()) problems_.push_back("selected, but not asked for: " + surplus.text());
  if (!missing.empty() || !surplus.empty()) {
    if (facts->locked) problems_.emplace_back("the field is locked");
    if (facts->always_one) problems_.emplace_back("the app allows one value of this field at a time");
    if (!facts->locked && !facts->always_one && surplus.empty() && selected_ == 0)
      problems_.emplace_back("another selection excludes these values, and Qlik has given this one up for it");
  }
  text_ = selected_ <= static_cast<std::int64_t>(kListed)
              ? joined_values(texts)
              : asked_->written + " (" + std::to_string(selected_) + " of " + std::to_string(facts->values) + " values)";
  return {};
}

}  // namespace qonduit::pipeline

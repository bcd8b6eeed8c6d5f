#include "core/pipeline/value_match.hpp"

#include <Poco/UTF8String.h>

#include <algorithm>
#include <cmath>

#include "core/config/selector.hpp"

namespace qonduit::pipeline {

using config::Wanted;

ValueMatch::ValueMatch(const std::vector<config::ValuePattern>& patterns)
    : all_but_(std::all_of(patterns.begin(), patterns.end(), [](const auto& pattern) { return pattern.exclude; })) {
  for (const auto& pattern : patterns) {
    found_.push_back({&pattern, pattern.kind == Wanted::search ? Poco::UTF8::toLower(pattern.text) : std::string(), {}, {}});
    const bool texts = pattern.kind == Wanted::text || pattern.kind == Wanted::number;
    if (texts) by_text_.emplace(pattern.text, found_.size() - 1);
    if (pattern.kind != Wanted::text) others_.push_back(found_.size() - 1);
  }
}

void ValueMatch::see(const engine::FieldValue& value) {
  if (all_but_) all_.push_back(value.element);
  const auto [begin, end] = by_text_.equal_range(value.text);
  for (auto at = begin; at != end; ++at) found_[at->second].by_text.push_back(value.element);
  std::string folded;
  for (const auto index : others_) {
    auto& found = found_[index];
    const auto& pattern = *found.pattern;
    const bool number = !std::isnan(value.number) && pattern.numbers.holds(value.number);
    switch (pattern.kind) {
      case Wanted::number:
      case Wanted::range:
        if (number) found.by_number.push_back(value.element);
        break;
      case Wanted::search:
        if (folded.empty()) folded = Poco::UTF8::toLower(std::string(value.text));
        if (config::glob_matches(found.folded, folded)) found.by_text.push_back(value.element);
        break;
      case Wanted::dual:
        if (value.text == pattern.text && (number || (std::isnan(value.number) && std::isnan(pattern.numbers.low)))) {
          found.by_text.push_back(value.element);
        }
        break;
      case Wanted::text: break;
    }
  }
}

std::vector<std::int64_t> ValueMatch::elements() const {
  std::vector<std::int64_t> wanted = all_;
  std::vector<std::int64_t> excluded;
  for (const auto& found : found_) {
    auto& into = found.pattern->exclude ? excluded : wanted;
    into.insert(into.end(), found.elements().begin(), found.elements().end());
  }
  for (auto* list : {&wanted, &excluded}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  std::vector<std::int64_t> made;
  std::set_difference(wanted.begin(), wanted.end(), excluded.begin(), excluded.end(), std::back_inserter(made));
  return made;
}

std::vector<const config::ValuePattern*> ValueMatch::unmatched() const {
  std::vector<const config::ValuePattern*> made;
  for (const auto& found : found_) {
    if (found.elements().empty()) made.push_back(found.pattern);
  }
  return made;
}

}  // namespace qonduit::pipeline

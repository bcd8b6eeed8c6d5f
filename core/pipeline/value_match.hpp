// Which values of a field a list of patterns asks for. The values are seen once, in any order; only the elements asked for are kept.
// One thread; the patterns outlive the match.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/config/selection.hpp"
#include "core/engine/field_list.hpp"

namespace qonduit::pipeline {

class ValueMatch {
 public:
  explicit ValueMatch(const std::vector<config::ValuePattern>& patterns);

  void see(const engine::FieldValue& value);
  // Ascending. Where only exclusions are given: everything else.
  [[nodiscard]] std::vector<std::int64_t> elements() const;
  // Patterns that no value fits, exclusions too: what is misspelt excludes nothing.
  [[nodiscard]] std::vector<const config::ValuePattern*> unmatched() const;

 private:
  struct Found {
    const config::ValuePattern* pattern;
    std::string folded;  // of a search
    std::vector<std::int64_t> by_text, by_number;
    [[nodiscard]] const std::vector<std::int64_t>& elements() const { return by_text.empty() ? by_number : by_text; }
  };

  std::vector<Found> found_;
  std::unordered_multimap<std::string_view, std::size_t> by_text_;  // what a value may be called → found_
  std::vector<std::size_t> others_;                                 // patterns a value is held against one by one
  bool all_but_;
  std::vector<std::int64_t> all_;
};

}  // namespace qonduit::pipeline

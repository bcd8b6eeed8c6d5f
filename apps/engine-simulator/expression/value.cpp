#include "expression/value.hpp"

#include <algorithm>
#include <string_view>

#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string text_of(const Value& value, const Locale& locale) {
  return value.has_text ? value.text : value.is_number() ? format_general(value.number, locale.decimal) : std::string();
}

int compare_values(const Value& left, const Value& right, const Locale& locale) {
  if (left.is_number() && right.is_number()) return left.number < right.number ? -1 : left.number > right.number ? 1 : 0;
  return text_of(left, locale).compare(text_of(right, locale));
}

int compare_texts(const std::string& left, const std::string& right) {
  const auto size = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < size; ++i)
    if (fold(left[i]) != fold(right[i]))
      return static_cast<unsigned char>(fold(left[i])) < static_cast<unsigned char>(fold(right[i])) ? -1 : 1;
  return left.size() == right.size() ? left.compare(right) : left.size() < right.size() ? -1 : 1;
}

bool matches_wildcard(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || fold(pattern[p]) == fold(text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace qonduit::simulator

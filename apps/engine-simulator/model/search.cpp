#include "model/search.hpp"

#include <charconv>
#include <optional>

#include "expression/value.hpp"
#include "model/date_text.hpp"

namespace qonduit::simulator {
namespace {

std::optional<double> as_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Bound {
  std::string operation;
  double number;
  [[nodiscard]] bool holds(double value) const {
    if (operation == ">") return value > number;
    if (operation == ">=") return value >= number;
    if (operation == "<") return value < number;
    return value <= number;
  }
};

// A bound of a comparison: a number as it stands, as the app writes it, or a date or time as the field shows it.
std::optional<double> bound_of(const std::string& text, const Field& field, const Locale& locale) {
  if (const auto number = as_number(text)) return number;
  switch (field.type) {
    case FieldType::date: return parse_date(text, locale.date);
    case FieldType::time: return parse_date(text, locale.time);
    case FieldType::timestamp: {
      const auto moment = parse_date(text, locale.timestamp);
      return moment ? moment : parse_date(text, locale.date);
    }
    default: return parse_number(text, locale);
  }
}

// ">=10<20": one or two bounds, or nothing when it is no comparison.
std::vector<Bound> bounds_of(const std::string& pattern, const Field& field, const Locale& locale) {
  std::vector<Bound> made;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] != '<' && pattern[at] != '>') return {};
    std::string operation(1, pattern[at++]);
    if (at < pattern.size() && pattern[at] == '=') operation += pattern[at++];
    const auto end = std::min(pattern.find_first_of("<>", at), pattern.size());
    const auto number = bound_of(pattern.substr(at, end - at), field, locale);
    if (!number) return {};
    made.push_back({operation, *number});
    at = end;
  }
  return made;
}

}  // namespace

std::vector<char> match_elements(const Field& field, const Locale& locale, const std::string& pattern, bool search) {
  std::vector<char> made(field.symbols.size(), 0);
  if (search && pattern.size() > 2 && pattern.front() == '(' && pattern.back() == ')') {
    for (std::size_t begin = 1; begin < pattern.size(); begin = pattern.find_first_of("|)", begin) + 1) {
      const auto part = match_elements(field, locale, pattern.substr(begin, pattern.find_first_of("|)", begin) - begin), true);
      for (std::size_t i = 0; i < made.size(); ++i) made[i] = static_cast<char>(made[i] | part[i]);
    }
    return made;
  }
  const auto bounds = search ? bounds_of(pattern, field, locale) : std::vector<Bound>();
  const auto number = as_number(pattern);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const Symbol& symbol = field.symbols[i];
    bool matches = false;
    if (!bounds.empty()) {
      matches = !std::isnan(symbol.number);
      for (const auto& bound : bounds) matches = matches && bound.holds(symbol.number);
    } else {
      matches = search ? matches_wildcard(symbol.text, pattern) : symbol.text == pattern;
      // Dates and the like match by what they show, not by their serial: only plain numbers match by value.
      const bool plain = field.type == FieldType::integer || field.type == FieldType::real || field.type == FieldType::money;
      matches = matches || (plain && number && symbol.number == *number);
    }
    made[i] = matches ? 1 : 0;
  }
  return made;
}

}  // namespace qonduit::simulator

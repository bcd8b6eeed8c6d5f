// A dual: a number, a text, or both; or null. And what the functions need to know of the app: how it writes numbers and dates.
#pragma once

#include <cmath>
#include <string>
#include <utility>

#include "model/locale.hpp"

namespace qonduit::simulator {

struct Value {
  double number = kNaN;
  std::string text;
  bool has_text = false;

  [[nodiscard]] bool is_null() const { return !has_text && std::isnan(number); }
  [[nodiscard]] bool is_number() const { return !std::isnan(number); }
  // Holds in a condition: a number other than 0.
  [[nodiscard]] bool holds() const { return is_number() && number != 0; }

  // Infinity is null, as division by zero is.
  static Value of(double number) { return {std::isfinite(number) ? number : kNaN, {}, false}; }
  static Value of(std::string text) { return {kNaN, std::move(text), true}; }
  static Value of(bool condition) { return of(condition ? -1.0 : 0.0); }  // true is -1
};

// A number without a text of its own is written with at most 14 digits and the locale's decimal separator; null is empty.
[[nodiscard]] std::string text_of(const Value& value, const Locale& locale);

// Numbers before texts when both sides are numbers; nulls compare with nothing. Negative, zero, positive.
[[nodiscard]] int compare_values(const Value& left, const Value& right, const Locale& locale);

// Texts as the engine's English collation has them, as far as ASCII goes: case does not matter unless nothing else differs.
[[nodiscard]] int compare_texts(const std::string& left, const std::string& right);

// '*' any text, '?' any character; case does not matter.
[[nodiscard]] bool matches_wildcard(std::string_view text, std::string_view pattern);

}  // namespace qonduit::simulator

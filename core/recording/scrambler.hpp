// Replaces values by others of the same form: a secret key decides, so that nobody without it gets back; the same value always gets the
// same replacement; digits stay digits, capitals capitals, separators and signs where they are; numbers keep their order of magnitude,
// their decimals and whether they are whole; dates stay dates of about the same time, and the text of a number remains that number's text.
// Null, empty and punctuation stay as they are. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/recording/keyed_hash.hpp"

namespace qonduit::recording {

class Scrambler {
 public:
  explicit Scrambler(const Key& key) : key_(key) {}

  struct Dual {
    std::string text;
    double number;
  };

  [[nodiscard]] std::string text(std::string_view text) const;
  [[nodiscard]] double number(double value) const;
  // A value with its text: number in the locale's format, money, date, time, or a text of its own.
  [[nodiscard]] Dual dual(std::string_view text, double number) const;
  // A text that variables may be put into: what stands between $( and ) is a name, without `names` it stays.
  [[nodiscard]] std::string text_with_variables(std::string_view text, bool names) const;
  // Literals and the values of set modifiers; with names, the fields too. Functions, operators and layout stay.
  [[nodiscard]] std::string expression(std::string_view expression, bool names) const;
  // A title or a field: an expression where it looks like one, else a text. Without names only what is a literal changes.
  [[nodiscard]] std::string name(std::string_view name, bool names) const;

  // What the smallest and the largest of a column become: bounds that every replacement of a value between them keeps.
  enum class Kind { number, date, time };
  [[nodiscard]] static double lowest(double value, Kind kind);
  [[nodiscard]] static double highest(double value, Kind kind);

 private:
  [[nodiscard]] std::optional<Dual> formatted_number(std::string_view text, double number) const;
  [[nodiscard]] std::optional<Dual> formatted_date(std::string_view text, double number) const;
  // A date as ISO 8601 writes it, with or without a time and a zone.
  [[nodiscard]] std::optional<std::string> iso_date(std::string_view text) const;

  Key key_;
};

}  // namespace qonduit::recording

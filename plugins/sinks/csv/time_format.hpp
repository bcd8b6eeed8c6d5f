// Dates and times as text, by a pattern that is taken apart once. Proleptic Gregorian calendar, no time zones, any year.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::csv {

class TimeFormat {
 public:
  // Letters: %Y %m %d %H %M %S %f (three digits of milliseconds) %%.
  explicit TimeFormat(std::string_view pattern);
  // Empty, or what is wrong with a pattern.
  static std::string problem(std::string_view pattern);

  void date(std::int64_t days, std::string& out) const { put(days, 0, out); }
  void timestamp(std::int64_t milliseconds, std::string& out) const;
  // %H counts all hours; negative intervals begin with '-'.
  void duration(std::int64_t milliseconds, std::string& out) const;

 private:
  struct Part {
    char letter;  // 0: literal
    std::string literal;
  };
  void put(std::int64_t days, std::uint64_t milliseconds, std::string& out) const;

  std::vector<Part> parts_;
  bool has_fraction_ = false;
};

}  // namespace qonduit::csv

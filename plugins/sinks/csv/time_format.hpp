// Dates and times as text, by a pattern that is taken apart once. Proleptic Gregorian calendar, no time zones, any year.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::csv {

// What a format is for. A time of day or an interval has hours, minutes and seconds only.
enum class TimeKind : std::uint8_t { date, timestamp, time };

class TimeFormat {
 public:
  // Letters: %Y %m %d %H %M %S %f (three digits of milliseconds) %%.
  explicit TimeFormat(std::string_view pattern);
  // Empty, or what is wrong with a pattern: a letter that is none, none at all (every value would be the same text), a date in a time.
  static std::string problem(std::string_view pattern, TimeKind kind);
  // What of the values written so far the pattern has no letter for: "the day, the month". Empty: nothing was lost.
  [[nodiscard]] std::string lost() const;

  void date(std::int64_t days, std::string& out) const {
    if (!whole_date_) note_loss(0, true);
    put(days, 0, out);
  }
  void timestamp(std::int64_t milliseconds, std::string& out) const;
  // %H counts all hours; negative intervals begin with '-'.
  void duration(std::int64_t milliseconds, std::string& out) const;

 private:
  struct Part {
    char letter;  // 0: literal
    std::string literal;
  };
  void put(std::int64_t days, std::uint64_t milliseconds, std::string& out) const;
  [[nodiscard]] bool has(char letter) const;
  void note_loss(std::uint64_t milliseconds, bool with_date) const;

  std::vector<Part> parts_;
  bool has_fraction_ = false;
  bool whole_date_ = true, whole_time_ = true;  // a letter for each part
  mutable std::uint8_t lost_ = 0;               // bits, in the order of lost()
};

}  // namespace qonduit::csv

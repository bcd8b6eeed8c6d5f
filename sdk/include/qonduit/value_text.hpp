// Values as text, losing nothing: for targets that hold texts, and for kinds a target has no type for. Numbers are the shortest text that
// reads back as the same number; dates and times are ISO 8601 ("2026-01-31 23:59:59.500"), of any year of the proleptic Gregorian calendar,
// without a zone; intervals are hours, minutes, seconds ("-30:00:00.250"). No allocation; any thread.
#pragma once

#include <qonduit/dates.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace qonduit {

// Room for one value's text. What the functions below return points into it, until the next use.
struct ValueText {
  char room[48];
};

namespace detail {

class ValueWriter {
 public:
  explicit ValueWriter(ValueText& out) noexcept : begin_(out.room), at_(out.room) {}

  ValueWriter& put(char c) noexcept {
    *at_++ = c;
    return *this;
  }
  // At least this many digits.
  ValueWriter& digits(std::uint64_t value, int least) noexcept {
    char text[20];
    const auto* end = std::to_chars(text, text + sizeof text, value).ptr;
    for (auto size = static_cast<int>(end - text); size < least; ++size) put('0');
    at_ = std::copy(static_cast<const char*>(text), end, at_);
    return *this;
  }
  // Milliseconds of a day, or of more: hours, minutes, seconds.
  ValueWriter& clock(std::uint64_t milliseconds) noexcept {
    digits(milliseconds / 3'600'000, 2).put(':').digits(milliseconds / 60'000 % 60, 2).put(':').digits(milliseconds / 1000 % 60, 2);
    if (const auto fraction = milliseconds % 1000; fraction != 0) put('.').digits(fraction, 3);
    return *this;
  }
  ValueWriter& date(std::int64_t days) noexcept {
    const auto [year, month, day] = civil_date(days);
    if (year < 0) put('-');
    digits(static_cast<std::uint64_t>(year < 0 ? -year : year), 4).put('-').digits(static_cast<std::uint64_t>(month), 2);
    return put('-').digits(static_cast<std::uint64_t>(day), 2);
  }
  [[nodiscard]] std::string_view text() const noexcept { return {begin_, static_cast<std::size_t>(at_ - begin_)}; }

 private:
  char* begin_;
  char* at_;
};

}  // namespace detail

[[nodiscard]] inline std::string_view integer_text(std::int64_t value, ValueText& out) noexcept {
  return {out.room, static_cast<std::size_t>(std::to_chars(out.room, out.room + sizeof out.room, value).ptr - out.room)};
}

// The shortest text that reads back as the same number, without an exponent from 0.000001 to below 10^21, as ECMAScript writes numbers: one
// number has one text, whatever it stands in. Answers its end. REQUIRES: room for 32 characters; the value is finite.
[[nodiscard]] inline char* write_real(double value, char* out) noexcept {
  const double size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
  return std::to_chars(out, out + 32, value, plain ? std::chars_format::fixed : std::chars_format::scientific).ptr;
}

[[nodiscard]] inline std::string_view real_text(double value, ValueText& out) noexcept {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return {out.room, static_cast<std::size_t>(write_real(value, out.room) - out.room)};
}

[[nodiscard]] inline std::string_view date_text(std::int64_t days, ValueText& out) noexcept {
  return detail::ValueWriter(out).date(days).text();
}

// between: what stands between the date and the time; 'T' is what XML and JSON readers expect.
[[nodiscard]] inline std::string_view timestamp_text(std::int64_t milliseconds, ValueText& out, char between = ' ') noexcept {
  constexpr std::int64_t kDay = 86'400'000;
  const auto days = milliseconds / kDay - (milliseconds % kDay < 0 ? 1 : 0);
  return detail::ValueWriter(out).date(days).put(between).clock(static_cast<std::uint64_t>(milliseconds - days * kDay)).text();
}

[[nodiscard]] inline std::string_view interval_text(std::int64_t milliseconds, ValueText& out) noexcept {
  detail::ValueWriter writer(out);
  if (milliseconds < 0) writer.put('-');
  const auto size = milliseconds < 0 ? 0 - static_cast<std::uint64_t>(milliseconds) : static_cast<std::uint64_t>(milliseconds);
  return writer.clock(size).text();
}

}  // namespace qonduit

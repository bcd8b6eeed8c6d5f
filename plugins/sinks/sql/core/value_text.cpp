#include "value_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace qonduit::sql {
namespace {

constexpr std::int64_t kDay = 86'400'000;

class Writer {
 public:
  explicit Writer(ValueText& out) : begin_(out.room), at_(out.room) {}

  Writer& put(char c) {
    *at_++ = c;
    return *this;
  }
  // At least this many digits.
  Writer& digits(std::uint64_t value, int least) {
    char text[20];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    for (auto size = static_cast<int>(end - text); size < least; ++size) put('0');
    at_ = std::copy(text, end, at_);
    return *this;
  }
  // Milliseconds of a day, or of more: hours, minutes, seconds.
  Writer& clock(std::uint64_t milliseconds) {
    digits(milliseconds / 3'600'000, 2).put(':').digits(milliseconds / 60'000 % 60, 2).put(':').digits(milliseconds / 1000 % 60, 2);
    if (const auto fraction = milliseconds % 1000; fraction != 0) put('.').digits(fraction, 3);
    return *this;
  }
  // Proleptic Gregorian calendar; Howard Hinnant's civil_from_days.
  Writer& date(std::int64_t days) {
    days += 719468;
    const auto era = (days >= 0 ? days : days - 146096) / 146097;
    const auto day_of_era = static_cast<std::uint64_t>(days - era * 146097);
    const auto year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const auto day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const auto shifted = (5 * day_of_year + 2) / 153;
    const auto day = day_of_year - (153 * shifted + 2) / 5 + 1;
    const auto month = shifted < 10 ? shifted + 3 : shifted - 9;
    const auto year = static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0);
    if (year < 0) put('-');
    return digits(static_cast<std::uint64_t>(year < 0 ? -year : year), 4).put('-').digits(month, 2).put('-').digits(day, 2);
  }
  [[nodiscard]] std::string_view text() const { return {begin_, static_cast<std::size_t>(at_ - begin_)}; }

 private:
  char* begin_;
  char* at_;
};

std::int64_t whole_days(std::int64_t milliseconds) { return milliseconds / kDay - (milliseconds % kDay < 0 ? 1 : 0); }

}  // namespace

std::string_view real_text(double value, ValueText& out) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return {out.room, static_cast<std::size_t>(std::to_chars(out.room, out.room + sizeof out.room, value).ptr - out.room)};
}

std::string_view date_text(std::int64_t days, ValueText& out) { return Writer(out).date(days).text(); }

std::string_view timestamp_text(std::int64_t milliseconds, ValueText& out) {
  const auto days = whole_days(milliseconds);
  return Writer(out).date(days).put(' ').clock(static_cast<std::uint64_t>(milliseconds - days * kDay)).text();
}

std::string_view interval_text(std::int64_t milliseconds, ValueText& out) {
  Writer writer(out);
  if (milliseconds < 0) writer.put('-');
  const auto size = milliseconds < 0 ? 0 - static_cast<std::uint64_t>(milliseconds) : static_cast<std::uint64_t>(milliseconds);
  return writer.clock(size).text();
}

std::string_view value_text(Kind kind, const ColumnView& column, std::int64_t row, ValueText& out) {
  switch (kind) {
    case Kind::integer:
      return {out.room, static_cast<std::size_t>(std::to_chars(out.room, out.room + sizeof out.room, column.int64(row)).ptr - out.room)};
    case Kind::real: return real_text(column.float64(row), out);
    case Kind::boolean: return column.boolean(row) ? "true" : "false";
    case Kind::text: return column.text(row);
    case Kind::date: return date_text(column.date32(row), out);
    case Kind::timestamp: return timestamp_text(column.milliseconds(row), out);
    case Kind::time:
    case Kind::interval: return interval_text(column.milliseconds(row), out);
  }
  return {};
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

}  // namespace qonduit::sql

#include "apps/qonduit/cell_text.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace qonduit::app {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kDay = 86'400 * kSecond;

std::string date(std::int64_t days) {
  const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(days))};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()));
  return text;
}

std::string clock(std::int64_t milliseconds) {
  const auto seconds = milliseconds / kSecond;
  char text[48];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", static_cast<long long>(seconds / 3600),
                static_cast<long long>(seconds / 60 % 60), static_cast<long long>(seconds % 60));
  std::string out = text;
  if (const auto rest = milliseconds % kSecond; rest != 0) {
    std::snprintf(text, sizeof text, ".%03lld", static_cast<long long>(rest));
    out += text;
  }
  return out;
}

}  // namespace

Poco::Dynamic::Var cell_text(const ColumnView& column, std::int64_t row) {
  if (column.is_null(row)) return {};
  switch (column.type()) {
    case Type::int64: return column.int64(row);
    case Type::float64: return column.float64(row);
    case Type::boolean: return column.boolean(row);
    case Type::utf8: return std::string(column.text(row));
    case Type::date32: return date(column.date32(row));
    case Type::timestamp: {
      const auto value = column.milliseconds(row);
      const auto days = value >= 0 ? value / kDay : (value - kDay + 1) / kDay;
      return date(days) + " " + clock(value - days * kDay);
    }
    case Type::duration: {
      const auto value = column.milliseconds(row);
      return (value < 0 ? "-" : "") + clock(std::llabs(value));
    }
  }
  return {};
}

Poco::Dynamic::Var cell_shown(const ColumnView& column, std::int64_t row) {
  if (column.is_null(row)) return std::string("NULL");
  if (column.type() != Type::utf8) return cell_text(column, row);
  std::string shown;
  for (const char c : column.text(row)) {
    if (c == '\n' || c == '\r' || c == '\t') {
      shown += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    } else {
      shown += c;
    }
  }
  const bool quote = shown.empty() || shown == "NULL" || shown.front() == ' ' || shown.back() == ' ';
  return quote ? '"' + shown + '"' : shown;
}

}  // namespace qonduit::app

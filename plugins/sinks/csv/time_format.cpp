#include "time_format.hpp"

#include <qonduit/dates.hpp>
#include <qonduit/value_text.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "time_pattern.hpp"

namespace qonduit::csv {
namespace {

constexpr std::int64_t kDay = 86'400'000;

void digits(std::uint64_t value, int width, std::string& out) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  const auto length = static_cast<int>(end - text);
  if (length < width) out.append(static_cast<std::size_t>(width - length), '0');
  out.append(text, end);
}

}  // namespace

TimeFormat::TimeFormat(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool letter = pattern[i] == '%' && i + 1 < pattern.size() && pattern[i + 1] != '%';
    if (letter) {
      parts_.push_back({pattern[++i], {}});
      has_fraction_ = has_fraction_ || pattern[i] == 'f';
      continue;
    }
    if (pattern[i] == '%') ++i;
    if (parts_.empty() || parts_.back().letter != 0) parts_.push_back({0, {}});
    if (i < pattern.size()) parts_.back().literal += pattern[i];
  }
  whole_date_ = has('Y') && has('m') && has('d');
  whole_time_ = has('H') && has('M') && has('S');
}

bool TimeFormat::has(char letter) const {
  return std::any_of(parts_.begin(), parts_.end(), [letter](const Part& part) { return part.letter == letter; });
}

std::string TimeFormat::problem(std::string_view pattern, TimeKind kind) {
  bool letters = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') continue;
    if (++i == pattern.size() || std::string_view("YmdHMSf%").find(pattern[i]) == std::string_view::npos)
      return "'" + std::string(pattern) + "': after % comes one of Y m d H M S f %";
    letters = letters || pattern[i] != '%';
    if (kind == TimeKind::time && std::string_view("Ymd").find(pattern[i]) != std::string_view::npos)
      return "'" + std::string(pattern) + "': a time has no date; its letters are %H %M %S %f";
  }
  if (letters) return {};
  const auto meant = time_pattern_of(pattern, kind);
  const auto* usual = kind == TimeKind::date ? "%Y-%m-%d" : kind == TimeKind::time ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S";
  return "'" + std::string(pattern) + "' has no letter behind a %, so that every value would be written as this very text; write " +
         (meant.empty() ? "its parts as %Y %m %d %H %M %S %f, such as " + std::string(usual) : meant);
}

// A part that is nought is not missed: 12:30:00 is 12:30.
void TimeFormat::note_loss(std::uint64_t milliseconds, bool with_date) const {
  const auto miss = [this](unsigned bit, char letter, bool there) {
    if (there && !has(letter)) lost_ = static_cast<std::uint8_t>(lost_ | 1u << bit);
  };
  miss(0, 'Y', with_date), miss(1, 'm', with_date), miss(2, 'd', with_date);
  miss(3, 'H', milliseconds / 3'600'000 != 0);
  miss(4, 'M', milliseconds / 60'000 % 60 != 0);
  miss(5, 'S', milliseconds / 1000 % 60 != 0);
  if (!has('S')) miss(6, 'f', milliseconds % 1000 != 0);
}

std::string TimeFormat::lost() const {
  static constexpr const char* kParts[] = {"the year", "the month", "the day", "the hour", "minutes", "seconds", "milliseconds"};
  std::string text;
  for (unsigned bit = 0; bit < std::size(kParts); ++bit) {
    if ((lost_ >> bit & 1u) != 0) text += (text.empty() ? "" : ", ") + std::string(kParts[bit]);
  }
  return text;
}

void TimeFormat::timestamp(std::int64_t milliseconds, std::string& out) const {
  auto days = milliseconds / kDay;
  auto rest = milliseconds % kDay;
  if (rest < 0) rest += kDay, --days;
  if (!whole_date_ || !whole_time_) note_loss(static_cast<std::uint64_t>(rest), true);
  put(days, static_cast<std::uint64_t>(rest), out);
}

void TimeFormat::duration(std::int64_t milliseconds, std::string& out) const {
  if (milliseconds < 0) out += '-';
  const auto size = static_cast<std::uint64_t>(milliseconds);
  if (!whole_time_) note_loss(milliseconds < 0 ? 0 - size : size, false);
  put(0, milliseconds < 0 ? 0 - size : size, out);
}

void TimeFormat::put(std::int64_t days, std::uint64_t milliseconds, std::string& out) const {
  const auto civil = civil_date(days);
  for (const auto& part : parts_) {
    switch (part.letter) {
      case 0: out += part.literal; break;
      case 'Y':
        if (civil.year < 0) out += '-';
        digits(static_cast<std::uint64_t>(civil.year < 0 ? -civil.year : civil.year), 4, out);
        break;
      case 'm': digits(static_cast<std::uint64_t>(civil.month), 2, out); break;
      case 'd': digits(static_cast<std::uint64_t>(civil.day), 2, out); break;
      case 'H': digits(milliseconds / 3'600'000, 2, out); break;
      case 'M': digits(milliseconds / 60'000 % 60, 2, out); break;
      case 'S':
        digits(milliseconds / 1000 % 60, 2, out);
        if (!has_fraction_ && milliseconds % 1000 != 0) out += '.', digits(milliseconds % 1000, 3, out);
        break;
      default: digits(milliseconds % 1000, 3, out); break;
    }
  }
}

}  // namespace qonduit::csv

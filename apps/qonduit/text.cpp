#include "apps/qonduit/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

#include "qonduit/text.hpp"

namespace qonduit::app {
namespace {

// One code point; malformed bytes count as themselves.
char32_t decode(std::string_view text, std::size_t& i) {
  const auto lead = static_cast<unsigned char>(text[i++]);
  int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t point = more == 3 ? lead & 0x07u : more == 2 ? lead & 0x0Fu : more == 1 ? lead & 0x1Fu : lead;
  while (more-- > 0 && i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0u) == 0x80u) {
    point = (point << 6) | (static_cast<unsigned char>(text[i++]) & 0x3Fu);
  }
  return point;
}

bool wide(char32_t point) {
  return (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) || (point >= 0xAC00 && point <= 0xD7A3) ||
         (point >= 0xF900 && point <= 0xFAFF) || (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
         (point >= 0x1F300 && point <= 0x1FAFF) || (point >= 0x20000 && point <= 0x3FFFD);
}

bool combining(char32_t point) {
  return (point >= 0x0300 && point <= 0x036F) || (point >= 0x1AB0 && point <= 0x1AFF) || (point >= 0x200B && point <= 0x200F) ||
         (point >= 0x20D0 && point <= 0x20FF) || (point >= 0xFE00 && point <= 0xFE0F) || point == 0xFEFF ||
         (point >= 0xE0100 && point <= 0xE01EF);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto begin = i;
    const auto point = decode(text, i);
    // C0, DEL, C1 and the bidirectional overrides.
    const bool control =
        point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    out += control ? std::string_view("?") : text.substr(begin, i - begin);
  }
  return out;
}

std::string printable_lines(std::string_view given, std::size_t indent) {
  // Servers indent with tabs.
  std::string blanks(given);
  std::replace(blanks.begin(), blanks.end(), '\t', ' ');
  std::string_view text = blanks;
  std::string out;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    out += printable(text.substr(0, end)) + '\n' + std::string(indent, ' ');
    text.remove_prefix(end + 1);
  }
  return out + printable(text);
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto bytes = first_character(text).bytes;
    out += bytes == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, bytes);
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto point = decode(text, i);
    width += combining(point) ? 0 : wide(point) ? 2 : 1;
  }
  return width;
}

std::string cut(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  std::size_t used = 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto point = decode(text, i);
    used += combining(point) ? 0 : wide(point) ? 2 : 1;
    if (used + 1 > width) break;
    end = i;
  }
  return text.substr(0, end) + (width > 0 ? "…" : "");
}

std::string cut_beginning(const std::string& text, std::size_t width) {
  auto left = display_width(text);
  if (left <= width) return text;
  if (width == 0) return {};
  std::size_t begin = 0;
  while (begin < text.size() && left + 1 > width) {
    const auto point = decode(text, begin);
    left -= combining(point) ? 0u : wide(point) ? 2u : 1u;
  }
  return "…" + text.substr(begin);
}

std::string grouped(std::int64_t number) {
  auto digits = std::to_string(number);
  const std::size_t first = digits[0] == '-' ? 1 : 0;
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > static_cast<std::ptrdiff_t>(first); i -= 3) {
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  }
  return digits;
}

std::string counted(std::int64_t count, std::string_view noun) {
  return (count < 0 ? "an unknown number of" : grouped(count)) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string byte_text(std::int64_t bytes) {
  constexpr std::string_view kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return std::to_string(bytes) + " bytes";
  auto value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ", value);
  return text + std::string(kUnits[unit]);
}

std::string clock_time(double seconds) {
  const std::int64_t whole = std::llround(seconds);
  const auto two = [](std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  if (whole < 3600) return std::to_string(whole / 60) + ":" + two(whole % 60);
  return std::to_string(whole / 3600) + ":" + two(whole / 60 % 60) + ":" + two(whole % 60);
}

}  // namespace qonduit::app

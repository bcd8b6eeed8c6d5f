// How an event becomes one line: bounded, tame, and readable by people or by machines.
#include <algorithm>
#include <array>
#include <utility>

#include "core/logging/logging.hpp"
#include "qonduit/json_text.hpp"
#include "qonduit/text.hpp"

namespace qonduit::logging {
namespace {

constexpr std::size_t kLongestValue = 4096;
constexpr std::size_t kLongestLine = 60 << 10;

std::string_view name_of(Level level) {
  switch (level) {
    case Level::trace: return "trace";
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warn: return "warn";
    case Level::error: return "error";
  }
  return "info";
}

// C1 controls (a terminal takes U+009B for ESC [), line and paragraph separators, and the marks that turn the direction of writing.
bool harmless(char32_t point) {
  static constexpr std::array<std::pair<char32_t, char32_t>, 4> kHarmful{
      {{0x80, 0x9F}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}}};
  return std::none_of(kHarmful.begin(), kHarmful.end(), [&](const auto& range) { return point >= range.first && point <= range.second; });
}

// Values come from apps that anybody can write: bounded, one line, no terminal codes.
std::string tame(std::string_view text, std::size_t longest = kLongestValue) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (out.size() >= longest) return out + "... (" + std::to_string(text.size()) + " bytes)";
    const auto rest = text.substr(at);
    const auto byte = static_cast<unsigned char>(rest[0]);
    const auto [point, length] = first_character(rest);
    if (byte == '\n' || byte == '\r' || byte == '\t') {
      out += byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : "\\t";
    } else if (length > 1 ? harmless(point) : length == 1 && byte >= 0x20 && byte != 0x7F) {
      out += rest.substr(0, length);
    } else {
      for (const char c : rest.substr(0, length == 0 ? 1 : length)) {
        out += "\\x";
        append_hex(static_cast<unsigned char>(c), out);
      }
    }
    at += length == 0 ? 1 : length;
  }
  return out;
}

// Adds every field through write(key, value) as long as the line has room for it.
template <typename Write>
void add_fields(std::string& line, const Fields& fields, Write write) {
  std::size_t omitted = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& [key, value] = fields[i];
    bool again = value.text.empty();
    for (std::size_t k = i + 1; k < fields.size() && !again; ++k) again = fields[k].first == key && !fields[k].second.text.empty();
    if (again) continue;
    const auto before = line.size();
    write(tame(key, 100), tame(value.text), value.number);
    if (line.size() <= kLongestLine) continue;
    line.resize(before);
    ++omitted;
  }
  if (omitted > 0) write("omitted", std::to_string(omitted), true);
}

}  // namespace

std::string format_text(std::string_view time, Level level, std::string_view message, const Fields& fields) {
  std::string line = std::string(time) + ' ' + std::string(name_of(level)) + ' ' + tame(message);
  add_fields(line, fields, [&line](const std::string& key, const std::string& value, bool) {
    const bool quote = value.find_first_of(" =\"") != std::string::npos;
    line += ' ' + key + '=' + (quote ? json_string(value) : value);
  });
  return line;
}

std::string format_json(std::string_view time, Level level, std::string_view message, const Fields& fields) {
  std::string line =
      "{\"time\":" + json_string(time) + ",\"level\":" + json_string(name_of(level)) + ",\"message\":" + json_string(tame(message));
  add_fields(line, fields, [&line](const std::string& key, const std::string& value, bool number) {
    const bool taken = key == "time" || key == "level" || key == "message";
    line += ',' + json_string(taken ? "field_" + key : key) + ':' + (number ? value : json_string(value));
  });
  return line + '}';
}

}  // namespace qonduit::logging

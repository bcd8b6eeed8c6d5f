// How an event becomes one line: bounded, tame, and readable by people or by machines.
#include <array>

#include "core/logging/logging.hpp"

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

// The length of the UTF-8 character at the beginning of text, and 0 where there is none.
std::size_t character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xC2 && first < 0xE0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
      (first == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

// C1 controls (a terminal takes U+009B for ESC [), line and paragraph separators, and the marks that turn the direction of writing.
bool harmless(std::string_view character) {
  static constexpr std::array<std::pair<char32_t, char32_t>, 4> kHarmful{
      {{0x80, 0x9F}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}}};
  if (character.size() > 3) return true;
  char32_t point = static_cast<unsigned char>(character[0]) & (character.size() == 2 ? 0x1Fu : 0x0Fu);
  for (const char c : character.substr(1)) point = (point << 6) | (static_cast<unsigned char>(c) & 0x3Fu);
  for (const auto& [low, high] : kHarmful) {
    if (point >= low && point <= high) return false;
  }
  return true;
}

// Values come from apps that anybody can write: bounded, one line, no terminal codes.
std::string tame(std::string_view text, std::size_t longest = kLongestValue) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (out.size() >= longest) return out + "... (" + std::to_string(text.size()) + " bytes)";
    const auto rest = text.substr(at);
    const auto byte = static_cast<unsigned char>(rest[0]);
    const auto length = character(rest);
    if (byte == '\n' || byte == '\r' || byte == '\t') {
      out += byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : "\\t";
    } else if (length > 1 ? harmless(rest.substr(0, length)) : length == 1 && byte >= 0x20 && byte != 0x7F) {
      out += rest.substr(0, length);
    } else {
      for (const char c : rest.substr(0, length == 0 ? 1 : length)) {
        out += "\\x";
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[static_cast<unsigned char>(c) & 0xF];
      }
    }
    at += length == 0 ? 1 : length;
  }
  return out;
}

// For tame text: only what JSON itself gives a meaning is left.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
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

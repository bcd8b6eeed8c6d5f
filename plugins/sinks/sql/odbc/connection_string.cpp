#include "connection_string.hpp"

#include <qonduit/text.hpp>

#include <algorithm>

namespace qonduit::odbc {
namespace {

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Takes a value off the text, up to and with its semicolon. In braces }} is }.
std::string take_value(std::string_view& text) {
  if (const auto begin = text.find_first_not_of(' '); begin == std::string_view::npos || text[begin] != '{') {
    const auto end = std::min(text.find(';'), text.size());
    std::string value(without_blanks(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    return value;
  }
  std::string value;
  text.remove_prefix(text.find('{') + 1);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '}' && !text.starts_with('}')) break;
    if (c == '}') text.remove_prefix(1);
    value += c;
  }
  text.remove_prefix(std::min(std::min(text.find(';'), text.size()) + 1, text.size()));
  return value;
}

}  // namespace

ConnectionKeys parse_connection(std::string_view text) {
  ConnectionKeys keys;
  while (!text.empty()) {
    const auto mark = text.find_first_of("=;");
    auto key = ascii_lower(without_blanks(text.substr(0, mark)));
    const bool has_value = mark != std::string_view::npos && text[mark] == '=';
    text.remove_prefix(mark == std::string_view::npos ? text.size() : mark + 1);
    auto value = has_value ? take_value(text) : std::string();
    if (!key.empty()) keys.emplace_back(std::move(key), std::move(value));
  }
  return keys;
}

std::string_view value_of(const ConnectionKeys& keys, std::string_view key) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const auto& pair) { return pair.first == key; });
  return found == keys.end() ? std::string_view() : std::string_view(found->second);
}

std::string connection_value(const std::string& value) {
  if (value.find_first_of(";{}[]()=?*!@, ") == std::string::npos) return value;
  std::string out = "{";
  for (const char c : value) out.append(c == '}' ? 2 : 1, c);
  return out + "}";
}

}  // namespace qonduit::odbc

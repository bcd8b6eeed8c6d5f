#include "core/config/expression_text.hpp"

#include <algorithm>

#include "qonduit/text.hpp"

namespace qonduit::config {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// What closes a quoted piece that begins with this character; '\0' when it begins none.
char closing_mark(char opening) {
  switch (opening) {
    case '\'':
    case '"': return opening;
    case '[': return ']';
    default: return '\0';
  }
}

// The end of the quoted piece that begins at `begin`, behind its closing mark; npos when it is not closed. A doubled mark is a character.
std::size_t end_of_quoted(std::string_view text, std::size_t begin) {
  const char mark = closing_mark(text[begin]);
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] != mark) continue;
    if (i + 1 < text.size() && text[i + 1] == mark) {
      ++i;
      continue;
    }
    return i + 1;
  }
  return std::string_view::npos;
}

// Calls visit(position) for every character outside; answers what is left open.
template <typename Visit>
std::string walk(std::string_view text, const Visit& visit) {
  std::string open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (closing_mark(c) != '\0') {
      const auto end = end_of_quoted(text, i);
      if (end == std::string_view::npos) return std::string(1, c);
      if (open.empty()) visit(i);
      i = end - 1;
    } else if (c == '(' || c == '{') {
      open += c;
    } else if (c == ')' || c == '}') {
      if (open.empty() || open.back() != (c == ')' ? '(' : '{')) return std::string(1, c);
      open.pop_back();
    } else if (open.empty()) {
      visit(i);
    }
  }
  return open.empty() ? std::string() : open.substr(open.size() - 1);
}

}  // namespace

std::string unclosed(std::string_view text) {
  const auto open = walk(text, [](std::size_t) {});
  if (open.empty()) return {};
  return (open == ")" || open == "}" ? "closes a '" : "does not close a '") + open + "'";
}

std::vector<std::string> split_expressions(std::string_view text) {
  std::vector<std::string> items;
  std::size_t begin = 0;
  walk(text, [&](std::size_t i) {
    if (text[i] != ',') return;
    items.emplace_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  });
  items.emplace_back(trimmed(text.substr(begin)));
  return items;
}

std::optional<Halves> split_at_word(std::string_view text, std::string_view word) {
  std::size_t found = std::string_view::npos;
  walk(text, [&](std::size_t i) {
    const auto end = i + word.size();
    if (i == 0 || !is_ascii_space(text[i - 1]) || end >= text.size() || !is_ascii_space(text[end])) return;
    const auto here = text.substr(i, word.size());
    if (std::equal(here.begin(), here.end(), word.begin(), [](char a, char b) { return lower(a) == b; })) found = i;
  });
  if (found == std::string_view::npos) return std::nullopt;
  return Halves{std::string(trimmed(text.substr(0, found))), std::string(trimmed(text.substr(found + word.size())))};
}

bool is_quoted(std::string_view text) {
  return !text.empty() && closing_mark(text.front()) != '\0' && end_of_quoted(text, 0) == text.size();
}

std::string unquoted(std::string_view text) {
  if (!is_quoted(text)) return std::string(text);
  const char mark = text.back();
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    out += text[i];
    if (text[i] == mark) ++i;
  }
  return out;
}

}  // namespace qonduit::config

// The one rule of quotes and the one form of lists, for every value and every name that a configuration holds. Pure functions; any thread.
//
// A text that begins with a quote is quoted as a whole: what is between the quotes is the text, blanks at its ends too, and "" in it is
// one quote. Every other text is itself, without the blanks around it. A list is items between commas; a quoted item may hold commas:
// Region, "Net, Sales", "say ""so""".
#pragma once

#include <qonduit/status.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit {

// Without the blanks and tabs around it.
[[nodiscard]] inline std::string_view without_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The text without its quotes, where it has some. False when a quote is not closed or something follows it.
[[nodiscard]] inline bool unquote(std::string_view text, std::string& out) {
  out.clear();
  if (!text.starts_with('"')) return out = std::string(text), true;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"' && i + 1 == text.size()) return true;
    if (text[i] == '"' && text[i + 1] != '"') return false;
    if (text[i] == '"') ++i;
    out += text[i];
  }
  return false;
}

// What is wrong with a text that unquote() refuses.
inline constexpr std::string_view kBadQuotes =
    "a quote is not closed, or something follows it; a text that begins with a quote is quoted as a whole, and a quote in it is doubled";

// The text in quotes.
[[nodiscard]] inline std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

// The pieces between separators that are not in quotes, as written, without the blanks around them. Fails when a quote is not closed.
[[nodiscard]] inline Result<std::vector<std::string_view>> list_pieces(std::string_view text, char separator = ',') {
  std::vector<std::string_view> pieces;
  bool inside = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') inside = !inside;
    if (text[i] != separator || inside) continue;
    pieces.push_back(without_blanks(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  if (inside) return Status(Code::invalid_config, "a quote is not closed; a quote inside of quotes is doubled");
  pieces.push_back(without_blanks(text.substr(begin)));
  return pieces;
}

// The items of a list, without their quotes; an empty text is an empty list. invalid_config says which item is wrong, and how.
[[nodiscard]] inline Result<std::vector<std::string>> parse_list(std::string_view text) {
  std::vector<std::string> items;
  if (without_blanks(text).empty()) return items;
  const auto pieces = list_pieces(text);
  if (!pieces) return pieces.error();
  for (const auto piece : *pieces) {
    std::string item;
    if (piece.empty()) return Status(Code::invalid_config, "an item is empty: there is a comma too many");
    if (!piece.starts_with('"') && piece.find('"') != std::string_view::npos)
      return Status(Code::invalid_config, "'" + std::string(piece) + "': quote the whole item, and double a quote in it");
    if (!unquote(piece, item)) return Status(Code::invalid_config, "'" + std::string(piece) + "': " + std::string(kBadQuotes));
    items.push_back(std::move(item));
  }
  return items;
}

// The item as parse_list() reads it back: quoted where it has to be.
[[nodiscard]] inline std::string list_item(std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of(",\"") == std::string_view::npos && without_blanks(text) == text;
  return plain ? std::string(text) : in_quotes(text);
}

// The list as parse_list() reads it back.
[[nodiscard]] inline std::string list_text(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + list_item(item);
  return text;
}

}  // namespace qonduit

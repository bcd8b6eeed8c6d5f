#include "core/config/properties.hpp"

#include <algorithm>
#include <optional>

#include "core/config/expression_text.hpp"
#include "qonduit/text.hpp"

namespace qonduit::config {
namespace {

// A hexadecimal digit's value, or -1.
int hex_digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// A key or a value as it grows. Blanks at its ends are dropped, unless an escape has written them.
class Piece {
 public:
  void add(char c) {
    if (text_.empty() && is_ascii_space(c)) return;
    text_ += c;
  }
  void add_escaped(std::string_view text) {
    text_ += text;
    keep_ = text_.size();
  }
  std::string take() {
    while (text_.size() > keep_ && is_ascii_space(text_.back())) text_.pop_back();
    return std::move(text_);
  }

 private:
  std::string text_;
  std::size_t keep_ = 0;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // some editors begin UTF-8 files with it
  }

  std::vector<Property> read() {
    std::vector<Property> properties;
    while (skip_to_entry()) {
      Property property;
      property.line = line_;
      Piece key;
      while (!at_end() && !at_separator() && !at_line_end()) take(key, property);
      property.key = key.take();
      property.separated = !at_end() && at_separator();
      if (property.separated) ++at_;
      Piece value;
      while (!at_end() && !at_line_end()) take(value, property);
      property.value = value.take();
      properties.push_back(std::move(property));
    }
    return properties;
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  bool at_line_end() const { return text_[at_] == '\n' || text_[at_] == '\r'; }
  bool at_separator() const { return text_[at_] == '=' || text_[at_] == ':'; }

  // Past blanks and comments; false at the end.
  bool skip_to_entry() {
    while (!at_end()) {
      if (text_[at_] == '#' || text_[at_] == '!') {
        while (!at_end() && !at_line_end()) ++at_;
      } else if (is_ascii_space(text_[at_])) {
        const bool both = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
        if (at_line_end() && !both) ++line_;
        ++at_;
      } else {
        return true;
      }
    }
    return false;
  }

  // One character, or what an escape stands for.
  void take(Piece& into, Property& property) {
    const char c = text_[at_++];
    if (c != '\\') return into.add(c);
    if (at_end()) return refuse(property, "a backslash is the last character of the file; a backslash is written \\\\");
    const char escaped = text_[at_++];
    switch (escaped) {
      case 't': return into.add_escaped("\t");
      case 'r': return into.add_escaped("\r");
      case 'n': return into.add_escaped("\n");
      case 'f': return into.add_escaped("\f");
      case 'u': return take_unicode(into, property);
      case '\\':
      case ' ':
      case '\t':
      case '=':
      case ':':
      case '#':
      case '!': return into.add_escaped({&escaped, 1});
      case '\r':
        if (!at_end() && text_[at_] == '\n') ++at_;
        [[fallthrough]];
      case '\n': ++line_; return;
      default: return refuse_escape(property);
    }
  }

  // The four hexadecimal digits at this place; nothing where there are none.
  std::optional<char32_t> digits(std::size_t at) const {
    if (at + 4 > text_.size()) return std::nullopt;
    char32_t code = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
      const int digit = hex_digit(text_[i]);
      if (digit < 0) return std::nullopt;
      code = code * 16 + static_cast<char32_t>(digit);
    }
    return code;
  }

  // Behind \u: a character, or the first half of one.
  void take_unicode(Piece& into, Property& property) {
    const auto begin = at_ - 2;
    const auto first = digits(at_);
    if (!first) {
      auto end = at_;
      while (end < text_.size() && end < at_ + 4 && hex_digit(text_[end]) >= 0) ++end;
      return refuse(property, "'" + std::string(text_.substr(begin, end - begin)) +
                                  "' is no character: \\u takes four hexadecimal digits; a backslash in front of a u is written \\\\u");
    }
    at_ += 4;
    auto code = *first;
    if (code == 0) return refuse(property, "\\u0000 is in no text");
    const bool high = code >= 0xD800 && code < 0xDC00;
    if (high && text_.substr(at_).starts_with("\\u")) {
      const auto second = digits(at_ + 2);
      if (second && *second >= 0xDC00 && *second < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (*second - 0xDC00);
        at_ += 6;
      }
    }
    if (code >= 0xD800 && code < 0xE000) {
      return refuse(property, "'" + std::string(text_.substr(begin, 6)) +
                                  "' is half a character: write both halves, such as \\uD83D\\uDE00, or the character itself");
    }
    std::string character;
    append_utf8(code, character);
    into.add_escaped(character);
  }

  // The escape before at_ means nothing: says how to write what was likely meant.
  void refuse_escape(Property& property) {
    --at_;
    const auto bytes = std::max<std::size_t>(first_character(text_.substr(at_)).bytes, 1);
    const std::string letter(text_.substr(at_, bytes));
    at_ += bytes;
    std::string right = "write \\\\" + letter + " for a backslash and " + letter;
    if (letter == "$") right = "write $ alone, and $${ for a ${ that refers to nothing";
    if (letter == "\"") right = "write \" alone, and \"\" inside of quotes";
    refuse(property, "'\\" + letter + "' is no escape: " + right);
  }

  void refuse(Property& property, std::string what) { property.problems.push_back({line_, std::move(what)}); }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<Property> parse_properties(std::string_view text) { return Reader(text).read(); }

std::string escape_property(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool edge = i == 0 || i + 1 == text.size();
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case ' ': out += edge ? "\\ " : " "; break;
      default:
        if (byte < 0x20 || byte == 0x7F)
          out += "\\u00", append_hex(byte, out);
        else
          out += c;
    }
  }
  return out;
}

}  // namespace qonduit::config

#include "core/config/properties.hpp"

#include <cstdint>

#include "core/config/expression_text.hpp"

namespace qonduit::config {
namespace {

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
      property.key = std::string(trimmed(take_key()));
      property.separated = at_ < text_.size() && (text_[at_] == '=' || text_[at_] == ':');
      property.value = std::string(trimmed(take_value()));
      properties.push_back(std::move(property));
    }
    return properties;
  }

 private:
  bool at_line_end() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

  // Past blanks and comments; false at the end.
  bool skip_to_entry() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#' || text_[at_] == '!') {
        while (at_ < text_.size() && !at_line_end()) ++at_;
      } else if (is_space(text_[at_])) {
        const bool both = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
        if (at_line_end() && !both) ++line_;
        ++at_;
      } else {
        return true;
      }
    }
    return false;
  }

  std::string take_key() {
    std::string key;
    while (at_ < text_.size() && text_[at_] != '=' && text_[at_] != ':' && !at_line_end()) {
      if (const int c = take(); c >= 0) key += static_cast<char>(c);
    }
    return key;
  }

  std::string take_value() {
    if (at_ < text_.size() && (text_[at_] == '=' || text_[at_] == ':')) ++at_;
    std::string value;
    while (at_ < text_.size() && !at_line_end()) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == 'u' && unicode(value)) continue;
      if (const int c = take(); c >= 0) value += static_cast<char>(c);
    }
    return value;
  }

  // One character, escapes resolved; -1 for a continued line.
  int take() {
    char c = text_[at_++];
    if (c != '\\' || at_ == text_.size()) return static_cast<unsigned char>(c);
    c = text_[at_++];
    switch (c) {
      case 't': return '\t';
      case 'r': return '\r';
      case 'n': return '\n';
      case 'f': return '\f';
      case '\r':
        if (at_ < text_.size() && text_[at_] == '\n') ++at_;
        [[fallthrough]];
      case '\n': ++line_; return -1;
      default: return static_cast<unsigned char>(c);
    }
  }

  // \uXXXX as UTF-8. False when no four digits follow: then it is a plain 'u'.
  bool unicode(std::string& out) {
    if (at_ + 6 > text_.size()) return false;
    std::uint32_t point = 0;
    for (std::size_t i = at_ + 2; i < at_ + 6; ++i) {
      const char c = text_[i];
      const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
      if (digit < 0) return false;
      point = point * 16 + static_cast<std::uint32_t>(digit);
    }
    at_ += 6;
    if (point < 0x80) {
      out += static_cast<char>(point);
    } else if (point < 0x800) {
      out += static_cast<char>(0xC0 | (point >> 6));
      out += static_cast<char>(0x80 | (point & 0x3F));
    } else {
      out += static_cast<char>(0xE0 | (point >> 12));
      out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (point & 0x3F));
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<Property> parse_properties(std::string_view text) { return Reader(text).read(); }

std::string escape_property(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (byte < 0x20 || byte == 0x7F)
          out += std::string("\\u00") + kDigits[byte >> 4] + kDigits[byte & 0xF];
        else
          out += c;
    }
  }
  return out;
}

}  // namespace qonduit::config

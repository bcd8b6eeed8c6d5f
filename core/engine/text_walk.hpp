// Steps through the text of an expression: blanks, comments, what stands in quotes, names. Base of what reads expressions by their text.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::engine {

inline void keep_once(std::vector<std::string>& names, std::string name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

class TextWalk {
 protected:
  explicit TextWalk(std::string_view text) : text_(text) {}

  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  [[nodiscard]] bool over() const { return at_ >= text_.size(); }
  [[nodiscard]] char here() const { return text_[at_]; }
  [[nodiscard]] bool ahead(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  [[nodiscard]] bool quoted() const { return here() == '\'' || here() == '"' || here() == '['; }

  // A text or a name in its quotes, which are doubled where they are meant.
  std::string_view take_quoted() {
    const auto begin = at_;
    const char end = here() == '[' ? ']' : here();
    for (++at_; !over(); ++at_) {
      if (here() != end) continue;
      if (at_ + 1 < text_.size() && text_[at_ + 1] == end)
        ++at_;
      else
        break;
    }
    if (!over()) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  bool skip_quoted() { return quoted() && !take_quoted().empty(); }

  bool skip_comment() {
    const bool line = ahead("//");
    if (!line && !ahead("/*")) return false;
    const auto end = text_.find(line ? "\n" : "*/", at_ + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + (line ? 1 : 2);
    return true;
  }

  void skip_blanks() {
    while (!over() && (is_blank(here()) || skip_comment())) {
      if (!over() && is_blank(here())) ++at_;
    }
  }

  // A name as it is written: in quotes, or up to what no name holds. Empty: there is none here.
  std::string_view take_name() {
    if (quoted()) return take_quoted();
    const auto begin = at_;
    while (!over() && !is_blank(here()) && std::string_view("<>{}()[]+-*/=,:'\"&;").find(here()) == std::string_view::npos) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace qonduit::engine

#include "core/engine/set_expression.hpp"

#include <algorithm>

#include "core/engine/expression.hpp"

namespace qonduit::engine {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

void keep(std::vector<std::string>& names, std::string name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

class SetWalk {
 public:
  explicit SetWalk(std::string_view text) : text_(text) {}

  SetNames run() {
    while (!over()) {
      if (skip_quoted() || skip_comment()) continue;
      if (text_[at_++] == '{') set();
    }
    return std::move(names_);
  }

 private:
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
    while (!over() && !is_blank(here()) && std::string_view("<>{}()[]+-*/=,:'\"").find(here()) == std::string_view::npos) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  // 1, $, $2, $_1: the set of all, of now, of a step back or forward.
  static bool is_built_in(std::string_view name) {
    if (name.starts_with('$')) name.remove_prefix(name.starts_with("$_") ? 2 : 1);
    return std::all_of(name.begin(), name.end(), is_digit);
  }

  void identifier(std::string_view name) {
    if (!name.starts_with('\'') && !is_built_in(name)) keep(names_.identifiers, unbracketed(name));
  }

  // Behind the opening brace, to behind the closing one.
  void set() {
    while (!over()) {
      skip_blanks();
      if (over()) return;
      if (here() == '}') return static_cast<void>(++at_);
      if (here() == '<') {
        ++at_;
        modifier();
      } else if (const auto name = take_name(); !name.empty()) {
        identifier(name);
      } else {
        ++at_;  // an operator, a parenthesis
      }
    }
  }

  // Behind <, to behind >: fields and what is selected in them.
  void modifier() {
    while (!over()) {
      skip_blanks();
      if (over()) return;
      if (here() == '>') return static_cast<void>(++at_);
      if (const auto name = take_name(); !name.empty()) {
        keep(names_.fields, unbracketed(name));
        values();
      } else {
        ++at_;
      }
    }
  }

  // What is selected in a field, up to the next one or the end of the modifier.
  void values() {
    while (!over() && here() != ',' && here() != '>') {
      skip_blanks();
      if (over() || here() == ',' || here() == '>') return;
      if (here() == '{') {
        elements();
        continue;
      }
      const auto name = take_name();
      if (name.empty()) {
        ++at_;
        continue;
      }
      skip_blanks();
      if (ahead("::")) {  // a field's values in a state
        at_ += 2;
        identifier(name);
      } else if (!over() && here() == '(' && (name == "P" || name == "p" || name == "E" || name == "e")) {
        ++at_;
        implied();
      } else if (!is_built_in(name) && !name.starts_with('\'')) {
        keep(names_.fields, unbracketed(name));
      }
    }
  }

  // Behind P( or E(: a set, the field whose values are meant, or both; to behind the parenthesis.
  void implied() {
    while (!over()) {
      skip_blanks();
      if (over()) return;
      if (here() == ')') return static_cast<void>(++at_);
      if (here() == '{') {
        ++at_;
        set();
      } else if (const auto name = take_name(); !name.empty()) {
        keep(names_.fields, unbracketed(name));
      } else {
        ++at_;
      }
    }
  }

  // Values and searches in braces; what searches compute is theirs.
  void elements() {
    for (++at_; !over() && here() != '}';) {
      if (!skip_quoted()) ++at_;
    }
    if (!over()) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  SetNames names_;
};

}  // namespace

SetNames names_in_sets(std::string_view expression) { return SetWalk(expression).run(); }

}  // namespace qonduit::engine

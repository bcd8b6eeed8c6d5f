#include "core/engine/set_expression.hpp"

#include <algorithm>

#include "core/engine/expression.hpp"
#include "core/engine/text_walk.hpp"

namespace qonduit::engine {
namespace {

class SetWalk : TextWalk {
 public:
  explicit SetWalk(std::string_view text) : TextWalk(text) {}

  SetNames run() {
    while (!over()) {
      if (skip_quoted() || skip_comment()) continue;
      if (text_[at_++] == '{') set();
    }
    return std::move(names_);
  }

 private:
  // 1, $, $2, $_1: the set of all, of now, of a step back or forward.
  static bool is_built_in(std::string_view name) {
    if (name.starts_with('$')) name.remove_prefix(name.starts_with("$_") ? 2 : 1);
    return std::all_of(name.begin(), name.end(), is_digit);
  }

  void identifier(std::string_view name) {
    if (!name.starts_with('\'') && !is_built_in(name)) keep_once(names_.identifiers, unbracketed(name));
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
        keep_once(names_.fields, unbracketed(name));
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
        keep_once(names_.fields, unbracketed(name));
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
        keep_once(names_.fields, unbracketed(name));
      } else {
        ++at_;
      }
    }
  }

  // Values and searches in braces.
  void elements() {
    for (++at_; !over() && here() != '}';) {
      if (!quoted()) {
        ++at_;
      } else if (const auto taken = take_quoted(); taken.starts_with('"')) {
        const auto search = unbracketed(taken);
        const auto sign = search.find_first_not_of(" \t\r\n");
        if (sign != std::string::npos && search[sign] == '=') keep_once(names_.searches, search.substr(sign + 1));
      }
    }
    if (!over()) ++at_;
  }

  SetNames names_;
};

}  // namespace

SetNames names_in_sets(std::string_view expression) { return SetWalk(expression).run(); }

}  // namespace qonduit::engine

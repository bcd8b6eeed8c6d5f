// How a pipeline names objects: sheet:NAME/*, sheet:*/*, sheet:NAME/OBJECT, object:ID, object:TITLE and master:NAME. Names match an id or
// a title; '*' and '?' are globs in every part, but for a name in quotes, which is exact: object:"Why?", sheet:"A/B"/*. [type=barchart] at
// the end narrows to a type, a glob too; ! in front takes out what the others named. Quotes around the whole selector only keep its commas
// together.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qonduit/status.hpp"

namespace qonduit::config {

// '*' any text, '?' one character, everything else itself.
bool glob_matches(std::string_view glob, std::string_view text);
[[nodiscard]] bool is_glob(std::string_view text);

// A name as somebody writes it: a glob, or in quotes exactly that text.
struct Pattern {
  std::string text;
  bool exact = false;

  [[nodiscard]] bool matches(std::string_view name) const { return exact ? name == text : glob_matches(text, name); }
  // Whether it may match more than one name.
  [[nodiscard]] bool is_glob() const { return !exact && config::is_glob(text); }
  friend bool operator==(const Pattern&, const Pattern&) = default;
};
// NAME or "NAME". invalid_config for quotes that are not closed, or no name.
Result<Pattern> parse_pattern(std::string_view text);
// A list of them: Sales*, "Net, Sales", "Why?".
Result<std::vector<Pattern>> parse_patterns(std::string_view text);

struct Selector {
  enum class Kind { sheet, object, master };

  std::string text;  // as written
  Kind kind = Kind::object;
  Pattern sheet{"*"};  // "*" for object:
  Pattern object;
  std::string type = "*";  // a glob
  bool excludes = false;
  // Sheet and object, cut at slashes before the last one: what is meant where the last one names nothing.
  std::vector<std::pair<Pattern, Pattern>> otherwise{};
};

Result<Selector> parse_selector(std::string_view text);
// The selector of exactly this object, as an item of a list.
std::string object_selector(std::string_view id);

}  // namespace qonduit::config

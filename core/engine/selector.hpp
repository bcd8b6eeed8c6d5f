// How a pipeline names objects: "sheet:NAME/*", "sheet:*/*", "sheet:NAME/OBJECT", "object:ID" or "object:TITLE". Names match an id or a
// title; '*' and '?' are globs in both parts.
#pragma once

#include <string>
#include <string_view>

#include "qonduit/status.hpp"

namespace qonduit::engine {

struct Selector {
  std::string text;    // as written
  std::string sheet;   // a glob; "*" for object:
  std::string object;  // a glob
};

Result<Selector> parse_selector(std::string_view text);
// '*' any text, '?' one character, everything else itself.
bool glob_matches(std::string_view glob, std::string_view text);

}  // namespace qonduit::engine

// How a pipeline names objects: "sheet:NAME/*", "sheet:*/*", "sheet:NAME/OBJECT", "object:ID", "object:TITLE" and "master:NAME". Names
// match an id or a title; '*' and '?' are globs in every part. "[type=barchart]" at the end narrows to a type, a glob too; "!" in front
// takes out what the others named.
#pragma once

#include <string>
#include <string_view>

#include "qonduit/status.hpp"

namespace qonduit::config {

struct Selector {
  enum class Kind { sheet, object, master };

  std::string text;  // as written
  Kind kind = Kind::object;
  std::string sheet;       // a glob; "*" for object:
  std::string object;      // a glob
  std::string type = "*";  // a glob
  bool excludes = false;
};

Result<Selector> parse_selector(std::string_view text);
// '*' any text, '?' one character, everything else itself.
bool glob_matches(std::string_view glob, std::string_view text);
[[nodiscard]] bool is_glob(std::string_view text);

}  // namespace qonduit::config

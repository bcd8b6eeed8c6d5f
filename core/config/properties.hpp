// Reads .properties text the way Poco's PropertyFileConfiguration does, and keeps what Poco does not: the line of every key, and keys
// written twice. A pure function of the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qonduit::config {

struct Property {
  std::string key;
  std::string value;
  int line = 0;            // where the key begins
  bool separated = false;  // '=' or ':' follows the key

  // Escapes that mean nothing: where, and the way to write what was meant. They are in neither key nor value.
  struct Problem {
    int line = 0;
    std::string what;
  };
  std::vector<Problem> problems;
};

// In the order written. Rules: '#' and '!' begin a comment line; the key ends at the first '=' or ':'; blanks around key and value are
// dropped; LF, CR LF or CR ends a line, and a backslash before it continues the line. Escapes are \\ \t \r \n \f \= \: \# \!, a backslash
// and a blank, and \uXXXX, two of them for a character beyond U+FFFF. Where this is not Poco's: escapes count in keys too (a column's name
// may have ':'), a blank that an escape has written stays at the ends, any other escape is a problem and not its letter, and a byte order
// mark at the beginning is skipped.
std::vector<Property> parse_properties(std::string_view text);

// A key or value as it is written in a file: control characters, backslashes and blanks at the ends escaped.
std::string escape_property(std::string_view text);

}  // namespace qonduit::config

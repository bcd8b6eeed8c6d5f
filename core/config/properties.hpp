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
};

// In the order written. Rules: '#' and '!' begin a comment line; the key ends at the first '=' or ':'; blanks around key and value are
// dropped; LF, CR LF or CR ends a line, and a backslash before it continues the line; \t \r \n \f are escapes, any other escaped character
// is itself. Three rules are not Poco's but Java's or an editor's: escapes count in keys too (a column's name may have ':'), \uXXXX is a
// character of a value, and a byte order mark at the beginning is skipped.
std::vector<Property> parse_properties(std::string_view text);

// A key or value as it is written in a file: control characters and backslashes escaped. Blanks at its ends do not survive reading.
std::string escape_property(std::string_view text);

}  // namespace qonduit::config

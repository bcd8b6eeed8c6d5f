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
// dropped; a backslash at the end of a line continues it; \t \r \n \f and, in values, \uXXXX are escapes, any other escaped character is
// itself. Two rules are not Poco's: \uXXXX, and that a byte order mark at the beginning is skipped.
std::vector<Property> parse_properties(std::string_view text);

}  // namespace qonduit::config

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
  int line = 0;  // where the key begins
};

// In the order written. Rules: '#' and '!' begin a comment line; the key ends at the first '=' or ':'; blanks around key and value are
// dropped; a backslash at the end of a line continues it; \t \r \n \f and \uXXXX are escapes, any other escaped character is itself.
std::vector<Property> parse_properties(std::string_view text);

}  // namespace qonduit::config

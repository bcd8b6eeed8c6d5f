// ODBC's connection strings: KEY=value;KEY={a value; in braces};...
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::odbc {

// Keys in small letters, without blanks around them; values without their braces.
using ConnectionKeys = std::vector<std::pair<std::string, std::string>>;

ConnectionKeys parse_connection(std::string_view text);
// The first value of a key; empty: there is none.
std::string_view value_of(const ConnectionKeys& keys, std::string_view key);
// The value as it stands behind KEY=. In braces where it holds what would be read otherwise; some drivers take them for part of a plain
// value.
std::string connection_value(const std::string& value);

}  // namespace qonduit::odbc

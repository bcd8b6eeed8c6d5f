// UTF-16 as ODBC's wide functions take it, from and to UTF-8.
#pragma once

#include <sql.h>
#include <sqlucode.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::odbc {

// Units that UTF-16 needs are never more than the bytes of UTF-8. Writes them at out and answers how many; none: no valid UTF-8.
std::optional<std::size_t> write_wide(std::string_view text, SQLWCHAR* out);
// With a zero at the end. What is no valid UTF-8 becomes U+FFFD.
std::vector<SQLWCHAR> wide(std::string_view text);
// A surrogate without its other half becomes U+FFFD.
std::string narrow(const SQLWCHAR* text, std::size_t units);

}  // namespace qonduit::odbc

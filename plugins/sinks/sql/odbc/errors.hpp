// What SQLSTATEs of ODBC and MariaDB's own numbers mean to the host. Sources: ODBC's appendix A, MariaDB's list of error codes.
#pragma once

#include <qonduit/status.hpp>

#include <string_view>

namespace qonduit::odbc {

struct Meaning {
  Code code;
  std::string_view advice;  // in parentheses; may be empty
};
Meaning meaning_of(std::string_view sqlstate, int native);
// A warning that is none: a value was cut or changed on its way.
bool changes_a_value(std::string_view sqlstate);

}  // namespace qonduit::odbc

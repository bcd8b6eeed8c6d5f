// What a driver's SQLSTATEs and a server's own numbers mean to the host. Sources: ODBC's appendix A, the lists of error codes of MariaDB,
// PostgreSQL and SQL Server.
#pragma once

#include <qonduit/status.hpp>

#include <string_view>

namespace qonduit::odbc {

struct Meaning {
  Code code = Code::internal;
  std::string_view advice;  // in parentheses; may be empty
  bool lost = false;        // the connection is gone
};
using MeaningOf = Meaning (*)(std::string_view sqlstate, int native);

Meaning meaning_of_sqlstate(std::string_view sqlstate, int native);  // where the server's own numbers say nothing more
Meaning meaning_in_mariadb(std::string_view sqlstate, int native);
Meaning meaning_in_sqlserver(std::string_view sqlstate, int native);

// A warning that is none: a value was cut or changed on its way.
bool changes_a_value(std::string_view sqlstate);

}  // namespace qonduit::odbc

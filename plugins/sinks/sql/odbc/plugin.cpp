#include <qonduit/plugin.hpp>

#include "odbc_sink.hpp"

QONDUIT_PLUGIN("odbc", "0.1.0",
               qonduit::sink<qonduit::odbc::OdbcSink, qonduit::odbc::kOptions>(
                   "odbc", "Tables of a MariaDB or MySQL database by ODBC: appended, replaced, merged or kept as history."))

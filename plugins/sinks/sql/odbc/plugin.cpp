#include <qonduit/plugin.hpp>

#include "odbc_sink.hpp"

QONDUIT_PLUGIN("odbc", "0.1.0",
               qonduit::sink<qonduit::odbc::OdbcSink, qonduit::odbc::kOptions>(
                   "odbc", "Tables of any database by its ODBC driver: appended, replaced, merged or kept as history."))

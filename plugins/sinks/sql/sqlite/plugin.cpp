#include <qonduit/plugin.hpp>

#include "sqlite_sink.hpp"

QONDUIT_PLUGIN("sqlite", "0.1.0",
               qonduit::sink<qonduit::sqlite::SqliteSink, qonduit::sqlite::kOptions>(
                   "sqlite", "Tables of a SQLite file: appended, replaced, merged or kept as history, each delivery in one transaction."))

#include <qonduit/plugin.hpp>

#include "postgresql_sink.hpp"

QONDUIT_PLUGIN("postgresql", "0.1.0",
               qonduit::sink<qonduit::postgresql::PostgresqlSink, qonduit::postgresql::kOptions>(
                   "postgresql",
                   "Tables of a PostgreSQL database: appended, replaced, merged or kept as history, loaded by COPY, each delivery in one "
                   "transaction."))

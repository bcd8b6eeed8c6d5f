#include <qonduit/plugin.hpp>

#include "plugins/adapters/table/table_adapter.hpp"

QONDUIT_PLUGIN("table", "0.1.0",
               qonduit::adapter<qonduit::table::TableAdapter, qonduit::straight::kOptions>(
                   "table", "Straight hypercubes: tables, and any other object that holds one."))

#include <qonduit/plugin.hpp>

#include "plugins/adapters/chart/chart_adapter.hpp"

QONDUIT_PLUGIN("chart", "0.1.0",
               qonduit::adapter<qonduit::chart::ChartAdapter, qonduit::straight::kOptions>(
                   "chart", "Charts: the whole straight hypercubes behind bars, lines, points, maps, KPIs and extensions."))

#include <qonduit/plugin.hpp>

#include "plugins/adapters/cube/cube_adapter.hpp"

QONDUIT_PLUGIN("cube", "0.1.0",
               qonduit::adapter<qonduit::cube::CubeAdapter, qonduit::cube::kOptions>(
                   "cube", "Pivot, stacked and tree hypercubes, whole: pivot tables, tree maps, and what other charts keep in such cubes."))

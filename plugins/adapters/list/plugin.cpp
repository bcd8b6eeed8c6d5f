#include <qonduit/plugin.hpp>

#include "plugins/adapters/list/list_adapter.hpp"
#include "plugins/adapters/list/list_options.hpp"

QONDUIT_PLUGIN("list", "0.1.0",
               qonduit::adapter<qonduit::list::ListAdapter, qonduit::list::kOptions>(
                   "list", "Lists: the values of list boxes and filter panes, with state and frequency."))

#include <qonduit/options.hpp>
#include <qonduit/plugin.hpp>

#include "table_adapter.hpp"

namespace {

using qonduit::table::Conflict;
using qonduit::table::Dual;
using qonduit::table::SpecialRows;
using qonduit::table::TableAdapter;
using qonduit::table::TableOptions;

}  // namespace

#include <qonduit/options.hpp>
#include <qonduit/plugin.hpp>

#include "table_adapter.hpp"

namespace {

using qonduit::table::Conflict;
using qonduit::table::Dual;
using qonduit::table::SpecialRows;
using qonduit::table::TableAdapter;
using qonduit::table::TableOptions;

constexpr auto kOptions = qonduit::options(
    qonduit::option("dual", &TableOptions::dual, "What of a dual value is delivered: auto (by type), number, text, or both in two columns.")
        .values<Dual>({{"auto", Dual::automatic}, {"number", Dual::number}, {"text", Dual::text}, {"both", Dual::both}}),
    qonduit::option_map("dual.", &TableOptions::dual_of, "The same for one column, named by its title.")
        .values<Dual>({{"auto", Dual::automatic}, {"number", Dual::number}, {"text", Dual::text}, {"both", Dual::both}}),
    qonduit::option("special-rows", &TableOptions::special_rows,
                    "Rows that are no values, Others and totals: mark them in a column row_kind, or drop them.")
        .values<SpecialRows>({{"mark", SpecialRows::mark}, {"drop", SpecialRows::drop}}),
    qonduit::option("type-conflict", &TableOptions::type_conflict,
                    "A value that does not fit the type inferred for its column: widen the column and start over, or fail.")
        .values<Conflict>({{"widen", Conflict::widen}, {"fail", Conflict::fail}}));

}  // namespace

QONDUIT_PLUGIN("table", "0.1.0",
               qonduit::adapter<TableAdapter, kOptions>("table", "Straight hypercubes: tables, and any other object that holds one."))

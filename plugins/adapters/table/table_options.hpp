// The options of the adapter, as a user sets them, and their table.
#pragma once

#include <qonduit/options.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace qonduit::table {

enum class Dual : std::uint8_t { automatic, number, text, both };
enum class SpecialRows : std::uint8_t { mark, drop };
enum class Conflict : std::uint8_t { widen, fail };

struct TableOptions {
  Dual dual = Dual::automatic;
  std::map<std::string, Dual> dual_of;  // by column title
  SpecialRows special_rows = SpecialRows::mark;
  Conflict type_conflict = Conflict::widen;
};

inline constexpr auto kOptions =
    options(option("dual", &TableOptions::dual, "What of a dual value is delivered: auto (by type), number, text, or both in two columns.")
                .values<Dual>({{"auto", Dual::automatic}, {"number", Dual::number}, {"text", Dual::text}, {"both", Dual::both}}),
            option_map("dual.", &TableOptions::dual_of, "The same for one column, named by its title.")
                .values<Dual>({{"auto", Dual::automatic}, {"number", Dual::number}, {"text", Dual::text}, {"both", Dual::both}}),
            option("special-rows", &TableOptions::special_rows,
                   "Rows that are no values, Others and totals: mark them in a column row_kind, or drop them.")
                .values<SpecialRows>({{"mark", SpecialRows::mark}, {"drop", SpecialRows::drop}}),
            option("type-conflict", &TableOptions::type_conflict,
                   "A value that does not fit the type inferred for its column: widen the column and start over, or fail.")
                .values<Conflict>({{"widen", Conflict::widen}, {"fail", Conflict::fail}}));

}  // namespace qonduit::table

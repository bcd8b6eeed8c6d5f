// The options of the adapter, as a user sets them, and their table. Types and duals are those of straight cubes.
#pragma once

#include <qonduit/options.hpp>

#include <cstdint>
#include <string>

#include "plugins/adapters/straight/straight_options.hpp"

namespace qonduit::cube {

using straight::Attributes;
using straight::Conflict;
using straight::Dual;
using straight::Mixed;

enum class Shape : std::uint8_t { tidy, wide, cells };
enum class Totals : std::uint8_t { drop, keep };

struct CubeOptions {
  Shape shape = Shape::tidy;
  Totals totals = Totals::drop;
  std::string separator = " / ";  // between the parts of a column's name, in wide
  Dual dual = Dual::automatic;
  std::map<std::string, Dual> dual_of;  // by column title
  Conflict type_conflict = Conflict::widen;
  Mixed on_mixed = Mixed::text;
  Attributes attributes = Attributes::none;

  // What the columns are planned with.
  [[nodiscard]] straight::StraightOptions of_columns() const {
    straight::StraightOptions made;
    made.dual = dual, made.dual_of = dual_of, made.type_conflict = type_conflict, made.on_mixed = on_mixed;
    made.attributes = attributes;
    return made;
  }
};

inline constexpr auto kOptions =
    options(option("shape", &CubeOptions::shape,
                   "tidy: a row for each combination of members; wide: as the user sees it; cells: a row for each data point.")
                .values<Shape>({{"tidy", Shape::tidy}, {"wide", Shape::wide}, {"cells", Shape::cells}}),
            option("totals", &CubeOptions::totals, "Totals and subtotals: leave them out, or keep them, marked in a column row_kind.")
                .values<Totals>({{"drop", Totals::drop}, {"keep", Totals::keep}}),
            option("separator", &CubeOptions::separator,
                   "Between the members and the measure in a column's name, in shape wide; members that are no values are called "
                   "(null), (others), (total), (all) and (empty)."),
            option("dual", &CubeOptions::dual, "What of a dual value is delivered: auto (by type), number, text, or both in two columns.")
                .values<Dual>({{"auto", Dual::automatic}, {"number", Dual::number}, {"text", Dual::text}, {"both", Dual::both}}),
            option_map("dual.", &CubeOptions::dual_of, "The same for one column, named by its title.")
                .values<Dual>({{"auto", Dual::automatic}, {"number", Dual::number}, {"text", Dual::text}, {"both", Dual::both}}),
            option("type-conflict", &CubeOptions::type_conflict,
                   "A value that does not fit the type inferred for its column: widen the column and start over, or fail.")
                .values<Conflict>({{"widen", Conflict::widen}, {"fail", Conflict::fail}}),
            option("on-mixed", &CubeOptions::on_mixed,
                   "A column that holds texts beside numbers or dates: deliver text, null in place of the texts, or fail.")
                .values<Mixed>({{"text", Mixed::text}, {"null", Mixed::null}, {"fail", Mixed::fail}}),
            option("attributes", &CubeOptions::attributes,
                   "What an object computes beside its values, such as colours: leave it out, or deliver it in columns of its own.")
                .values<Attributes>({{"none", Attributes::none}, {"columns", Attributes::columns}}));

}  // namespace qonduit::cube

// What a user sets for straight cubes and lists, and the options of the adapters' tables, each said once.
#pragma once

#include <qonduit/options.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace qonduit::straight {

enum class Dual : std::uint8_t { automatic, number, text, both };
enum class SpecialRows : std::uint8_t { mark, drop };
enum class Conflict : std::uint8_t { widen, fail };
enum class Mixed : std::uint8_t { text, null, fail };
enum class Attributes : std::uint8_t { none, columns };

struct StraightOptions {
  Dual dual = Dual::automatic;
  std::map<std::string, Dual> dual_of;  // by column title
  SpecialRows special_rows = SpecialRows::mark;
  Conflict type_conflict = Conflict::widen;
  Mixed on_mixed = Mixed::text;
  Attributes attributes = Attributes::none;
  bool element_numbers = false;  // lists only
};

inline constexpr auto kDual =
    option("dual", &StraightOptions::dual, "What of a dual value is delivered: auto (by type), number, text, or both in two columns.")
        .values<Dual>({{"auto", Dual::automatic}, {"number", Dual::number}, {"text", Dual::text}, {"both", Dual::both}});
inline constexpr auto kDualOf =
    option_map("dual.", &StraightOptions::dual_of, "The same for one column, named by its title.")
        .values<Dual>({{"auto", Dual::automatic}, {"number", Dual::number}, {"text", Dual::text}, {"both", Dual::both}});
inline constexpr auto kSpecialRows = option("special-rows", &StraightOptions::special_rows,
                                            "Rows that are no values, Others and totals: mark them in a column row_kind, or drop them.")
                                         .values<SpecialRows>({{"mark", SpecialRows::mark}, {"drop", SpecialRows::drop}});
inline constexpr auto kTypeConflict =
    option("type-conflict", &StraightOptions::type_conflict,
           "A value that does not fit the type inferred for its column: widen the column and start over, or fail.")
        .values<Conflict>({{"widen", Conflict::widen}, {"fail", Conflict::fail}});
inline constexpr auto kOnMixed =
    option("on-mixed", &StraightOptions::on_mixed,
           "A column that holds texts beside numbers or dates: deliver text, null in place of the texts, or fail.")
        .values<Mixed>({{"text", Mixed::text}, {"null", Mixed::null}, {"fail", Mixed::fail}});
inline constexpr auto kAttributes =
    option("attributes", &StraightOptions::attributes,
           "What an object computes beside its values, such as colours and coordinates: leave it out, or deliver it in columns of its own.")
        .values<Attributes>({{"none", Attributes::none}, {"columns", Attributes::columns}});

// Those of the adapters of straight cubes.
inline constexpr auto kOptions = options(kDual, kDualOf, kSpecialRows, kTypeConflict, kOnMixed, kAttributes);

}  // namespace qonduit::straight

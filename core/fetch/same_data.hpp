// Whether two layouts of an object describe the same data. What is only shown has no part in it: titles, subtitles and labels may be
// expressions that say the time, and are other texts with each look.
#pragma once

#include <cstdint>
#include <string_view>

#include "qonduit/status.hpp"

namespace qonduit::fetch {

// What an object computes beside its values, such as colours: part of the data where it is delivered.
enum class Beside : std::uint8_t { shown, delivered };

// Ok, or inconsistent naming what moved. Compared is every hypercube and list: its size, columns, order, totals, errors and first rows; of
// the columns the definition and the range, but no label. A layout that holds none is compared whole.
Status same_data(std::string_view before, std::string_view now, Beside beside);

}  // namespace qonduit::fetch

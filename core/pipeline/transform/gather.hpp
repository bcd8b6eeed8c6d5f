// What the filter keeps: the chosen rows of a column, in their order.
#pragma once

#include <cstdint>
#include <vector>

#include "core/pipeline/transform/owned_columns.hpp"

namespace qonduit::pipeline::transform {

// The numbers of the rows whose mark is kKept, ascending. REQUIRES: fewer than 2^31 rows.
std::vector<std::int32_t> chosen_rows(const std::vector<std::uint8_t>& marks);

// A dictionary is kept as it is; only the indices are gathered. REQUIRES: the rows exist, and not all texts of 2 GiB at once.
OwnedColumn gather(OwnedColumn column, Type type, const std::vector<std::int32_t>& rows);

}  // namespace qonduit::pipeline::transform

// Rows of a message, read back without losing how numbers were spelt: a reader for objects whose members are numbers, texts, true, false
// and null, or an array of such objects. Throws for anything else. Beside it, what a cell is as JSON.
#pragma once

#include <qonduit/testing/rows.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::queue::testing {

qonduit::testing::Rows flat_rows(std::string_view json);
// Of all of them, one behind the other.
qonduit::testing::Rows flat_rows(const std::vector<std::string>& bodies);

// A cell as the sinks write it with non-finite = text.
qonduit::testing::Cell json_cell(const Field& field, const ColumnView& column, std::int64_t row);

}  // namespace qonduit::queue::testing

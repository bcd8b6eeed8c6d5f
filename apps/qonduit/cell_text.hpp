// One value of a batch, for people: dates as ISO 8601, nulls as nothing.
#pragma once

#include <Poco/Dynamic/Var.h>

#include <cstdint>

#include "qonduit/batch.hpp"

namespace qonduit::app {

// Empty for null; a number for numbers; text for everything else. REQUIRES: 0 <= row < column.rows().
Poco::Dynamic::Var cell_text(const ColumnView& column, std::int64_t row);

// The same for eyes: NULL where there is no value; a text that is empty, begins or ends with a blank, or reads NULL in quotes; line ends
// and tabs as \\n, \\r, \\t.
Poco::Dynamic::Var cell_shown(const ColumnView& column, std::int64_t row);

}  // namespace qonduit::app

// Columns of one value (constant.COLUMN, the values of a loop), and one value where there is none (null.COLUMN).
#pragma once

#include <cstdint>

#include "core/pipeline/transform/owned_columns.hpp"
#include "core/pipeline/transform/text_form.hpp"

namespace qonduit::pipeline::transform {

// The value in so many rows. A text is held once: dictionary-encoded, as its field must say.
OwnedColumn repeat(const Scalar& value, std::int64_t rows);
// A dictionary-encoded column of nulls.
OwnedColumn repeat_null(std::int64_t rows);

// The column with the value instead of nulls, of the value's type and not dictionary-encoded. A column of that form without nulls is
// handed back as it is.
OwnedColumn fill_nulls(OwnedColumn column, const Scalar& value);

}  // namespace qonduit::pipeline::transform

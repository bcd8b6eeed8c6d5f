// type.COLUMN: a column as another type. Only what loses nothing: a value that does not survive is an error, never rounded, cut or null.
#pragma once

#include <cstdint>
#include <string>

#include "core/pipeline/transform/owned_columns.hpp"
#include "core/pipeline/transform/text_form.hpp"
#include "qonduit/batch.hpp"

namespace qonduit::pipeline::transform {

// Where a column could not be converted.
struct Misfit {
  std::int64_t row = -1;  // of the batch; -1: nowhere
  std::string value;      // as text
  const char* why = "";   // "is not a whole number of 64 bits"
};

using Conversion = Misfit (*)(const ColumnView& in, Column& out);

// Null where values of the one type are never values of the other.
Conversion find_conversion(Type from, Type to);

}  // namespace qonduit::pipeline::transform

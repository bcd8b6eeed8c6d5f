// type.COLUMN: a column as another type. Only what loses nothing: a value that does not survive is an error, never rounded, cut or null.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/pipeline/transform/owned_columns.hpp"
#include "core/pipeline/transform/text_form.hpp"
#include "qonduit/batch.hpp"
#include "qonduit/type_words.hpp"

namespace qonduit::pipeline::transform {

// Where a column could not be converted.
struct Misfit {
  std::int64_t row = -1;  // of the batch; -1: nowhere
  std::string value;      // as text
  const char* why = "";   // "is not a whole number of 64 bits"
};

using Conversion = Misfit (*)(const ColumnView& in, Column& out);

// What a rule asks for. Times of day and intervals are both durations; a time of day is within a day.
struct Target {
  Type type = Type::utf8;
  bool of_day = false;

  [[nodiscard]] std::string_view word() const noexcept {
    return type == Type::duration && !of_day ? std::string_view("interval") : type_word(type);
  }
};

// Null where values of the one type are never values of the other. A number is a date, a time or an interval as Qlik counts them: in days
// since 1899-12-30, in parts of a day.
Conversion find_conversion(Type from, Target to);

}  // namespace qonduit::pipeline::transform

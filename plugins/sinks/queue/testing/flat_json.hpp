// Rows of a message, read back without losing how numbers were spelt: a reader for objects whose members are numbers, texts, true, false
// and null, or an array of such objects. Throws for anything else.
#pragma once

#include <qonduit/testing/rows.hpp>

#include <string_view>

namespace qonduit::queue::testing {

qonduit::testing::Rows flat_rows(std::string_view json);

}  // namespace qonduit::queue::testing

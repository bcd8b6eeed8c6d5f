// Values of a field by what a user types: a text, a wildcard pattern, a number, a comparison such as ">=10<20", or several as "(a|b)".
#pragma once

#include <string>
#include <vector>

#include "model/data_model.hpp"

namespace qonduit::simulator {

// By element. A text is compared with what the field shows; a number (without search, or in a comparison) with its number;
// a date or time in a comparison is read as the field shows it.
[[nodiscard]] std::vector<char> match_elements(const Field& field, const Locale& locale, const std::string& pattern, bool search);

}  // namespace qonduit::simulator

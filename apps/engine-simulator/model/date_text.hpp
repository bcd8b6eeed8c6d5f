// Dates, times and numbers as an app writes them, read back: what a user types in a search, and what Date#() and Num#() read.
#pragma once

#include <optional>
#include <string_view>

#include "model/locale.hpp"

namespace qonduit::simulator {

// The serial of a text under a pattern of YYYY YY MMMM MMM MM M DD D hh h mm ss [.fff] TT; nothing where it does not fit whole.
[[nodiscard]] std::optional<double> parse_date(std::string_view text, std::string_view pattern);

// A number with the locale's separators; nothing for any other text.
[[nodiscard]] std::optional<double> parse_number(std::string_view text, const Locale& locale);

}  // namespace qonduit::simulator

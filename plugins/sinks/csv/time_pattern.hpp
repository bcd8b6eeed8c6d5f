// Formats of dates as people know them from elsewhere: DD.MM.YYYY of Qlik, yyyy-MM-dd of Java, JJJJ and ГГГГ of office programs. Any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "time_format.hpp"

namespace qonduit::csv {

// The same in letters of TimeFormat: "%d.%m.%Y". Empty where it cannot be told, or has no such letter: names of months, two-digit years,
// AM and PM.
std::string time_pattern_of(std::string_view written, TimeKind kind);

}  // namespace qonduit::csv

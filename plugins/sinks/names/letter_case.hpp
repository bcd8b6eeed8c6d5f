// Capital and small letters of every alphabet that has them. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace qonduit::names {

enum class LetterCase : std::uint8_t { none, small, capital };

LetterCase case_of(char32_t letter);
// The small letter; what has no case as it is.
char32_t small_of(char32_t letter);
// Adds it, in UTF-8.
void append_small(char32_t letter, std::string& out);

}  // namespace qonduit::names

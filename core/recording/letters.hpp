// Which characters may stand for which: ranges of code points of one kind and one length in UTF-8. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::recording {

// A run of letters that stand for each other; digits are one too. letters 0: the character stays.
struct Alphabet {
  char32_t first = 0;
  std::uint32_t letters = 0;
};

// The alphabet a code point belongs to. Punctuation, space and symbols below U+3000 have none; letters of scripts without a table
// of their own share one of the same length in UTF-8.
Alphabet alphabet_of(char32_t point);

// REQUIRES: valid UTF-8, as a JSON parser hands it out.
std::vector<char32_t> code_points(std::string_view text);

inline bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }

}  // namespace qonduit::recording

// UTF-8, character by character.
#pragma once

#include <cstddef>
#include <string_view>

namespace qonduit::sql {

struct Utf8Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: no valid UTF-8: cut off, overlong, a surrogate, or beyond U+10FFFF
};

// The first character of a text that is not empty.
[[nodiscard]] Utf8Character first_character(std::string_view text);

}  // namespace qonduit::sql

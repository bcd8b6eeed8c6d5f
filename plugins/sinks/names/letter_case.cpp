#include "letter_case.hpp"

#include <utf8proc.h>

#include <cstddef>

namespace qonduit::names {

LetterCase case_of(char32_t letter) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(letter))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT: return LetterCase::capital;
    case UTF8PROC_CATEGORY_LL: return LetterCase::small;
    default: return LetterCase::none;
  }
}

char32_t small_of(char32_t letter) { return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(letter))); }

void append_small(char32_t letter, std::string& out) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(small_of(letter)), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

}  // namespace qonduit::names

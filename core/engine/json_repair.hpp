// What engines send and JSON parsers do not read, made readable in place: what is written instead is equally long.
#pragma once

#include <cstddef>

namespace qonduit::engine {

// Texts that an engine cut in the middle of a UTF-16 pair: half an emoji is no character. The halves become U+FFFD, an escape for an escape
// and three bytes for three. Answers how many were replaced in the text of this size.
std::size_t repair_utf16(char* text, std::size_t size) noexcept;

// Whole numbers of more digits than 64 bits hold, which JSON allows and the parser of documents refuses: 12345678901234567168. They get an
// exponent; as doubles they are the same. Those that are values of members.
void write_long_integers_as_reals(char* text, std::size_t size) noexcept;

}  // namespace qonduit::engine

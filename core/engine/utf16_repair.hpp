// Texts that an engine cut in the middle of a UTF-16 pair: half an emoji is no character, and no JSON parser reads it. The halves become
// U+FFFD, in place: an escape and an escape, or three bytes and three bytes, are equally long.
#pragma once

#include <cstddef>

namespace qonduit::engine {

// How many halves were replaced in the JSON text of this size.
std::size_t repair_utf16(char* text, std::size_t size) noexcept;

}  // namespace qonduit::engine

// Whole numbers of more digits than 64 bits hold, which JSON allows and the parser of documents refuses: 12345678901234567168. They become
// numbers with an exponent, in place and equally long: as doubles they are the same.
#pragma once

#include <cstddef>

namespace qonduit::engine {

// Rewrites those that are values of members, in a JSON text of this size.
void write_long_integers_as_reals(char* text, std::size_t size) noexcept;

}  // namespace qonduit::engine
